"""The issues of the sample company go the ways that issues can go, and no other."""

from collections import Counter
from datetime import timedelta

import pytest

from dialogs.issue.events import Judged
from dialogs.issue.machine import ISSUE
from dialogs.issue.model import Issue, IssueKind, IssueState
from scoring.rules import Severity
from scoring.values import Value
from storage.model.records import IssueEvent, Ticket
from tests.jobs.sample.orders import of_kind, order_of, records_of


@pytest.fixture(scope="module", name="records")
def _records() -> list[Value]:
    return records_of(order_of(customers=800))


@pytest.fixture(name="issues")
def _issues(records: list[Value]) -> list[Issue]:
    return list(of_kind(records, Issue))


@pytest.mark.proof
def test_lines_follow_each_other_in_time(records: list[Value]) -> None:
    last: dict[str, IssueEvent] = {}
    for line in of_kind(records, IssueEvent):
        before = last.get(line.issue)
        assert line.number == (0 if before is None else before.number + 1)
        assert before is None or before.at <= line.at
        last[line.issue] = line


@pytest.mark.proof
def test_a_closed_issue_was_claimed_resolved_and_then_closed(issues: list[Issue]) -> None:
    for one in issues:
        if one.state is IssueState.CLOSED:
            assert one.claimed_at is not None
            assert one.resolved_at is not None
            assert one.closed_at is not None
            assert one.opened_at < one.claimed_at < one.resolved_at < one.closed_at
            assert one.told == one.customers


@pytest.mark.proof
def test_most_is_solved_the_first_time_and_a_resolution_is_counted_for_each_that_was_not(
    records: list[Value], issues: list[Issue]
) -> None:
    not_solved = Counter(line.issue for line in of_kind(records, IssueEvent) if line.event == "not_solved")
    ended = [one for one in issues if one.state is IssueState.CLOSED]
    assert all(one.resolution == not_solved[one.id] for one in ended)
    said = [one for one in ended if one.confirmed or one.resolution]
    first = [one for one in said if one.confirmed and not one.resolution]
    assert 0.7 < len(first) / len(said) < 0.95


@pytest.mark.proof
def test_only_what_was_opened_lately_is_still_with_the_team(issues: list[Issue]) -> None:
    end = max(one.opened_at for one in issues)
    left = [one for one in issues if one.state is not IssueState.CLOSED]
    assert left
    assert all(one.opened_at > end - timedelta(days=14) for one in left)
    assert all((one.claimant is not None) is (one.state is IssueState.CLAIMED) for one in left)


@pytest.mark.proof
def test_the_lowest_rating_is_more_severe_than_a_low_one(issues: list[Issue]) -> None:
    for one in issues:
        if one.kind is IssueKind.LOW_SCORE:
            lowest = min(int(str(reason).split()[1]) for reason in one.reasons)
            assert one.severity is (Severity.HIGH if lowest == 1 else Severity.NORMAL)


@pytest.mark.proof
def test_most_confirm_and_some_let_the_time_pass(issues: list[Issue]) -> None:
    ends = Counter(bool(one.confirmed) for one in issues if one.state is IssueState.CLOSED)
    assert 0.45 < ends[True] / ends.total() < 0.75


@pytest.mark.proof
def test_the_bad_technician_has_the_most_complaints_for_each_visit(records: list[Value], issues: list[Issue]) -> None:
    whose = {(one.source, one.id): one.agent_id for one in of_kind(records, Ticket)}
    visits = Counter(whose.values())
    made = Counter(whose[one.tickets[0]] for one in issues if one.kind is IssueKind.COMPLAINT)
    shares = {agent: made[agent] / number for agent, number in visits.items() if number > 100}
    assert max(shares, key=lambda agent: shares[agent]) == "sample-7"


@pytest.mark.proof
def test_complaints_say_in_the_customers_words_what_was_wrong(issues: list[Issue]) -> None:
    complaints = [one for one in issues if one.kind is IssueKind.COMPLAINT]
    assert all(one.quotes and one.quotes[0].text for one in complaints)
    assert any(row.event is Judged for row in ISSUE.rows)
