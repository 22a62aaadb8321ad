"""Transitions of issues as rows: the issue, its timeline, messages to customers and to the team.

`move` applies the table of `dialogs.issue.machine`, writes the timeline line and carries out the effects. A new effect
gets its entry in `_TO_CUSTOMERS` or `_TO_THE_TEAM`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.desk_writes.ticket_notes import issue_into_tickets, reopen_tickets
from bot.handlers.issues.contact_details import details_gone, details_messages
from bot.handlers.issues.customer_messages import closure_message, customers_of, talk_message, way_to
from bot.handlers.issues.holder_messages import handover_messages, merged_messages, reminder_messages
from bot.handlers.issues.page_links import page_of
from bot.handlers.issues.team_messages import card_messages, last_time_messages, overdue_messages, undelivered_messages
from dialogs.ids import RefKind, derive
from dialogs.invitation.model import InvitationReason
from dialogs.issue.events import (
    ClosureNotSent,
    ClosureUndelivered,
    Denied,
    DeniedThroughMerged,
    Effect,
    IssueAssigned,
    Merged,
    MessageUndelivered,
    QuestionUndelivered,
    TimelineLine,
)
from dialogs.issue.machine import ISSUE
from dialogs.issue.model import Draft, Issue, IssueKind, Quote, TicketKey
from dialogs.issue.reasons import Reason, Undelivered
from scoring.complaints import Judgement
from scoring.rules import Severity
from scoring.values import Value, replace
from storage.model.records import Contact, Customer, IssueEvent, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["IssueCause", "closure_lost", "latest_of", "move", "open_issue", "talk_lost", "tell_again"]


class IssueCause(Value):
    """What opens an issue. The issue's id is derived from `seed`: the same cause twice is one issue.

    `text` is what the customer has just said, `unread` where that says no more than the reasons; `whole` is all that
    was said before it as well, where that is no answer.
    """

    kind: IssueKind
    severity: Severity
    reasons: tuple[Reason, ...]
    seed: tuple[str, ...] = ()
    ticket: TicketKey | None = None
    customer: str | None = None
    response: str | None = None
    title: str = ""
    text: str = ""
    whole: str = ""
    by: str | None = None
    unread: bool = False

    @property
    def line(self) -> TimelineLine:
        """The first line of the timeline: who opened it, and why."""
        told = filter(None, (*map(str, self.reasons), self.whole or self.text))
        return TimelineLine("opened", self.by, "; ".join(told) or None)


def open_issue(context: DecisionContext, finding: IssueCause) -> Changes:
    """Open a new issue with a card in every team chat; nothing if the same cause has opened it before."""
    issue = _issue(context, finding)
    if context.snapshot.issue(issue.id) is not None:
        return Changes()
    changes = _with_line(context, issue, finding.line)
    changes += issue_into_tickets(context, issue, page_of(context, issue))
    return changes + card_messages(context.after(changes), latest_of(changes, issue), fresh=True)


def move(context: DecisionContext, issue: Issue, event: object) -> Changes | None:
    """Move an issue and carry out what follows; None where its table has no row for the event now.

    A repetition changes nothing. Cards come last, so that each is drawn once, with everything on it.
    """
    moved = _moved(context, issue, event)
    if moved is None:
        return None
    changes, effects = moved
    seen, after = context.after(changes), latest_of(changes, issue)
    for effect in effects:
        if effect in _TO_THE_TEAM:
            changes += _TO_THE_TEAM[effect](seen, after)
        if effect is Effect.TELL_TEAM_REOPENED:
            changes += last_time_messages(seen, issue, after)
        if effect is Effect.TELL_TEAM_REOPENED and isinstance(event, Denied | DeniedThroughMerged):
            changes += reopen_tickets(seen, after)
        if effect is Effect.TELL_HOLDERS and isinstance(event, IssueAssigned):
            changes += handover_messages(seen, issue, after, event)
        if effect is Effect.TELL_HOLDERS and isinstance(event, Merged):
            changes += merged_messages(seen, issue, after, event.by)
    return changes + details_gone(seen, issue, after) + details_messages(seen, issue, after)


def latest_of(changes: Changes, issue: Issue) -> Issue:
    """Return an issue as these changes leave it."""
    wordings = (r for r in reversed(changes.records) if isinstance(r, Issue) and r.id == issue.id)
    return next(wordings, issue)


def closure_lost(context: DecisionContext, issue: Issue, customer: str, why: str) -> Changes:
    """Record that the closure did not reach a customer, who is then no longer waited for."""
    return move(context, issue, ClosureUndelivered(customer, why)) or Changes()


def tell_again(context: DecisionContext, issue: Issue, customer_id: str, shut: str = "") -> Changes:
    """Send the closure to the customer's next chat after one failed or is `shut`; empty where there is none."""
    customer = context.snapshot.customer(customer_id)
    if customer is None or customer.opted_out_at is not None or usable_contact(context, customer_id, shut) is None:
        return Changes()
    return _tell_closure(context, issue, customer, shut)


def talk_lost(context: DecisionContext, issue: Issue, message: OutboxMessage, why: str) -> Changes:
    """Record that a note or question did not reach a customer, withdraw the question, and tell the team."""
    customer = message.customer or ""
    is_question = issue.question is not None and issue.asked_at == message.created_at
    others = (other for other in customers_of(context, issue) if other.id != customer)
    has_others = any(isinstance(way_to(context, other), Contact) for other in others)
    is_unasked = is_question and not has_others
    event = QuestionUndelivered(customer, why) if is_unasked else MessageUndelivered(customer, why)
    changes = move(context, issue, event) or Changes()
    return changes + undelivered_messages(context.after(changes), latest_of(changes, issue), why, message.id)


def _moved(context: DecisionContext, issue: Issue, event: object) -> tuple[Changes, tuple[Effect, ...]] | None:
    """Move an issue, its line and its messages to customers; return the effects that are left for the team's chats."""
    step = ISSUE.step(issue, event, context.issue_terms)
    if step is None:
        return None
    changes = Changes()
    for line in (effect for effect in step.effects if isinstance(effect, TimelineLine)):
        changes += _with_line(context, step.thing, line)
    for effect in (effect for effect in step.effects if effect in _TO_CUSTOMERS):
        changes += _TO_CUSTOMERS[effect](context.after(changes), latest_of(changes, issue), event)
    return changes, tuple(effect for effect in step.effects if isinstance(effect, Effect))


def _written(context: DecisionContext, issue: Issue, event: object) -> Changes:
    """Move an issue in the course of another transition, which draws the card."""
    moved = _moved(context, issue, event)
    return moved[0] if moved is not None else Changes()


def _with_line(context: DecisionContext, issue: Issue, line: TimelineLine) -> Changes:
    row = IssueEvent(issue.id, issue.events, context.now, line.event, line.by, line.text)
    return Changes((replace(issue, events=issue.events + 1), row))


def _severity(context: DecisionContext, finding: IssueCause) -> Severity:
    """Return the severity, one step higher where the customer's tier is among `alerts.tiers`."""
    customer = context.snapshot.customer(finding.customer) if finding.customer else None
    is_raised = customer is not None and customer.tier.casefold() in context.policy.raised_tiers
    return finding.severity.raised if is_raised else finding.severity


def _issue(context: DecisionContext, finding: IssueCause) -> Issue:
    severity = _severity(context, finding)
    due = context.issue_terms.claim_by(severity)
    is_quote = bool(finding.text) and not finding.by and finding.kind is not IssueKind.CALL and bool(finding.reasons)
    return Issue(
        id=derive(RefKind.ISSUE, *finding.seed),
        kind=finding.kind,
        severity=severity,
        opened_at=context.now,
        due_at=due,
        title=finding.title,
        text="" if is_quote else finding.text,
        quotes=(Quote(context.now, finding.text),) if is_quote and not finding.unread else (),
        reasons=finding.reasons,
        tickets=(finding.ticket,) if finding.ticket else (),
        responses=(finding.response,) if finding.response else (),
        customers=(finding.customer,) if finding.customer else (),
        judgement=Judgement(check_by=context.issue_terms.check_by if finding.kind is IssueKind.COMPLAINT else None),
        wake_at=due,
    )


def _tell_closure(context: DecisionContext, issue: Issue, customer: Customer, shut: str = "") -> Changes:
    """Send a customer the closure, not over a `shut` channel; the timeline says who could not be told."""
    if customer.opted_out_at is not None:
        return _written(context, issue, ClosureNotSent(customer.id, InvitationReason.OPTED_OUT.value))
    contact = usable_contact(context, customer.id, shut)
    if contact is None:
        why = why_unreachable(context, customer.id)
        return _written(context, issue, ClosureUndelivered(customer.id, why.value))
    told = (*(told for told in issue.told if told != customer.id), customer.id)
    return Changes((replace(issue, told=told), closure_message(context, issue, customer, contact)))


def _tell_closures(context: DecisionContext, issue: Issue, _event: object) -> Changes:
    """Send the closure to each customer of the issue."""
    changes = Changes()
    for customer in customers_of(context, issue):
        changes += _tell_closure(context.after(changes), latest_of(changes, issue), customer)
    return changes


def _write(kind: Draft, context: DecisionContext, issue: Issue, _event: object) -> Changes:
    """Send a note or question to each customer of the issue; the timeline says who could not be reached."""
    text, number = (issue.progress if kind is Draft.PROGRESS else issue.question) or "", issue.events
    changes = Changes()
    for customer in customers_of(context, issue):
        way = way_to(context, customer)
        if isinstance(way, Contact):
            changes += Changes((talk_message(context, issue, customer, way, (kind, text, number)),))
        else:
            changes += _written(context, latest_of(changes, issue), MessageUndelivered(customer.id, way.value))
    return changes


def _call(context: DecisionContext, issue: Issue, lost: ClosureUndelivered) -> Changes:
    """Open a call for a customer whom the closure did not reach."""
    tickets = (t for key in issue.tickets if (t := context.snapshot.ticket(*key)) and t.customer == lost.customer)
    ticket = next(tickets, None)
    finding = IssueCause(
        kind=IssueKind.CALL,
        severity=Severity.NORMAL,
        reasons=(Undelivered("closure", lost.why),),
        seed=("closure", issue.id, str(issue.resolution), lost.customer),
        ticket=(ticket.source, ticket.id) if ticket is not None else None,
        customer=lost.customer,
        text=issue.note or "",
    )
    return open_issue(context, finding)


def _overdue(context: DecisionContext, issue: Issue) -> Changes:
    return card_messages(context, issue) + overdue_messages(context, issue)


_TO_CUSTOMERS: Mapping[Effect, Callable[[DecisionContext, Issue, Any], Changes]] = {
    Effect.TELL_CUSTOMERS: _tell_closures,
    Effect.TELL_PROGRESS: partial(_write, Draft.PROGRESS),
    Effect.ASK_CUSTOMERS: partial(_write, Draft.QUESTION),
    Effect.CALL_CUSTOMER: _call,
}
_TO_THE_TEAM: Mapping[Effect, Callable[[DecisionContext, Issue], Changes]] = {
    Effect.CARD: card_messages,
    Effect.TELL_TEAM_REOPENED: partial(card_messages, fresh=True),
    Effect.TELL_TEAM_OVERDUE: _overdue,
    Effect.REMIND_HOLDER: reminder_messages,
}
