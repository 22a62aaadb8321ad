"""Commands on an issue, called by the team's chat, the API and the team's page.

A command looks the issue up, asks the table, and answers with one of `IssueResult`; a door only translates, in and out.
To add one, give it an event with its rows in `dialogs.issue` and a function here.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Invalid, IssueOutcome, NotFound
from bot.handlers.issues.customer_messages import is_reachable, who_is_not
from bot.handlers.issues.transitions import IssueCause, latest_of, move, open_issue
from dialogs.ids import RefKind, derive
from dialogs.issue.events import (
    Drafted,
    IssueAssigned,
    IssueClaimed,
    Judged,
    Merged,
    MoreFound,
    Questioned,
    Released,
    Reopened,
    Reported,
    Resolved,
)
from dialogs.issue.guards import takeover_from
from dialogs.issue.model import WITH_THE_TEAM, Draft, Issue, IssueKind, IssueState, TicketKey
from dialogs.names import is_same_person
from scoring.complaints import ComplaintVerdict, Judgement
from scoring.rules import Severity
from scoring.values import Value
from storage.model.records import IssueEvent
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = [
    "Actor",
    "IssueObstacle",
    "IssueRefusal",
    "IssueResult",
    "NewIssue",
    "Resolution",
    "ask_customer",
    "claim_issue",
    "create_issue",
    "draft_note",
    "judge_issue",
    "merge_issue",
    "move_issue",
    "refused",
    "release_issue",
    "reopen_issue",
    "report_progress",
    "resolve_issue",
]


class Actor(Value):
    """Who acts: `by` is the name shown, `who` identifies them (`telegram:5`).

    Where only the name is known, `who` is empty: whoever gives the holder's name is the holder, wherever that one
    claimed. So is, in a chat, whoever has the name of a holder of whom only the name is known.
    """

    by: str
    who: str = ""
    is_typed: bool = False
    """Whether anybody could have typed the name: it gives no rights of a lead."""

    def identity(self, issue: Issue) -> str:
        """Return what tells this person from others who act on the issue."""
        is_named = issue.claimant is not None and is_same_person(issue.claimed_by or "", self.by)
        if is_named and (not self.who or issue.claimant == self.by):
            return issue.claimant or self.by
        return self.who or self.by


_CLOSE_OUT = "alerts.close_out"


class IssueObstacle(StrEnum):
    """Why an issue does not allow a command now."""

    HELD = "held"
    NOT_YET = "not_yet"
    UNCLAIMED = "unclaimed"
    OVER = "over"
    QUESTION_OPEN = "question_open"
    UNREACHABLE = "unreachable"
    NO_CUSTOMER = "no_customer"
    NOT_CLOSED_OUT = "not_closed_out"


class IssueRefusal(Value):
    """A command that the issue does not allow now; `detail` says why, in a sentence for the API.

    `allowed_from` is from when it will be allowed, where only time stands in its way.
    """

    obstacle: IssueObstacle
    detail: str
    allowed_from: datetime | None = None


IssueResult = IssueOutcome | IssueRefusal | NotFound | Invalid


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
    """How an issue is resolved; `note` is the sentence that the customer reads, whole, unless `notify` is off."""

    note: str | None = None
    root_cause: str | None = None
    notify: bool = True


def claim_issue(context: DecisionContext, issue_id: str, actor: Actor) -> Decision[IssueResult]:
    """Take an issue; refused while somebody else has it."""
    return move_issue(context, issue_id, lambda issue: IssueClaimed(actor.identity(issue), actor.by))


def release_issue(context: DecisionContext, issue_id: str, actor: Actor) -> Decision[IssueResult]:
    """Release an issue to the team; only its holder can."""
    return move_issue(context, issue_id, lambda issue: Released(actor.identity(issue), actor.by))


def draft_note(
    context: DecisionContext, issue_id: str, actor: Actor, note: str, purpose: Draft | None = None
) -> Decision[IssueResult]:
    """Keep a text for the customer, to be looked at before it is sent; an unclaimed issue is claimed first."""
    return move_issue(context, issue_id, lambda issue: Drafted(actor.identity(issue), actor.by, note, purpose))


def report_progress(context: DecisionContext, issue_id: str, actor: Actor, text: str) -> Decision[IssueResult]:
    """Send the customer a progress note; an unclaimed issue is claimed first."""
    return _write(context, issue_id, lambda issue: Reported(actor.identity(issue), actor.by, text))


def ask_customer(context: DecisionContext, issue_id: str, actor: Actor, text: str) -> Decision[IssueResult]:
    """Send the customer a question, one at a time; an unclaimed issue is claimed first."""
    return _write(context, issue_id, lambda issue: Questioned(actor.identity(issue), actor.by, text))


def resolve_issue(
    context: DecisionContext, issue_id: str, actor: Actor, resolution: Resolution
) -> Decision[IssueResult]:
    """Resolve an issue; an unclaimed one is claimed first."""
    before = context.snapshot.issue(issue_id)
    known = before.judgement.cause if before is not None else ""
    note, cause, notify = resolution.note, resolution.root_cause or known or None, resolution.notify
    if notify and not note and before is not None:
        return refused(Invalid("note", "the customer reads it; write one, or set notify to false"))
    if before is not None and before.kind is IssueKind.COMPLAINT and not (note or cause or before.judgement.why):
        return refused(Invalid("note", "a complaint whose customer hears nothing needs a reason: why, or a cause"))
    missing = _missing_at_close(context, before, cause)
    if missing:
        detail = f"It is resolved once {', '.join(missing)} are known ({_CLOSE_OUT}); judge it with them."
        return refused(IssueRefusal(IssueObstacle.NOT_CLOSED_OUT, detail))
    return move_issue(
        context, issue_id, lambda issue: Resolved(actor.identity(issue), actor.by, note, cause, notify=notify)
    )


def _missing_at_close(context: DecisionContext, issue: Issue | None, cause: str | None) -> tuple[str, ...]:
    """Return what the check list of `alerts.close_out` lacks: the cause, the remedy, how it was verified."""
    if issue is None or issue.kind is IssueKind.CALL or issue.severity not in context.policy.close_out:
        return ()
    needed = (("cause", cause), ("remedy", issue.judgement.remedy), ("verification", issue.judgement.verification))
    return tuple(name for name, told in needed if not told)


def judge_issue(context: DecisionContext, issue_id: str, by: str, judgement: Judgement) -> Decision[IssueResult]:
    """Note what somebody found out about an issue; an invalid complaint needs its reason."""
    before = context.snapshot.issue(issue_id)
    why = judgement.why or (before.judgement.why if before is not None else "")
    if judgement.verdict is ComplaintVerdict.INVALID and not why:
        return refused(Invalid("why", "an invalid complaint needs its reason, which can be told to the customer"))
    if not judgement.words:
        return refused(Invalid("verdict", "nothing is said; give a verdict, a category or a remedy"))
    return move_issue(context, issue_id, lambda _issue: Judged(by, judgement))


def reopen_issue(context: DecisionContext, issue_id: str, actor: Actor, reason: str) -> Decision[IssueResult]:
    """Open a resolved or closed issue again."""
    return move_issue(context, issue_id, lambda _issue: Reopened(actor.by, reason))


def merge_issue(context: DecisionContext, issue_id: str, into_id: str, by: str | None) -> Decision[IssueResult]:
    """Make an issue part of another, which takes over its tickets, customers and responses; answer with that one."""
    issue, into = context.snapshot.issue(issue_id), context.snapshot.issue(into_id)
    if issue is not None and (into is None or into.id == issue.id):
        return refused(Invalid("into", f"there is no other issue {into_id!r}"))
    if issue is not None and into is not None and into.state not in WITH_THE_TEAM:
        return refused(IssueRefusal(IssueObstacle.OVER, "the other issue is no longer open"))
    merged = move_issue(context, issue_id, lambda _issue: Merged(into_id, by))
    if issue is None or into is None or not isinstance(merged.answer, IssueOutcome):
        return merged
    more = MoreFound(
        issue.reasons, issue.severity, issue.responses, issue.tickets, issue.customers, by=by, merged=issue.id
    )
    changes = merged.changes + (move(context.after(merged.changes), into, more) or Changes())
    return Decision(changes, _view(changes, into))


def create_issue(context: DecisionContext, new: NewIssue) -> Decision[IssueResult]:
    """Open an issue by hand."""
    ticket = context.snapshot.ticket(*new.ticket) if new.ticket else None
    if new.ticket and ticket is None:
        return refused(NotFound(f"ticket {'/'.join(new.ticket)}"))
    customer = new.customer or (ticket.customer if ticket else None)
    if customer and context.snapshot.customer(customer) is None:
        return refused(NotFound(f"customer {customer}"))
    finding = IssueCause(
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
    issue = context.after(changes).snapshot.issue(derive(RefKind.ISSUE, *finding.seed))
    if issue is None:
        return refused(NotFound(f"issue {new.seed}"))
    return Decision(changes, IssueOutcome(issue, _added(changes, issue), created=True))


def move_issue(context: DecisionContext, issue_id: str, event_for: Callable[[Issue], object]) -> Decision[IssueResult]:
    """Move an issue by an event; a repetition is answered in the same way and changes nothing."""
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return refused(NotFound(f"issue {issue_id}"))
    event = event_for(issue)
    changes = move(context, issue, event)
    return refused(_refusal(context, issue, event)) if changes is None else Decision(changes, _view(changes, issue))


def _write(context: DecisionContext, issue_id: str, event_for: Callable[[Issue], object]) -> Decision[IssueResult]:
    """Move the issue by an event that writes to its customers; refused where none of them can be reached."""
    decision, issue = move_issue(context, issue_id, event_for), context.snapshot.issue(issue_id)
    if issue is None or not isinstance(decision.answer, IssueOutcome) or is_reachable(context, issue):
        return decision
    why = who_is_not(context, issue)
    if not why:
        return refused(IssueRefusal(IssueObstacle.NO_CUSTOMER, "this issue is about no customer"))
    detail = f"no customer of this issue can be written to ({why})"
    return refused(IssueRefusal(IssueObstacle.UNREACHABLE, detail))


def refused(answer: IssueRefusal | NotFound | Invalid) -> Decision[IssueResult]:
    """Return a refusal, which changes nothing."""
    return Decision(Changes(), answer)


def _refusal(context: DecisionContext, issue: Issue, event: object) -> IssueRefusal:
    """Return why the table has no row for a command."""
    if isinstance(event, Questioned) and issue.question and issue.claimant in (None, event.who):
        detail = "the customer has been asked already and has not answered yet"
        return IssueRefusal(IssueObstacle.QUESTION_OPEN, detail)
    if isinstance(event, IssueAssigned) and issue.state is IssueState.CLAIMED:
        free = takeover_from(issue, context.issue_terms)
        detail = (
            f"{issue.claimed_by} has this issue; a lead may take it over now, others from {free:%Y-%m-%dT%H:%M:%SZ} on"
        )
        return IssueRefusal(IssueObstacle.NOT_YET, detail, free)
    if issue.state is IssueState.CLAIMED:
        return IssueRefusal(IssueObstacle.HELD, f"{issue.claimed_by} has this issue")
    is_open = issue.state is IssueState.OPEN
    return IssueRefusal(IssueObstacle.UNCLAIMED if is_open else IssueObstacle.OVER, f"the issue is {issue.state}")


def _view(changes: Changes, issue: Issue) -> IssueOutcome:
    return IssueOutcome(latest_of(changes, issue), _added(changes, issue))


def _added(changes: Changes, issue: Issue) -> tuple[IssueEvent, ...]:
    return tuple(r for r in changes.records if isinstance(r, IssueEvent) and r.issue == issue.id)
