"""Following a campaign: a bar on a terminal, lines elsewhere, and an end that says how it stands."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.cli.progress import follow_campaign

Json = dict[str, Any]


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


def campaign(status: str, sent: int = 0, **changed: object) -> Json:
    """Return a campaign of ten as a command tells it."""
    progress = {"audience": 10, "sent": sent, "failed": 0, "skipped": {}, "waiting": 10 - sent}
    return {"status": status, "why": "", "next_at": None, "progress": progress} | changed


def looks(*seen: Json) -> Callable[[], Json]:
    """Return what finds these, one after the other."""
    following: Iterator[Json] = iter(seen)
    return lambda: next(following)


def test_where_there_is_no_terminal_the_last_line_is_the_last_word(capsys: pytest.CaptureFixture[str]) -> None:
    follow_campaign(looks(campaign("finished", 10)))
    assert capsys.readouterr().out.splitlines() == ["10 of 10 sent, 0 failed, 0 skipped", "finished"]


def test_it_looks_until_the_campaign_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    follow_campaign(looks(campaign("running", 4), campaign("finished", 10)))
    assert capsys.readouterr().out.splitlines() == [
        "4 of 10 sent, 0 failed, 0 skipped",
        "10 of 10 sent, 0 failed, 0 skipped",
        "finished",
    ]


def test_a_campaign_that_is_about_to_start_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    due = campaign("scheduled", next_at="2020-01-01T00:00:00+00:00")
    follow_campaign(looks(due, campaign("finished", 10)))
    assert capsys.readouterr().out.splitlines()[-1] == "finished"


@pytest.mark.parametrize(
    ("seen", "end"),
    [
        (campaign("scheduled", next_at="2100-01-01T00:00:00+00:00"), "scheduled"),
        (campaign("scheduled"), "scheduled"),
        (campaign("paused", 3), "paused"),
        (campaign("paused", 3, why="refused"), "paused: refused"),
        (campaign("cancelled", 3), "cancelled"),
        (campaign("draft"), "draft"),
    ],
)
def test_what_does_not_go_on_is_not_waited_for(seen: Json, end: str, capsys: pytest.CaptureFixture[str]) -> None:
    follow_campaign(looks(seen))
    assert capsys.readouterr().out.splitlines()[-1] == end


def test_failures_and_reasons_are_summed(capsys: pytest.CaptureFixture[str]) -> None:
    progress = {"audience": 10, "sent": 5, "failed": 1, "skipped": {"opted_out": 3, "blocked": 1}, "waiting": 0}
    follow_campaign(looks(campaign("finished", progress=progress)))
    assert capsys.readouterr().out.splitlines()[0] == "5 of 10 sent, 1 failed, 4 skipped"


def test_on_a_terminal_a_bar_is_drawn_over_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    follow_campaign(looks(campaign("finished", 5)))
    assert screen.getvalue() == f"\r[{'#' * 15}{'.' * 15}] 5 of 10 sent, 0 failed, 0 skipped\nfinished\n"


def test_a_campaign_for_nobody_has_an_empty_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    progress = {"audience": 0, "sent": 0, "failed": 0, "skipped": {}, "waiting": 0}
    follow_campaign(looks(campaign("finished", progress=progress)))
    assert screen.getvalue().startswith(f"\r[{'.' * 30}] 0 of 0 sent")
