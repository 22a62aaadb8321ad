"""A move of an issue becomes rows: the issue, its timeline, its card, what customers and the team are told."""

from collections.abc import Sequence

from bot.handlers.common.contact_choice import usable_contact, why_unreachable
from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.customer_messages import tell_customers
from bot.handlers.issues.messages import card_messages, closure_message, closure_of, overdue_messages
from bot.handlers.issues.open import Finding, latest_of, open_issue, with_line
from dialogs.issue.machine import ISSUE, Effect
from dialogs.issue.model import Draft, Issue, IssueKind
from dialogs.issue.reasons import Undelivered
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes

__all__ = ["Line", "closure_lost", "move", "tell_again"]

Line = tuple[str, str | None, str | None]
"""What the timeline says: the event, by whom, a text."""


def move(context: DecisionContext, issue: Issue, event: object, said: Line) -> Changes | None:
    """Move an issue and write down what follows; None where the event means nothing to it now."""
    step = ISSUE.step(issue, event, context.handling)
    if step is None:
        return None
    if step.thing == issue:
        return Changes()
    changes = with_line(step.thing, context.now, *said)
    return _carry_out(context, latest_of(changes, issue), step.effects, changes)


def closure_lost(context: DecisionContext, issue: Issue, customer: str, why: str) -> Changes:
    """Take back that a customer was told, on the card too: nobody waits for the word of whom it never reached."""
    untold = replace(issue, told=tuple(told for told in issue.told if told != customer))
    changes = _undeliverable(context, untold, customer, why)
    return changes + card_messages(context.after(changes), latest_of(changes, issue))


def _undeliverable(context: DecisionContext, issue: Issue, customer: str, why: str) -> Changes:
    """Write down that a closure did not reach a customer, and ask the team to ring."""
    changes = with_line(issue, context.now, "closure_undeliverable", None, f"{customer}: {why}")
    if issue.kind is IssueKind.CALL:
        return changes
    mine = (key for key in issue.tickets if (t := context.snapshot.ticket(*key)) is not None and t.customer == customer)
    finding = Finding(
        kind=IssueKind.CALL,
        severity=Severity.NORMAL,
        reasons=(Undelivered("closure", why),),
        seed=("closure", issue.id, str(issue.resolution), customer),
        ticket=next(mine, None),
        customer=customer,
        text=issue.note or "",
    )
    return changes + open_issue(context.after(changes), finding)


def tell_again(context: DecisionContext, issue: Issue, customer_id: str, shut: str = "") -> Changes:
    """Try a customer's next chat after one failed, or is `shut` now; empty when there is none."""
    customer = context.snapshot.customer(customer_id)
    if customer is None or customer.opted_out_at is not None or usable_contact(context, customer_id, shut) is None:
        return Changes()
    return _tell(context, issue, customer, shut)


def _carry_out(context: DecisionContext, issue: Issue, effects: Sequence[Effect], changes: Changes) -> Changes:
    if Effect.TELL_CUSTOMERS in effects:
        changes += _tell_customers(context.after(changes), issue)
        issue = latest_of(changes, issue)
    if Effect.TELL_PROGRESS in effects:
        changes += tell_customers(context.after(changes), issue, issue.progress or "", Draft.PROGRESS)
        issue = latest_of(changes, issue)
    if Effect.ASK_CUSTOMERS in effects:
        changes += tell_customers(context.after(changes), issue, issue.question or "", Draft.QUESTION)
        issue = latest_of(changes, issue)
    seen = context.after(changes)
    if Effect.CARD in effects:
        changes += card_messages(seen, issue)
    if Effect.TELL_TEAM_REOPENED in effects:
        changes += card_messages(seen, issue, fresh=True)
    if Effect.TELL_TEAM_OVERDUE in effects:
        changes += card_messages(seen, issue) + overdue_messages(seen, issue)
    return changes


def _tell_customers(context: DecisionContext, issue: Issue) -> Changes:
    """Send each customer of the issue one closure; who cannot or must not be told is written down."""
    changes = Changes((issue,))
    for key in issue.customers:
        customer = context.snapshot.customer(key)
        if customer is not None:
            changes += _tell(context.after(changes), latest_of(changes, issue), customer)
    return changes


def _tell(context: DecisionContext, issue: Issue, customer: Customer, shut: str = "") -> Changes:
    if customer.opted_out_at is not None:
        return with_line(issue, context.now, "closure_not_sent", None, f"{customer.id}: opted_out")
    contact = usable_contact(context, customer.id, shut)
    if contact is None:
        return _undeliverable(context, issue, customer.id, why_unreachable(context, customer.id).value)
    message = closure_message(context, issue, customer, contact, closure_of(context, issue, customer))
    return Changes((replace(issue, told=(*(told for told in issue.told if told != customer.id), customer.id)), message))
