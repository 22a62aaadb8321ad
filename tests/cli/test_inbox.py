"""`huifang inbox` where no service runs: what is listed, shown, tried again and dropped, and how it ends."""

import json

import pytest

from tests.cli.conftest import Keep, Type

SAID = '{"id": "said-0001", "chat": "phone", "person": "p1", "text": "太差了"}'


def test_where_nothing_failed_it_says_so(types: Type) -> None:
    nothing = "Nothing is kept as failed.\n"
    assert (types("inbox", "list").out, types("inbox", "retry", "--all").out) == (nothing, nothing)
    assert types("inbox", "list", "--format", "json").out == ""


def test_what_failed_is_listed_and_shown_on_request_without_moving_the_cursor(types: Type, keeps: Keep) -> None:
    key, other = keeps("sandbox:phone", SAID.encode()), keeps("fax", b"\xff\x00")
    lines = types("inbox", "list").out.splitlines()
    assert sorted(line.partition("  ")[0] for line in lines) == sorted([key, other])
    size = len(SAID.encode())
    (line,) = [line for line in lines if line.startswith(key)]
    assert line.endswith(f"  sandbox:phone  not read by that version  {size} bytes  tried once")
    assert "太差了" not in "".join(lines)
    shown = types("inbox", "list", key, "--raw").out.splitlines()
    assert (len(shown), shown[1].strip()) == (2, SAID)
    assert "base64: /wA=" in types("inbox", "list", other, "--raw").out
    moving = keeps("telex", b"\x1b[2J")
    assert "\\x1b[2J" in types("inbox", "list", moving, "--raw").out
    (told,) = map(json.loads, types("inbox", "list", "--channel", "fax", "--format", "json").out.splitlines())
    assert (told["id"], told["outcome"], told["attempts"], told["raw"]) == (other, "failed", 1, None)
    unknown = types("inbox", "list", "none")
    assert (unknown.code, unknown.err) == (1, "huifang: there is no delivery none\n")


@pytest.mark.proof
def test_what_can_be_decided_now_is_decided_and_the_rest_is_a_problem_each(types: Type, keeps: Keep) -> None:
    key, odd, closed = keeps("sandbox:phone", SAID.encode()), keeps("sandbox", b"[]"), keeps("fax", b"{}")
    one = types("inbox", "retry", key)
    assert (one.code, one.out, one.err) == (0, f"{key} is decided.\n", "")
    again = types("inbox", "retry", key)
    assert (again.code, again.out) == (0, f"{key} is decided.\n")
    rest = types("inbox", "retry", "--all")
    assert (rest.code, rest.out) == (1, "Decided: 0. Kept as failed: 2.\n")
    assert sorted(rest.err.splitlines()) == sorted(
        [
            f"huifang: {odd}: Expected `object`, got `array`",
            f"huifang: {closed}: the channel fax is not connected here",
        ]
    )
    told = types("inbox", "retry", "--all", "--format", "json")
    assert {json.loads(line)["outcome"] for line in told.out.splitlines()} == {"failed"}
    assert "tried 3 times, last 20" in types("inbox", "list", odd).out
    named = types("inbox", "retry", closed)
    problem = "It cannot be tried: the channel fax is not connected here."
    assert (named.code, named.err) == (1, f"huifang: {problem}\n")
    assert types("inbox", "retry", "none").err == "huifang: there is no failed delivery none\n"


def test_what_is_dropped_twice_is_dropped_once(types: Type, keeps: Keep) -> None:
    key = keeps("fax", b"{}")
    assert types("inbox", "drop", key).err == "huifang: this cannot be undone: add --yes\n"
    assert types("inbox", "drop", key, "--yes").out == f"{key} is dropped.\n"
    assert types("inbox", "drop", key, "--yes").out == f"{key} was done already, nothing was dropped.\n"
    told = types("inbox", "drop", key, "--yes", "--format", "json")
    assert json.loads(told.out) == {"id": key, "dropped": False}


def test_what_is_decided_and_what_is_dropped_are_told_apart(types: Type, keeps: Keep) -> None:
    said, sent = keeps("sandbox:phone", SAID.encode()), keeps("fax", b"{}")
    types("inbox", "retry", said)
    types("inbox", "drop", sent, "--yes")
    again = types("inbox", "retry", sent)
    assert (again.code, again.out) == (1, "")
    assert again.err == "huifang: It was dropped, and nothing of it is kept: it cannot be decided.\n"
    assert types("inbox", "retry", said).out == f"{said} is decided.\n"
    told = {key: json.loads(types("inbox", "list", key, "--format", "json").out) for key in (said, sent)}
    assert [told[key]["outcome"] for key in (said, sent)] == ["done", "dropped"]
    (line,) = types("inbox", "list", sent).out.splitlines()
    assert line.split("  ")[2:4] == ["dropped", "fax"]
    assert types("inbox", "list").out == "Nothing is kept as failed.\n"


def test_a_list_names_the_clocks_by_which_it_tells_the_time(
    types: Type, keeps: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeps("fax", b"{}")
    for zone in ("Asia/Shanghai", "Europe/Berlin"):
        monkeypatch.setenv("HUIFANG_TIMEZONE", zone)
        (line,) = types("inbox", "list").out.splitlines()
        told, outcome = line.split("  ")[1:3]
        assert (told.partition(" ")[2].partition(" ")[2], outcome) == (zone, "failed")


def test_a_channel_that_there_is_not_is_refused(types: Type) -> None:
    misspelt = types("inbox", "list", "--channel", "telegrma")
    assert (misspelt.code, misspelt.out) == (1, "")
    assert misspelt.err.startswith("huifang: there is no channel telegrma, only telegram, wechat, ")
    assert types("inbox", "list", "--channel", "telegram").out == "Nothing is kept as failed.\n"


@pytest.mark.parametrize("arguments", [("retry",), ("retry", "--all", "one"), ("drop",), ("list", "--format", "xml")])
def test_usage_that_is_wrong_ends_with_2(types: Type, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        types("inbox", *arguments)
    assert ended.value.code == 2
