"""Peaks of a year as periods: by their name with the year, on the company's clocks, also over new year."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dialogs.known_words import CompanyLists, folded_word
from dialogs.time.periods import CompanyCalendar, Period, YearlyPeak, peak_period, period_before, year_before

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = CompanyCalendar(
    SHANGHAI,
    0,
    (
        YearlyPeak("618", (6, 1), (6, 20)),
        YearlyPeak("双11", (10, 24), (11, 13)),
        YearlyPeak("Turn", (12, 20), (1, 5)),
        YearlyPeak("春运", (2, 2), (3, 13), 2026),
        YearlyPeak("春运", (1, 23), (3, 3), 2027),
    ),
)


def utc(year: int, month: int, day: int) -> datetime:
    """Return the beginning of a day in Shanghai."""
    return datetime(year, month, day, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("2026-618", utc(2026, 6, 1), utc(2026, 6, 21)),
        ("2025-双11", utc(2025, 10, 24), utc(2025, 11, 14)),
        (" 2026-turn ", utc(2026, 12, 20), utc(2027, 1, 6)),
        ("2026-春运", utc(2026, 2, 2), utc(2026, 3, 14)),
        ("2027-春运", utc(2027, 1, 23), utc(2027, 3, 4)),
    ],
)
def test_a_peak_has_its_days_in_the_year_that_is_named(name: str, since: datetime, until: datetime) -> None:
    assert peak_period(name, CALENDAR) == Period(since, until, name.strip())


@pytest.mark.parametrize(
    "name", ["2026-11", "2026-Q4", "618", "2026-", "26-618", "2028-春运", "1066-618", "二〇二六-618"]
)
def test_other_names_are_no_peak(name: str) -> None:
    assert peak_period(name, CALENDAR) is None


def test_a_peak_stands_beside_the_days_before_it_and_the_same_one_a_year_before() -> None:
    peak = peak_period("2026-618", CALENDAR)
    assert peak is not None
    assert period_before(peak, SHANGHAI) == Period(utc(2026, 5, 12), utc(2026, 6, 1))
    assert year_before(peak, SHANGHAI) == Period(utc(2025, 6, 1), utc(2025, 6, 21))


@pytest.mark.parametrize(
    ("word", "folded"), [("ＣＬＯＳＥＤ", "closed"), ("  In   Repair ", "in repair"), ("完工", "完工")]
)
def test_words_are_known_in_any_width_case_and_spacing(word: str, folded: str) -> None:
    assert folded_word(word) == folded
    assert CompanyLists({folded: "closed"}).status_of(word) == "closed"
    assert CompanyLists().status_of(word) == ""


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        (utc(2026, 10, 1), utc(2026, 11, 1), ["双11"]),
        (utc(2026, 11, 1), utc(2026, 12, 1), ["双11"]),
        (utc(2026, 11, 14), utc(2026, 12, 1), []),
        (utc(2026, 10, 1), utc(2026, 10, 24), []),
        (utc(2027, 1, 1), utc(2027, 2, 1), ["Turn", "春运"]),
        (utc(2026, 1, 1), utc(2027, 1, 1), ["Turn", "春运", "618", "双11", "Turn"]),
    ],
)
def test_a_period_is_touched_by_peaks_that_begin_before_it_or_end_behind_it(
    since: datetime, until: datetime, names: list[str]
) -> None:
    found = CALENDAR.peaks_touching(Period(since, until), utc(2027, 6, 1))
    assert [name for name, _ in found] == names
    assert all(one.since < until and one.until > since for _, one in found)


def test_a_peak_that_has_not_begun_touches_nothing_yet() -> None:
    october = Period(utc(2026, 10, 1), utc(2026, 11, 1))
    assert CALENDAR.peaks_touching(october, utc(2026, 10, 24)) == []
    assert [name for name, _ in CALENDAR.peaks_touching(october, utc(2026, 10, 25))] == ["双11"]
