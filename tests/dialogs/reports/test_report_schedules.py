"""Which period is reported when: by the calendar, in any zone, across changes of the clocks, and what was missed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialogs.reports.document import ReportKind
from dialogs.reports.report_schedules import (
    MOST_MISSED,
    DueReport,
    ReportCadence,
    ReportSchedule,
    due_reports,
    next_report,
    overdue_at,
)

SHANGHAI, BERLIN, NEW_YORK = "Asia/Shanghai", "Europe/Berlin", "America/New_York"


def schedule(every: ReportCadence, at: time = time(8), zone: str = SHANGHAI, due: int = 0) -> ReportSchedule:
    return ReportSchedule("a", ReportKind.SUMMARY, every, at, zone, due=due)


def moment(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def made(one: ReportSchedule, since: str, until: str, company: str = SHANGHAI) -> list[tuple[str, str]]:
    """Return the periods that are made, looking every hour, each with when on the schedule's clocks."""
    zone, now, seen = ZoneInfo(one.timezone), moment(since, one.timezone), list[DueReport]()
    while now < moment(until, one.timezone):
        seen += due_reports(one, ZoneInfo(company), now, now + timedelta(hours=1))
        now += timedelta(hours=1)
    return [(due.period.name, due.at.astimezone(zone).strftime("%m-%d %H:%M")) for due in seen]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (ReportCadence.WEEK, [("2026-W39", "09-28 08:00"), ("2026-W40", "10-05 08:00"), ("2026-W41", "10-12 08:00")]),
        (
            ReportCadence.HALF_MONTH,
            [("2026-09-16..2026-10-01", "10-01 08:00"), ("2026-10-01..2026-10-16", "10-16 08:00")],
        ),
        (ReportCadence.MONTH, [("2026-09", "10-01 08:00")]),
        (ReportCadence.QUARTER, [("2026-Q3", "10-01 08:00")]),
        (ReportCadence.HALF_YEAR, []),
        (ReportCadence.YEAR, []),
    ],
)
def test_a_period_is_made_once_on_the_day_after_it(every: ReportCadence, expected: list[tuple[str, str]]) -> None:
    assert made(schedule(every), "2026-09-22 00:00", "2026-10-17 00:00") == expected


def test_the_turn_of_the_year_ends_them_all() -> None:
    found = [made(schedule(every), "2026-12-31 12:00", "2027-01-01 12:00") for every in ReportCadence]
    assert [[name for name, _ in one] for one in found] == [
        [],
        ["2026-12-16..2027-01-01"],
        ["2026-12"],
        ["2026-Q4"],
        ["2026-H2"],
        ["2026"],
    ]


def test_a_time_that_the_clocks_leave_out_is_when_they_go_forward() -> None:
    """Clocks went forward in New York on Sunday the 1st of April 2001, from 2 to 3."""
    one = schedule(ReportCadence.MONTH, time(2, 30), NEW_YORK)
    found = made(one, "2001-02-28 00:00", "2001-05-02 00:00", NEW_YORK)
    assert [when for _, when in found] == ["03-01 02:30", "04-01 03:00", "05-01 02:30"]


def test_weeks_go_on_over_both_changes_of_the_clocks() -> None:
    weekly = schedule(ReportCadence.WEEK, time(2, 30), BERLIN)
    for since, until in (("2026-03-16", "2026-04-13"), ("2026-10-12", "2026-11-09")):
        assert len(made(weekly, f"{since} 00:00", f"{until} 00:00", BERLIN)) == 4


def test_a_time_that_comes_twice_is_the_first_of_both() -> None:
    """Clocks go back in New York on Sunday the 1st of November 2026, from 2 to 1."""
    one = schedule(ReportCadence.MONTH, time(1, 30), NEW_YORK)
    (due,) = due_reports(one, ZoneInfo(NEW_YORK), moment("2026-10-31 12:00"), moment("2026-11-02 12:00"))
    assert (due.period.name, due.at) == ("2026-10", datetime(2026, 11, 1, 5, 30, tzinfo=UTC))
    assert len(made(one, "2026-10-31 00:00", "2026-11-02 00:00", NEW_YORK)) == 1


def test_no_period_is_made_before_it_is_over_for_the_company() -> None:
    """At eight on the 1st in Auckland it is still the 31st in New York."""
    one = schedule(ReportCadence.MONTH, zone="Pacific/Auckland")
    (due,) = due_reports(one, ZoneInfo(NEW_YORK), moment("2026-10-30 00:00"), moment("2026-11-05 00:00"))
    assert due.at == due.period.until == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_the_days_of_a_report_are_the_companys() -> None:
    one = schedule(ReportCadence.MONTH, zone=NEW_YORK)
    (due,) = due_reports(one, ZoneInfo(SHANGHAI), moment("2026-10-30 00:00"), moment("2026-11-05 00:00"))
    assert due.period.since == moment("2026-10-01 00:00")
    assert due.at == moment("2026-11-01 08:00", NEW_YORK)


def test_what_was_missed_is_told_the_earliest_first_and_not_for_ever() -> None:
    weekly, company = schedule(ReportCadence.WEEK), ZoneInfo(SHANGHAI)
    late = due_reports(weekly, company, moment("2026-10-30 00:00"), moment("2026-11-25 00:00"))
    assert [one.period.name for one in late] == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
    years = due_reports(weekly, company, moment("2020-01-01 00:00"), moment("2026-11-25 00:00"))
    assert (len(years), years[-1]) == (MOST_MISSED, late[-1])


def test_a_month_is_due_on_the_fifth_and_overdue_a_day_later() -> None:
    one = schedule(ReportCadence.MONTH, due=5)
    (due,) = due_reports(one, ZoneInfo(SHANGHAI), moment("2026-10-30 00:00"), moment("2026-11-02 00:00"))
    assert due.due_at is not None
    assert [due.at, due.due_at, overdue_at(one, due.due_at)] == [moment(f"2026-11-0{day} 08:00") for day in (1, 5, 6)]


@pytest.mark.parametrize("every", list(ReportCadence))
def test_what_comes_next_is_what_is_made_next(every: ReportCadence) -> None:
    now, company = moment("2026-11-30 12:00"), ZoneInfo(SHANGHAI)
    upcoming = next_report(schedule(every), company, now)
    assert upcoming.at > now
    assert due_reports(schedule(every), company, now, upcoming.at) == (upcoming,)
    assert due_reports(schedule(every), company, now, upcoming.at - timedelta(seconds=1)) == ()
