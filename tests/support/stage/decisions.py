"""What no single decision may do, whatever it is asked: looked at before its changes are written."""

from collections.abc import Iterator
from typing import TypeVar

from bot.handlers.common.context import DecisionContext
from dialogs.interview.model import Interview, InterviewState
from dialogs.issue.model import Issue
from storage.model.records import IssueEvent, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.layers import key_of

__all__ = ["broken_by"]

T = TypeVar("T", Interview, Issue, OutboxMessage)


def an_alarm_is_one_line_and_one_card(context: DecisionContext, changes: Changes) -> Iterator[object]:
    """Promise 4: what is newly found in an interview opens or joins exactly one issue, and shows in each team chat."""
    shown = {(m.about.id, m.address) for m in _last(changes, OutboxMessage) if m.about and m.purpose is Purpose.ALERT}
    lines = [e for e in changes.records if isinstance(e, IssueEvent) and e.event in ("opened", "joined")]
    for interview in _last(changes, Interview):
        before = context.snapshot.interview(interview.id)
        fresh = set(interview.assessed) - set(before.assessed if before else ())
        raised = [line.issue for line in lines if any(str(subject) in (line.text or "") for subject in fresh)]
        wanted = {(issue, place) for issue in raised for place in context.policy.team}
        if len(raised) != bool(fresh) or not wanted <= shown:
            yield interview.id, fresh, raised, wanted - shown


def nobody_takes_what_another_has(context: DecisionContext, changes: Changes) -> Iterator[object]:
    """Promise 5: an issue changes hands only by being put back or passed on, and then its timeline says by whom."""
    lines = (record for record in changes.records if isinstance(record, IssueEvent))
    passed_on = {line.issue for line in lines if line.event in ("assigned", "taken_over")}
    for issue in _last(changes, Issue):
        before = context.snapshot.issue(issue.id)
        is_moved = before and before.claimant and issue.claimant and before.claimant != issue.claimant
        if is_moved and issue.id not in passed_on:
            yield before, issue


def a_reminder_is_fit_to_send(context: DecisionContext, changes: Changes) -> Iterator[object]:
    """Promise 9: only who has been asked, has not begun and has not opted out is reminded, and not in quiet hours."""
    for message in _last(changes, OutboxMessage):
        interview = context.snapshot.about(Interview, message.about)
        if message.purpose is not Purpose.REMINDER or interview is None:
            continue
        customer = context.snapshot.customer(interview.customer)
        invitation = context.snapshot.invitation(interview.invitation)
        clock = context.now.astimezone(context.policy.zone_of(customer)).time()
        quiet = context.policy.quiet is not None and context.policy.quiet.contains(clock)
        begun = interview.state is not InterviewState.INVITED or bool(interview.answers)
        unasked = invitation is None or invitation.sent_at is None
        if quiet or begun or unasked or (customer is not None and customer.opted_out_at is not None):
            yield message.id, quiet, begun, unasked


def broken_by(context: DecisionContext, changes: Changes) -> list[object]:
    """Return what a decision breaks, with the name of the law."""
    laws = (an_alarm_is_one_line_and_one_card, nobody_takes_what_another_has, a_reminder_is_fit_to_send)
    return [(law.__name__, found) for law in laws for found in law(context, changes)]


def _last(changes: Changes, kind: type[T]) -> list[T]:
    """Return the last wording of each record of a kind."""
    return list({key_of(record): record for record in changes.records if isinstance(record, kind)}.values())
