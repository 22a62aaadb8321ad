"""`huifang user` and `huifang customer`: what they print, and what they ask before something is erased."""

import io
import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Close, Type


class Terminal(io.StringIO):
    """A keyboard at which somebody sits."""

    def isatty(self) -> bool:
        return True


def test_an_empty_roster_says_how_to_fill_it(types: Type) -> None:
    assert types("user", "list").out == "Nobody is on the roster yet; `huifang user add` puts people there.\n"


def test_people_come_and_go(types: Type) -> None:
    assert types("user", "add", "李工", "--role", "agent", "--telegram", "201").out == "李工  agent  telegram 201\n"
    coded = types("user", "add", "小张", "--role", "lead").out.splitlines()
    assert coded[0] == "小张  lead  no chat yet"
    assert coded[1].startswith("Let them send this to the bot within 24 hours: /join ")
    assert types("user", "list").out.splitlines() == ["小张  lead  no chat yet", "李工  agent  telegram 201"]
    assert types("user", "remove", "小张").out == "小张 is off the roster.\n"
    assert types("user", "list").out == "李工  agent  telegram 201\n"


def test_somebodys_own_link_is_printed_for_who_may_work(types: Type) -> None:
    types("user", "add", "小张", "--role", "lead")
    said = types("user", "link", "小张").out
    assert said.startswith("For 小张 alone, to be opened within a week in the browser they work in: http")
    types("user", "remove", "小张")
    assert types("user", "link", "小张").err == (
        "huifang: there is nobody called 小张 on the roster who may work on issues\n"
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("user", "remove", "李工"), "there is no team member 李工"),
        (("user", "add", " ", "--role", "agent"), "name: is empty; write the name by which the team knows them"),
        (("customer", "export", "c-9"), "c-9"),
        (("customer", "forget", "c-9", "--yes"), "c-9"),
    ],
)
def test_a_problem_is_one_line_on_stderr(types: Type, arguments: tuple[str, ...], problem: str) -> None:
    said = types(*arguments)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert said.err.startswith("huifang: ")
    assert problem in said.err


@pytest.mark.parametrize("role", ["king", ""])
def test_a_role_that_there_is_not_is_wrong_usage(types: Type, role: str) -> None:
    with pytest.raises(SystemExit) as ended:
        types("user", "add", "Ann", "--role", role)
    assert ended.value.code == 2


def test_what_is_held_about_a_customer_is_printed(types: Type, closes: Close) -> None:
    closes("1")
    said = types("customer", "export", "c-1")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out)["customer"]["name"] == "王梅"


def test_a_file_of_it_is_readable_by_its_owner_only_and_written_anew(types: Type, closes: Close, desk: Path) -> None:
    closes("1")
    file = desk / "mei.json"
    file.write_text("x" * 100_000)
    file.chmod(0o600)
    said = types("customer", "export", "c-1", "-o", str(file))
    assert said.out == f"Everything held about c-1 is in {file}.\n"
    assert json.loads(file.read_text())["customer"]["id"] == "c-1"
    fresh = desk / "fresh.json"
    types("customer", "export", "c-1", "-o", str(fresh))
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o600


def test_where_nobody_sits_at_the_terminal_nothing_is_erased_without_yes(
    types: Type, closes: Close, monkeypatch: pytest.MonkeyPatch
) -> None:
    closes("1")
    monkeypatch.setattr("sys.stdin", io.StringIO("c-1\n"))
    unsure = types("customer", "forget", "c-1")
    assert (unsure.code, unsure.err) == (1, "huifang: this cannot be undone: add --yes\n")
    assert types("customer", "export", "c-1").code == 0


@pytest.mark.parametrize("typed", ["", "c-2", "yes", "C-1"])
def test_another_word_than_the_customers_id_erases_nothing(
    types: Type, closes: Close, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    closes("1")
    monkeypatch.setattr("sys.stdin", Terminal(f"{typed}\n"))
    said = types("customer", "forget", "c-1")
    assert (said.code, said.err) == (1, "huifang: nothing was erased\n")
    assert said.out == "This cannot be undone. Type c-1 to erase this person: "
    assert types("customer", "export", "c-1").code == 0


def test_the_customers_id_typed_again_erases_them(types: Type, closes: Close, monkeypatch: pytest.MonkeyPatch) -> None:
    closes("1")
    monkeypatch.setattr("sys.stdin", Terminal(" c-1 \n"))
    said = types("customer", "forget", "c-1")
    assert said.code == 0
    assert "c-1 is forgotten (request req_" in said.out
    assert types("customer", "export", "c-1").code == 1


def test_yes_asks_nobody(types: Type, closes: Close) -> None:
    closes("1")
    assert types("customer", "forget", "c-1", "--yes").out.startswith("c-1 is forgotten (request ")
    again = types("customer", "forget", "c-1", "--yes")
    assert (again.code, len(again.err.splitlines())) == (1, 1)
