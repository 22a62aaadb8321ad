"""`[[reports]]` of the rules: what is made when and for whom, and what is refused."""

from datetime import time
from pathlib import Path

import pytest

from bot.channels.registry import customer_channels
from bot.jobs.reports.report_documents import reportable
from bot.reports.report_formats import REPORT_FORMATS
from config.errors import ConfigErrors
from config.rules.load import read_rules
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import REPORTED_AS, ReportCadence, ReportSchedule

SHEETS = '[[reports]]\nname = "sheets"\nkind = "appraisal"\n'
MONTH = '[[reports]]\nname = "month"\nkind = "summary"\nevery = "month"\n'


def read(folder: Path, text: str) -> tuple[ReportSchedule, ...]:
    (folder / "rules.toml").write_text(text, "utf-8")
    settings = load_settings({}, cwd=folder)
    return read_rules(settings, read_surveys(folder), customer_channels(), reportable()).reports


def test_what_is_not_said_is_the_teams_page_at_eight_due_on_the_fifth(tmp_path: Path) -> None:
    expected = ReportSchedule("month", ReportKind.SUMMARY, ReportCadence.MONTH, time(8), "Asia/Shanghai", due=5)
    assert read(tmp_path, MONTH) == (expected,)


def test_everything_can_be_said(tmp_path: Path) -> None:
    text = """[[reports]]
name = "north twice a month"
kind = "subject"
every = "half-month"
at = "18:45"
timezone = "Europe/Berlin"
of = "team:north"
to = ["team", "李工", "telegram:-100123", "notify"]
formats = ["xlsx", "pdf"]
locale = "en"
due = 3
"""
    expected = ReportSchedule(
        "north twice a month",
        ReportKind.SUBJECT,
        ReportCadence.HALF_MONTH,
        time(18, 45),
        "Europe/Berlin",
        ("team", "李工", "telegram:-100123", "notify"),
        ("xlsx", "pdf"),
        "team:north",
        "en",
        3,
    )
    assert read(tmp_path, text) == (expected,)


@pytest.mark.parametrize(
    ("every", "line", "due"),
    [
        ("month", "", 5),
        ("month", 'due = "off"', 0),
        ("month", "due = 9", 9),
        *((every, "", 0) for every in ("week", "half-month", "quarter", "half-year", "year")),
    ],
)
def test_a_month_is_due_on_the_fifth_unless_the_owner_says_otherwise(
    tmp_path: Path, every: str, line: str, due: int
) -> None:
    (schedule,) = read(tmp_path, f'[[reports]]\nname = "a"\nkind = "review"\nevery = "{every}"\n{line}\n')
    assert schedule.due == due


def test_a_time_of_toml_is_one_too(tmp_path: Path) -> None:
    (schedule,) = read(tmp_path, f"{MONTH}at = 07:05:00\n")
    assert schedule.at == time(7, 5)


def test_every_format_can_be_asked_for() -> None:
    assert set(REPORTED_AS) == REPORT_FORMATS.keys()


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ('[[reports]]\nname = "a"\nkind = "summary"\n', "reports[1].every", "missing"),
        ('[[reports]]\nname = "a"\nkind = "letter"\nevery = "month"\n', "reports[1].kind", "'letter'"),
        ('[[reports]]\nname = "a"\nkind = "summary"\nevery = "fortnight"\n', "reports[1].every", "half-month"),
        (f'{MONTH}at = "25:00"\n', "reports[1].at", "no time of day"),
        (f'{MONTH}at = "8"\n', "reports[1].at", "no time of day"),
        (f'{MONTH}timezone = "Asia/Nowhere"\n', "reports[1].timezone", "Asia/Nowhere"),
        (f'{MONTH}formats = ["doc"]\n', "reports[1].formats", "'doc'"),
        (f"{MONTH}formats = []\n", "reports[1].formats", "empty"),
        (f'{SHEETS}every = "half-month"\n', "reports[1].every", "never for half a month"),
        (f"{MONTH}to = []\n", "reports[1].to", "empty"),
        (f'{MONTH}to = ["fax:1"]\n', "reports[1].to", "no chat"),
        (f'{MONTH}to = ["telegram:"]\n', "reports[1].to", "no chat"),
        (f'{MONTH}locale = "xx"\n', "reports[1].locale", "xx"),
        (f"{MONTH}due = 0\n", "reports[1].due", "no day"),
        (f'{MONTH}due = "soon"\n', "reports[1].due", "no day"),
        (f"{MONTH}due = 29\n", "reports[1].due", "28"),
        ('[[reports]]\nname = "a"\nkind = "summary"\nevery = "week"\ndue = 7\n', "reports[1].due", "6 or less"),
        (f'{MONTH}of = "team:north"\n', "reports[1].of", "of nobody"),
        (MONTH.replace("summary", "subject"), "reports[1].of", "whose report"),
        (MONTH.replace("summary", "subject") + 'of = "moon:north"\n', "reports[1].of", "whose report"),
        (MONTH.replace("summary", "subject") + 'of = "team:"\n', "reports[1].of", "whose report"),
        (MONTH + MONTH, "reports[2].name", "2 entries"),
        (f"{MONTH}weekday = 1\n", "reports[1].weekday", "no such key"),
    ],
)
def test_what_is_wrong_is_refused_with_file_and_key(tmp_path: Path, text: str, key: str, problem: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        read(tmp_path, text)
    (error,) = refused.value.errors
    assert str(error).startswith(f"{tmp_path / 'rules.toml'}")
    assert key in str(error)
    assert problem.lower() in str(error).lower()
