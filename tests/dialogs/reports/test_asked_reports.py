"""What `/report month`, `/report team north 2026-10` and the buttons below the figures ask for."""

from datetime import date

import pytest

from config.locale.phrases import load_phrases
from dialogs.messages import Choice, Tap, Verb
from dialogs.reports.asked_reports import ReportWish, read_report_wish, report_buttons, words_of_button

TODAY = date(2026, 11, 23)
PHRASES = load_phrases()


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("week", ReportWish("2026-W47")),
        ("month", ReportWish("2026-10")),
        ("MONTH", ReportWish("2026-10")),
        ("half-month", ReportWish("2026-11-01..2026-11-16")),
        ("quarter", ReportWish("2026-Q3")),
        ("half-year", ReportWish("2026-H1")),
        ("year", ReportWish("2025")),
        ("2026-09", ReportWish("2026-09")),
        ("2026-q2", ReportWish("2026-Q2")),
        ("2026-w40", ReportWish("2026-W40")),
        ("team north", ReportWish("2026-10", "team:north")),
        ("Team north 2026-09", ReportWish("2026-09", "team:north")),
        ("team north quarter", ReportWish("2026-Q3", "team:north")),
        ("station 北京 朝阳", ReportWish("2026-10", "station:北京 朝阳")),
        ("agent a17 week", ReportWish("2026-W47", "agent:a17")),
    ],
)
def test_words_ask_for_a_period_and_a_subject(words: str, wish: ReportWish) -> None:
    assert read_report_wish(words.split(), TODAY) == wish


@pytest.mark.parametrize("words", ["", "fortnight", "team", "moon north", "month month", "2026-13", "team month"])
def test_other_words_ask_for_nothing(words: str) -> None:
    assert read_report_wish(words.split(), TODAY) is None


def test_the_buttons_are_the_last_periods_and_the_teams() -> None:
    rows = report_buttons(("north", "south", "一个名字很长很长很长很长的组"), PHRASES, "en")
    assert [[choice.label for choice in row] for row in rows] == [
        ["Last week", "Last month", "Last quarter"],
        ["north", "south"],
    ]
    assert rows[1][0].means == Tap(Verb.REPORT, "", "team:north")


def test_teams_whose_name_no_button_carries_are_left_to_words() -> None:
    rows = report_buttons(("a|b", "x" * 60, "tab\there"), PHRASES, "zh-Hans")
    assert len(rows) == 1
    many = report_buttons([f"team {number}" for number in range(20)], PHRASES, "zh-Hant")
    assert [len(row) for row in many] == [3, 2, 2, 2]


@pytest.mark.parametrize("row", report_buttons(("north", "east side: A"), PHRASES, "en"))
def test_every_button_asks_for_what_it_says(row: tuple[Choice, ...]) -> None:
    for choice in row:
        assert read_report_wish(words_of_button(choice.means.step), TODAY) is not None
