"""What a chat reads of a report: its first figures, by when it is due, who has confirmed it; in three languages."""

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from config.locale.phrases import load_phrases
from dialogs.messages import Link, Prompt, Tap, Verb
from dialogs.reports.document import Cell, Headline, Paragraph, ReportDocument, ReportKind, Section, Table
from dialogs.reports.sent_report import (
    CONFIRM,
    ReportNotice,
    report_lines,
    report_message_of,
    told_message,
    with_confirmation,
)
from scoring.metrics.catalogue import MetricUnit
from scoring.values import replace

PHRASES = load_phrases()
DUE = datetime(2026, 12, 5, 0, 30, tzinfo=UTC)
NOTICE = ReportNotice(
    title="Service summary",
    days="Nov 1, 2026 to Nov 30, 2026",
    locale="en",
    phrases=PHRASES,
    zone=ZoneInfo("Asia/Shanghai"),
    lines="Service summary\n…",
    url="https://example.com/r/abc",
    run="run_1",
    due_at=DUE,
)


def row(name: str, about: str, value: str, number: int | None, n: int = 9) -> tuple[Cell, ...]:
    """Return a row of a table of figures; without a number there are no data."""
    exact = None if number is None else Fraction(number)
    return (
        Cell(name),
        *([Cell(about)] if about else []),
        Cell(value, exact, MetricUnit.PERCENT),
        Cell(str(n), Fraction(n), MetricUnit.COUNT),
    )


def document(*sections: Section, headlines: tuple[Headline, ...] = ()) -> ReportDocument:
    return ReportDocument(
        kind=ReportKind.SUMMARY,
        locale="en",
        title="Service summary",
        head=("Nov 1, 2026 to Nov 30, 2026", "Made Dec 1, 2026"),
        sections=sections,
        headlines=headlines,
    )


def table(*rows: tuple[Cell, ...]) -> Table:
    return Table(("Metric", "Value", "n"), rows)


def test_the_headlines_are_what_is_read_first() -> None:
    told = report_lines(
        document(
            Section("Speed", (table(row("Time", "", "2 h", 7200)),)),
            headlines=(
                Headline("Satisfied", "92%", "n=40", change="▲ 85%"),
                Headline("Mean", "4.5", "n=40", note="small sample"),
            ),
        )
    )
    assert told.splitlines() == [
        "Service summary",
        "Nov 1, 2026 to Nov 30, 2026",
        "Made Dec 1, 2026",
        "",
        "Satisfied 92% (n=40 · ▲ 85%)",
        "Mean 4.5 (n=40 · small sample)",
    ]


def test_a_count_that_rests_on_itself_and_on_nothing_earlier_stands_alone() -> None:
    told = report_lines(document(headlines=(Headline("Complaints", "0", ""), Headline("Satisfied", "80%", "n=40"))))
    assert told.splitlines()[-2:] == ["Complaints 0", "Satisfied 80% (n=40)"]


def test_without_headlines_the_first_rows_of_the_chapters_are() -> None:
    told = report_lines(
        document(
            Section("Satisfaction", (table(row("CSAT", "north", "92%", 92), row("CSAT", "south", "no data", None)),)),
            Section("Remarks", (Paragraph(("Nothing stands out clearly.",)),)),
            Section("Actions", (Table(("Issue", "State"), ((Cell("door"), Cell("open")),)),)),
        )
    )
    assert told.splitlines()[3:] == [
        "",
        "Satisfaction",
        "CSAT · north 92%",
        "CSAT · south no data",
        "",
        "Remarks",
        "Nothing stands out clearly.",
    ]


def test_a_long_report_is_cut_to_what_a_chat_takes() -> None:
    rows = [row("CSAT", f"team {number} {'x' * 200}", "92%", 92) for number in range(30)]
    told = report_lines(document(*(Section(f"Chapter {number}", (table(*rows),)) for number in range(30))))
    assert len(told) <= 1500
    assert max(map(len, told.splitlines())) <= 90
    assert "Chapter 20" not in told


def test_a_report_comes_with_its_page_and_the_button_that_confirms_it() -> None:
    prompt = report_message_of(NOTICE)
    assert prompt.text == "Service summary\n…\n\nPlease review it and hand it in by Dec 5, 8:30 AM."
    assert prompt.link == Link("Open the report", "https://example.com/r/abc")
    ((button,),) = prompt.rows
    assert (button.label, button.means) == ("Reviewed, handed in", Tap(Verb.REPORT, "run_1", CONFIRM))


def test_what_nobody_has_to_confirm_has_no_button_and_no_day() -> None:
    prompt = report_message_of(replace(NOTICE, run="", due_at=None, url=""))
    assert (prompt.text, prompt.rows, prompt.link) == (NOTICE.lines, (), None)


def test_periods_that_were_missed_are_named() -> None:
    told = report_message_of(replace(NOTICE, missed=("2026-W45", "2026-W46")))
    assert "Not made while the service was off: 2026-W45, 2026-W46." in told.text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("remind", "it is due today (Dec 5, 8:30 AM), and nobody has confirmed it yet."),
        ("overdue", "was due on Dec 5, 8:30 AM, and nobody has confirmed it."),
        ("quiet", "nothing happened, so there is no report."),
    ],
)
def test_later_lines_name_the_report_and_its_days(key: str, words: str) -> None:
    told = told_message(NOTICE, key).text
    assert "Service summary, Nov 1, 2026 to Nov 30, 2026" in told
    assert words in told


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
def test_every_language_has_every_line(locale: str) -> None:
    notice = replace(NOTICE, locale=locale, missed=("2026-W45",))
    prompts = [
        report_message_of(notice),
        *(told_message(notice, key) for key in ("remind", "overdue", "quiet")),
        with_confirmation(Prompt("the report"), notice, "王经理", DUE),
    ]
    for prompt in prompts:
        assert "{" not in prompt.text
        assert prompt.text.strip()
    assert len({prompt.text for prompt in prompts}) == len(prompts)


def test_whoever_confirms_is_named_below_what_stood_there() -> None:
    shown = replace(report_message_of(NOTICE))
    after = with_confirmation(shown, NOTICE, "王经理\n<b>" + "x" * 90, DUE)
    assert after.text.startswith(f"{shown.text}\n\n王经理 <b>xxx")
    assert after.text.endswith(
        "… has reviewed and handed in Service summary, Nov 1, 2026 to Nov 30, 2026 (Dec 5, 8:30 AM)."
    )
    assert (after.rows, after.link) == ((), shown.link)


def test_a_message_that_is_not_known_any_more_becomes_the_line_alone() -> None:
    after = with_confirmation(Prompt(""), NOTICE, "王经理", DUE)
    assert after.text.startswith("王经理 has reviewed")
