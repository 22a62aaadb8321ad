"""The calendar of working days: what China tells its people, and what the owner knows better."""

from datetime import date
from pathlib import Path

import pytest

from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.locale.workdays import make_workdays
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.time.workdays import Workdays

CHINA = make_workdays("CN")


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 11, 20), True),  # a Friday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 23), False),  # a Monday off, for which the 28th is worked
        (date(2026, 2, 14), True),  # a Saturday worked for the festival
        (date(2026, 2, 28), True),
        (date(2025, 1, 26), True),  # a Sunday
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
    ],
    ids=str,
)
def test_china_works_on_some_weekends_and_rests_on_some_weekdays(day: date, *, is_worked: bool) -> None:
    assert CHINA.is_working(day) is is_worked


def test_other_countries_have_other_weekends() -> None:
    friday, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert not make_workdays("EG").is_working(friday)
    assert make_workdays("EG").is_working(sunday)


def test_the_owners_own_days_win() -> None:
    closed, open_ = date(2026, 2, 14), date(2026, 10, 1)
    calendar = make_workdays("CN", holidays={closed}, workdays={open_})
    assert not calendar.is_working(closed)
    assert calendar.is_working(open_)


def test_without_a_country_there_are_weekends_and_the_owners_own_days() -> None:
    calendar = make_workdays("", holidays={date(2026, 12, 24)})
    assert calendar == Workdays(holidays=frozenset({date(2026, 12, 24)}))
    assert calendar.is_working(date(2026, 10, 1))


def test_the_settings_make_the_calendar_only_where_it_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "huifang.toml"
    file.write_text("[calendar]\nholidays = [2026-12-24]\nworkdays = '2026-10-01'\n[survey]\nbusiness_days = true\n")
    surveys, phrases = read_surveys(tmp_path), load_phrases()
    wanted = make_policy(load_settings({}, cwd=tmp_path), surveys, {}, phrases).workdays
    assert wanted == make_workdays("CN", {date(2026, 12, 24)}, {date(2026, 10, 1)})
    file.write_text("")
    assert make_policy(load_settings({}, cwd=tmp_path), surveys, {}, phrases).workdays is None
