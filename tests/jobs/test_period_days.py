"""Periods by their names, on the clocks of a zone; what is no period is refused with the reason."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.period_summary import FigureRequestError, read_period
from dialogs.time.periods import CompanyCalendar

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
SHANGHAI, BERLIN, ST_JOHNS = (ZoneInfo(key) for key in ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns"))
COMPANY = CompanyCalendar(SHANGHAI)
NAMED = [
    ("2026-11", SHANGHAI, "2026-10-31T16:00", "2026-11-30T16:00"),
    ("2026-Q4", SHANGHAI, "2026-09-30T16:00", "2026-12-31T16:00"),
    ("2026-H1", SHANGHAI, "2025-12-31T16:00", "2026-06-30T16:00"),
    ("2026-H2", SHANGHAI, "2026-06-30T16:00", "2026-12-31T16:00"),
    ("2026", SHANGHAI, "2025-12-31T16:00", "2026-12-31T16:00"),
    ("2026-W01", SHANGHAI, "2025-12-28T16:00", "2026-01-04T16:00"),
    ("2026-W53", SHANGHAI, "2026-12-27T16:00", "2027-01-03T16:00"),
    ("2024-02-29", SHANGHAI, "2024-02-28T16:00", "2024-02-29T16:00"),
    ("2026-03", BERLIN, "2026-02-28T23:00", "2026-03-31T22:00"),
    ("2026-10", BERLIN, "2026-09-30T22:00", "2026-10-31T23:00"),
    ("2026-W13", BERLIN, "2026-03-22T23:00", "2026-03-29T22:00"),
    ("2026-10-25", BERLIN, "2026-10-24T22:00", "2026-10-25T23:00"),
    ("2026-07", ST_JOHNS, "2026-07-01T02:30", "2026-08-01T02:30"),
    ("2026-12", ST_JOHNS, "2026-12-01T03:30", "2027-01-01T03:30"),
    ("2026-11-01..2026-11-16", SHANGHAI, "2026-10-31T16:00", "2026-11-15T16:00"),
    ("2026-11-30..2026-12-01", SHANGHAI, "2026-11-29T16:00", "2026-11-30T16:00"),
    ("2026-10-20..2026-11-01", BERLIN, "2026-10-19T22:00", "2026-10-31T23:00"),
    ("2024-02-28..2024-03-01", ST_JOHNS, "2024-02-28T03:30", "2024-03-01T03:30"),
    ("1971-01-01..2198-12-31", SHANGHAI, "1970-12-31T16:00", "2198-12-30T16:00"),
]


@pytest.mark.parametrize(("name", "zone", "since", "until"), NAMED)
def test_a_name_means_its_days_on_the_clocks_of_the_zone(name: str, zone: ZoneInfo, since: str, until: str) -> None:
    period = read_period(None, None, name, NOW, CompanyCalendar(zone))
    assert (period.since, period.until) == tuple(datetime.fromisoformat(f"{end}:00Z") for end in (since, until))
    assert period.name == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" 2026-q04 ", "2026-Q4"),
        ("2026-h02", "2026-H2"),
        ("2026-w9", "2026-W09"),
        ("20261101..20261116", "2026-11-01..2026-11-16"),
        ("2026-W45-1..2026-W46-1", "2026-11-02..2026-11-09"),
    ],
)
def test_other_spellings_are_the_same_period(name: str, expected: str) -> None:
    period = read_period(None, None, name, NOW, COMPANY)
    assert period == read_period(None, None, expected, NOW, COMPANY)
    assert period.name == expected


@pytest.mark.parametrize(
    ("name", "field", "problem"),
    [
        ("2026-Q5", "period", "there is no '2026-Q5' in the calendar"),
        ("2026-W54", "period", "there is no '2026-W54' in the calendar"),
        ("2026-13", "period", "there is no '2026-13' in the calendar"),
        ("2025-02-29", "period", "there is no '2025-02-29' in the calendar"),
        ("last month", "period", "is no period: write one like 2026-11"),
        ("1970", "period", "is no period"),
        ("..", "period", "write its days as 2026-11-01..2026-12-01"),
        ("2026-11-01..", "period", "write its days as"),
        ("..2026-11-01", "period", "write its days as"),
        ("2026-11-01..2026-11-08..2026-11-16", "period", "write its days as"),
        ("2026-11..2026-12", "period", "write its days as"),
        ("2026-11-01..2026-11-31", "period", "write its days as"),
        ("2026-11-16..2026-11-01", "to", "is 2026-11-01, which is not after from, 2026-11-16"),
        ("2026-11-16..2026-11-16", "to", "the day of `to` is excluded"),
        ("1970-12-31..2026-11-16", "from", "is 1970-12-31, which is not within the years 1971 to 2198"),
        ("2026-11-16..2199-01-01", "to", "is 2199-01-01, which is not within the years"),
    ],
)
def test_what_is_no_period_is_refused(name: str, field: str, problem: str) -> None:
    with pytest.raises(FigureRequestError) as refused:
        read_period(None, None, name, NOW, COMPANY)
    assert refused.value.field == field
    assert problem in refused.value.problem


def test_days_beside_a_name_are_refused() -> None:
    with pytest.raises(FigureRequestError, match="is given beside from and to"):
        read_period(date(2026, 11, 1), None, "2026-11-01..2026-11-16", NOW, COMPANY)


def test_without_a_name_it_is_the_month_or_the_days_given() -> None:
    month, named = (read_period(None, None, name, NOW, COMPANY) for name in ("", "2026-11"))
    assert (month.since, month.until) == (named.since, named.until)
    given = read_period(date(2026, 11, 1), date(2026, 11, 16), "", NOW, COMPANY)
    assert given.since == read_period(None, None, "2026-11-01..2026-11-16", NOW, COMPANY).since


FISCAL = [
    ("FY2026", 4, "2026-03-31T16:00", "2027-03-31T16:00"),
    ("FY2026-H1", 4, "2026-03-31T16:00", "2026-09-30T16:00"),
    ("FY2026-H2", 4, "2026-09-30T16:00", "2027-03-31T16:00"),
    ("FY2026-Q1", 4, "2026-03-31T16:00", "2026-06-30T16:00"),
    ("FY2026-Q4", 4, "2026-12-31T16:00", "2027-03-31T16:00"),
    ("FY2026", 7, "2026-06-30T16:00", "2027-06-30T16:00"),
    ("FY2026-Q3", 10, "2027-03-31T16:00", "2027-06-30T16:00"),
    ("FY2026", 1, "2025-12-31T16:00", "2026-12-31T16:00"),
    ("FY2026-Q4", 12, "2027-08-31T16:00", "2027-11-30T16:00"),
]


@pytest.mark.parametrize(("name", "first", "since", "until"), FISCAL)
def test_a_fiscal_year_begins_with_its_first_month(name: str, first: int, since: str, until: str) -> None:
    period = read_period(None, None, f" {name.lower()} ", NOW, CompanyCalendar(SHANGHAI, first))
    assert (period.since, period.until) == tuple(datetime.fromisoformat(f"{end}:00Z") for end in (since, until))
    assert period.name == name


@pytest.mark.parametrize(
    ("name", "first", "problem"),
    [
        ("FY2026", 0, "needs a fiscal year: set team.fiscal_year_from to its first month"),
        ("FY2026-Q5", 4, "is no fiscal period: write one like FY2026, FY2026-H1, FY2026-Q3"),
        ("FY2026-H0", 4, "is no fiscal period"),
        ("FY2026-H3", 4, "is no fiscal period"),
        ("FY26", 4, "is no fiscal period"),
        ("FY2026-04", 4, "is no fiscal period"),
        ("FY1970", 4, "is no fiscal period"),
        ("FY2198", 4, "is no fiscal period"),
    ],
)
def test_what_is_no_fiscal_period_is_refused(name: str, first: int, problem: str) -> None:
    with pytest.raises(FigureRequestError) as refused:
        read_period(None, None, name, NOW, CompanyCalendar(SHANGHAI, first))
    assert refused.value.field == "period"
    assert problem in refused.value.problem
