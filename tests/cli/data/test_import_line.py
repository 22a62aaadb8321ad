"""How far an import is: a bar on a terminal, a line now and then elsewhere, and a service that does the work."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.cli.data import import_command
from bot.cli.progress import progress_bar
from config.locale.phrases import load_phrases
from tests.support.commands import huifang
from tests.support.process import product_at

HEAD = ("ticket", "customer", "closed_at")


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


def told(done: int, rows: int, phase: str = "storing") -> dict[str, Any]:
    return {"phase": phase, "done": done, "rows": rows, "refused": 2, "is_over": False}


def written(path: Path, count: int) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEAD, *((f"G{n}", f"c-{n % 9}", "2026-03-02") for n in range(count))])
    return path


@pytest.mark.parametrize(
    ("done", "of", "bar"),
    [
        (0, 10, "[..............................]"),
        (5, 10, "[###############...............]"),
        (10, 10, "[##############################]"),
        (12, 10, "[##############################]"),
        (7, 0, "[..............................]"),
    ],
)
def test_a_bar_shows_how_many_of_how_many_are_done(done: int, of: int, bar: str) -> None:
    assert progress_bar(done, of) == bar


def say(key: str, **values: object) -> str:
    return load_phrases().say("en", f"import.{key}", **values)


def test_on_a_terminal_one_line_is_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    line = import_command.ProgressLine(say)
    line.show(told(40, 0, "checking"))
    line.show(told(50, 100))
    line.end()
    _, checking, storing = screen.getvalue().split("\r")
    assert checking.rstrip() == f"{progress_bar(0, 0)} checking 40 rows, 2 wrong"
    assert storing.rstrip() == f"{progress_bar(50, 100)} storing 50 of 100 rows, 2 wrong"
    assert storing.endswith("\n")


def test_elsewhere_a_line_comes_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    line = import_command.ProgressLine(say)
    for number in range(60):
        line.show(told(number, 100))
    line.end()
    assert capsys.readouterr().err.splitlines() == [
        "storing 29 of 100 rows, 2 wrong",
        "storing 59 of 100 rows, 2 wrong",
    ]


def test_nothing_is_left_on_the_screen_where_nothing_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    import_command.ProgressLine(say).end()
    assert screen.getvalue() == ""


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a path that is short enough for a socket."""
    return tmp_path_factory.mktemp("i")


async def test_a_service_that_runs_does_the_work_and_answers_meanwhile(folder: Path) -> None:
    path = written(folder / "t.csv", 3000)
    async with product_at(
        folder, {"database.url": f"sqlite:///{folder}/var/huifang.db", "locale": "en"}, warm=True
    ) as product:
        await product.start()
        command = asyncio.ensure_future(huifang(folder, product.settings, "import", "tickets", str(path)))
        answers: list[httpx.Response] = []
        while not command.done():
            ticket = {"status": "open", "customer": {"id": "c-now"}}
            answers.append(await product.api.put(f"/api/v1/tickets/desk/{len(answers)}", json=ticket))
            await asyncio.sleep(0.05)
        said = await command
        assert (said.code, said.err) == (0, "")
        assert said.out.endswith(": 3000 added, 0 there already.\n")
        assert {one.status_code for one in answers} <= {201}
        listed = await huifang(folder, product.settings, "import", "list")
        assert "t.csv  done: 3000 added, 0 there already, 0 wrong" in listed.out
        again = await huifang(folder, product.settings, "import", "tickets", str(path))
        assert again.out.endswith(": 0 added, 3000 there already.\n")
        undone = await huifang(folder, product.settings, "import", "undo", listed.out.split()[0])
        assert undone.out == f"Import {listed.out.split()[0]} is taken back.\n"
        assert (await product.api.get("/api/v1/tickets/import/G1")).status_code == 404


async def test_a_service_tells_what_is_wrong_as_the_command_would(folder: Path) -> None:
    (folder / "odd.csv").write_text("a,b\n1,2\n")
    async with product_at(
        folder, {"database.url": f"sqlite:///{folder}/var/huifang.db", "locale": "en"}, warm=True
    ) as product:
        await product.start()
        said = await huifang(folder, product.settings, "import", "tickets", str(folder / "odd.csv"))
        assert (said.code, said.out) == (1, "")
        assert said.err == (
            "huifang: odd.csv: no row tells what the columns mean; name them as docs/data.md does, or add --map FILE\n"
        )
        undone = await huifang(folder, product.settings, "import", "undo", "imp_none")
        assert undone.err == "huifang: there is no import imp_none; huifang import list shows them\n"
