"""The page of a closure: the sentence whole, and the customer's verdict on it. Showing it changes nothing."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.issues.customer_messages import subject_of
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.verdicts import judge
from dialogs.issue.model import Issue, IssueState
from scoring.values import Value
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["ClosureView", "OpenedClosure", "closure_needs", "judge_closure", "open_closure", "view_closure"]


_ANSWERABLE = (IssueState.RESOLVED, IssueState.CLOSED)


class OpenedClosure(Value):
    """A closure by its issue, the number of its resolution, and the customer whom it told."""

    issue: str
    resolution: int
    customer: str


class ClosureView(Value):
    """An outcome as the page shows it: the latest of the issue that the customer was told, which a verdict is about.

    `note` is empty while the issue is in hand again.
    """

    locale: str
    subject: str
    note: str
    resolution: int
    is_confirmed: bool
    may_answer: bool


def open_closure(subject: str) -> OpenedClosure:
    """Return the closure that the subject of a link names, as `closure_subject` wrote it."""
    issue, resolution, customer = subject.split(" ", 2)
    return OpenedClosure(issue, int(resolution), customer)


def closure_needs(opened: OpenedClosure, policy: Policy, now: datetime) -> Needs:
    """Return the need for the issue, and for what the team is told of a verdict."""
    return Needs(issues=frozenset({opened.issue}), roster=True) | call_needs(policy, now)


def view_closure(context: DecisionContext, opened: OpenedClosure) -> ClosureView | None:
    """Return what the page shows; None where there is no such closure, or no longer such a customer."""
    found = _found(context, opened)
    if found is None:
        return None
    issue, customer = found
    is_told, is_confirmed = customer.id in issue.told, customer.id in issue.confirmed
    is_out = issue.resolution == opened.resolution or is_told
    return ClosureView(
        locale=context.policy.locale_of(customer),
        subject=subject_of(context, issue, customer.id),
        note=(issue.note or "") if is_out else "",
        resolution=issue.resolution,
        is_confirmed=is_confirmed,
        may_answer=is_told and not is_confirmed and issue.state in _ANSWERABLE,
    )


def judge_closure(context: DecisionContext, opened: OpenedClosure, shown: int, *, solved: bool) -> Decision[bool]:
    """Take the verdict on the outcome that was `shown`, once; return whether it is recorded now."""
    found = _found(context, opened)
    if found is None:
        return Decision(Changes(), answer=False)
    issue, customer = found
    if issue.resolution != shown or customer.id not in issue.told or customer.id in issue.confirmed:
        return Decision(Changes(), answer=False)
    changes = judge(context, issue, customer, solved=solved)
    return Decision(changes or Changes(), changes is not None)


def _found(context: DecisionContext, opened: OpenedClosure) -> tuple[Issue, Customer] | None:
    issue, customer = context.snapshot.issue(opened.issue), context.snapshot.customer(opened.customer)
    if issue is None or customer is None or customer.id not in issue.customers:
        return None
    return issue, customer
