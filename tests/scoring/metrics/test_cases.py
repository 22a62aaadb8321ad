"""Metrics of issues and visits: medians, P90 and shares, and what has no time yet."""

from fractions import Fraction
from typing import Any

import pytest

from scoring.metrics.cases import case_figure, case_parts
from scoring.metrics.facts import IssueFact, VisitFact
from scoring.metrics.figure import SampleSize

KEYS = {"team": "north", "agent": "a1", "kind": "", "verdict": ""}


def issue(claimed: int | None = None, *, kind: str = "low_score", done: bool = False, told: int = 0) -> IssueFact:
    """Return an issue; `told` is 0 for no closure message, 1 for one, 2 for one that was confirmed."""
    after = None if claimed is None else Fraction(claimed)
    return IssueFact(KEYS, kind, kind == "low_score", after, None, done, told > 0, told > 1)


def visit(reply: int | None = None, *, on_time: bool | None = None) -> VisitFact:
    return VisitFact(KEYS, None if reply is None else Fraction(reply), None, Fraction(60), on_time)


def told_of(metric: str, cases: list[Any], *names: str) -> list[Any]:
    """Return these fields of a figure."""
    figure = case_figure(metric, {}, cases)
    return [getattr(figure, name) for name in names]


ISSUES = [issue(minutes * 60) for minutes in range(1, 12)]


def test_the_median_and_the_p90_of_eleven_times() -> None:
    median, p90 = (case_figure(metric, {}, ISSUES) for metric in ("time_to_claim", "time_to_claim_p90"))
    assert [median.value, median.n, p90.value] == [360, 11, 600]
    assert median.interval is not None
    assert (median.interval.low, median.interval.high, median.interval.method) == (120, 600, "ranks")
    assert p90.interval is not None
    assert p90.interval.high is None  # eleven times are too few to say where nine of ten end


def test_an_issue_that_nobody_claimed_waits_and_is_not_counted() -> None:
    told = told_of("time_to_claim", [*ISSUES, issue(), issue()], "value", "n", "excluded")
    assert told == [360, 11, {"waiting": 2}]
    assert case_parts("time_to_claim", issue()) is None


def test_a_time_that_the_help_desk_did_not_report_is_left_out_by_name() -> None:
    visits = [visit(60 * n) for n in range(5)] + [visit()]
    told = told_of("time_to_first_reply", visits, "value", "n", "excluded", "state")
    assert told == [120, 5, {"not_reported": 1}, SampleSize.SMALL]


@pytest.mark.parametrize("number", [0, 4])
def test_of_fewer_than_five_times_there_is_no_median(number: int) -> None:
    told = case_figure("time_to_claim", {}, ISSUES[:number])
    assert (told.value, told.interval, told.n) == (None, None, number)


def test_shares_of_issues_are_over_those_that_they_are_about() -> None:
    issues = [issue(kind="complaint", done=n < 4) for n in range(6)] + [issue(told=2)] * 3 + [issue(told=1)] * 2
    assert told_of("complaints_resolved", issues, "numerator", "denominator") == [4, 6]
    assert told_of("closure_confirmed", issues, "numerator", "denominator", "value") == [3, 5, 60]
    assert case_parts("closure_confirmed", issue(told=1)) == (0, 1)
    assert case_parts("closure_confirmed", issue()) is None


def test_counts_of_issues_are_told_however_few() -> None:
    issues = [issue(), issue(kind="complaint"), issue()]
    assert [case_figure(metric, {}, issues).value for metric in ("low_scores", "complaints")] == [2, 1]
    assert case_parts("low_scores", issue()) == (1, 1)


def test_done_on_time_is_over_visits_with_an_agreed_time() -> None:
    visits = [visit(on_time=True)] * 4 + [visit(on_time=False), visit()]
    assert told_of("done_on_time", visits, "numerator", "denominator", "value") == [4, 5, 80]
