"""The same work on issues by API: claim, release, resolve, reopen, merge, create."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, IssueView, NotFound
from bot.handlers.issues.customer_messages import is_reachable, who_is_not
from bot.handlers.issues.transitions import Finding, latest_of, move, open_issue
from dialogs.ids import derive
from dialogs.issue.events import Claimed, Drafted, Merged, MoreFound, Questioned, Released, Reopened, Reported, Resolved
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, IssueState, TicketKey
from scoring.rules import Severity
from scoring.values import Value
from storage.model.records import IssueEvent
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = [
    "Answer",
    "NewIssue",
    "Resolution",
    "ask",
    "claim",
    "create",
    "draft",
    "merge",
    "progress",
    "release",
    "reopen",
    "resolve",
]

_NOBODY = "this issue is about no customer"

Answer = IssueView | NotFound | Conflict | Invalid


class NewIssue(Value):
    """An issue that a person opens; `seed` makes it this one and no other."""

    seed: str
    title: str
    text: str = ""
    ticket: TicketKey | None = None
    customer: str | None = None
    severity: Severity = Severity.NORMAL
    by: str | None = None


class Resolution(Value):
    """How somebody resolves an issue; `note` is the sentence that the customer reads, whole."""

    by: str
    note: str | None = None
    root_cause: str | None = None
    notify: bool = True


def claim(context: DecisionContext, issue_id: str, by: str) -> Decision[Answer]:
    """Take an issue; refused while somebody else has it."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    return _moved(context, issue, Claimed(_who(issue, by), by))


def release(context: DecisionContext, issue_id: str, by: str) -> Decision[Answer]:
    """Return an issue back; only its holder can."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    return _moved(context, issue, Released(_who(issue, by), by))


def draft(context: DecisionContext, issue_id: str, by: str, note: str) -> Decision[Answer]:
    """Keep the sentence for the customer, to be looked at before it is sent; an unclaimed issue is claimed first."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    return _moved(context, issue, Drafted(_who(issue, by), by, note))


def resolve(context: DecisionContext, issue_id: str, resolution: Resolution) -> Decision[Answer]:
    """Resolve an issue; an unclaimed one is claimed first."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    by, note, notify = resolution.by, resolution.note, resolution.notify
    if notify and not note:
        return Decision(Changes(), Invalid("note", "the customer reads it; write one, or set notify to false"))
    event = Resolved(_who(issue, by), by, note, resolution.root_cause, notify=notify)
    return _moved(context, issue, event)


def progress(context: DecisionContext, issue_id: str, by: str, text: str) -> Decision[Answer]:
    """Tell the customer how it goes; an unclaimed issue is claimed first."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    return _written(context, issue, Reported(_who(issue, by), by, text))


def ask(context: DecisionContext, issue_id: str, by: str, text: str) -> Decision[Answer]:
    """Ask the customer something, one question at a time; an unclaimed issue is claimed first."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    if issue.question and issue.claimed_by in (None, by):
        return Decision(Changes(), Conflict("the customer has been asked already and has not answered yet"))
    return _written(context, issue, Questioned(_who(issue, by), by, text))


def reopen(context: DecisionContext, issue_id: str, by: str, reason: str) -> Decision[Answer]:
    """Open a resolved or closed issue again."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return _no_issue(issue_id)
    return _moved(context, issue, Reopened(by, reason))


def merge(context: DecisionContext, issue_id: str, into_id: str, by: str | None) -> Decision[Answer]:
    """Make an issue part of another, which takes over its tickets, customers and responses."""
    issue, into = context.snapshot.issue(issue_id), context.snapshot.issue(into_id)
    if issue is None:
        return _no_issue(issue_id)
    if into is None or into.id == issue.id:
        return Decision(Changes(), Invalid("into", f"there is no other issue {into_id!r}"))
    if into.state not in WITH_THE_TEAM:
        return Decision(Changes(), Conflict("the other issue is no longer open"))
    changes = move(context, issue, Merged(into.id, by))
    if changes is None:
        return Decision(Changes(), Conflict(f"the issue is {issue.state.value}"))
    more = MoreFound(
        issue.reasons, issue.severity, issue.responses, issue.tickets, issue.customers, by=by, merged=issue.id
    )
    changes += move(context.after(changes), into, more) or Changes()
    return Decision(changes, _view(changes, into))


def create(context: DecisionContext, new: NewIssue) -> Decision[Answer]:
    """Open an issue by hand."""
    ticket = context.snapshot.ticket(*new.ticket) if new.ticket else None
    if new.ticket and ticket is None:
        return Decision(Changes(), NotFound(f"ticket {'/'.join(new.ticket)}"))
    customer = new.customer or (ticket.customer if ticket else None)
    if customer and context.snapshot.customer(customer) is None:
        return Decision(Changes(), NotFound(f"customer {customer}"))
    finding = Finding(
        kind=IssueKind.MANUAL,
        severity=new.severity,
        reasons=(),
        seed=("manual", new.seed),
        ticket=new.ticket,
        customer=customer,
        title=new.title,
        text=new.text,
        by=new.by,
    )
    changes = open_issue(context, finding)
    issue = context.after(changes).snapshot.issue(derive("iss", *finding.seed))
    if issue is None:
        return _no_issue(new.seed)
    return Decision(changes, IssueView(issue, _added(changes, issue), created=True))


def _written(context: DecisionContext, issue: Issue, event: Reported | Questioned) -> Decision[Answer]:
    """Write to the customer, if anybody reads it; what reaches nobody is not written down as told."""
    decision = _moved(context, issue, event)
    if isinstance(decision.answer, Conflict) or is_reachable(context, issue):
        return decision
    why = who_is_not(context, issue)
    return Decision(Changes(), Conflict(f"no customer of this issue can be written to ({why})" if why else _NOBODY))


def _moved(context: DecisionContext, issue: Issue, event: object) -> Decision[Answer]:
    changes = move(context, issue, event)
    if changes is None:
        return Decision(Changes(), Conflict(_why_not(issue)))
    return Decision(changes, _view(changes, issue) if changes else IssueView(issue))


def _view(changes: Changes, issue: Issue) -> IssueView:
    return IssueView(latest_of(changes, issue), _added(changes, issue))


def _added(changes: Changes, issue: Issue) -> tuple[IssueEvent, ...]:
    return tuple(r for r in changes.records if isinstance(r, IssueEvent) and r.issue == issue.id)


def _who(issue: Issue, by: str) -> str:
    """Identify whoever calls: under the holder's name they are the holder, wherever that one claimed."""
    return issue.claimant if issue.claimant and issue.claimed_by == by else by


def _why_not(issue: Issue) -> str:
    if issue.state is IssueState.CLAIMED:
        return f"{issue.claimed_by} has this issue"
    return f"the issue is {issue.state.value}"


def _no_issue(issue_id: str) -> Decision[Answer]:
    return Decision(Changes(), NotFound(f"issue {issue_id}"))
