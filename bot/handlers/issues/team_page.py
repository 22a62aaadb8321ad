"""The team's page of one issue: what it shows, and the commands that its buttons give."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Invalid, IssueOutcome, NotFound
from bot.handlers.issues import commands
from bot.handlers.issues.commands import Actor, IssueObstacle, IssueRefusal, IssueResult, Resolution
from bot.handlers.issues.contact_details import HolderLink, holder_token, is_told_alone
from bot.handlers.issues.customer_messages import closure_of, customers_of
from bot.handlers.issues.page_links import page_of
from bot.handlers.issues.team_messages import card_facts
from bot.handlers.issues.team_previews import ready_for
from bot.handlers.issues.transitions import latest_of
from bot.handlers.issues.workers import assign_issue, known_as, worker_names
from dialogs.issue.cards import CardFacts
from dialogs.issue.closure_message import closure
from dialogs.issue.guards import takeover_from
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, IssueState
from dialogs.messages import Prompt
from dialogs.names import is_same_person
from scoring.values import Value, replace
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "IssueAction",
    "IssueSheet",
    "IssueSubmission",
    "Reach",
    "SubmissionOutcome",
    "needs",
    "submit_action",
    "view_issue",
]


class IssueAction(StrEnum):
    """A button of the page."""

    CLAIM = "claim"
    RELEASE = "release"
    DRAFT = "draft"
    SEND = "send"
    SILENTLY = "silently"
    CALL_MADE = "rung"
    PROGRESS = "progress"
    ASK = "ask"
    ASSIGN = "assign"
    TAKE = "take"
    MERGE = "merge"


class IssueSubmission(Value):
    """A press under the name `by`, on a page that showed resolution `round` and draft number `draft`.

    `to` is whom it is given to, `into` the id of the issue that it is merged into, empty where there is none. `link` is
    the holder's, where the page was opened by one: a name that somebody types proves nothing. `is_own` says that the
    browser has the name from the person's own link.
    """

    act: IssueAction
    issue: str
    by: str
    round: int
    draft: int = 0
    note: str = ""
    to: str = ""
    into: str = ""
    link: HolderLink | None = None
    is_own: bool = False

    def is_proven(self, issue: Issue) -> bool:
        """Return whether it comes from whoever is called so, where they hold the issue."""
        is_holders = self.link is not None and self.link.opens(issue) and is_same_person(self.link.name, self.by)
        return is_holders or self.is_own


class Submitted(Value):
    """What a press has led to; `token` opens the page for whoever has become the holder by it."""

    outcome: "SubmissionOutcome"
    token: str = ""


class SubmissionOutcome(StrEnum):
    """What a press has led to; the page words it."""

    CLAIMED = "claimed"
    RELEASED = "released"
    DRAFTED = "drafted"
    SENT = "sent"
    SILENT = "silent"
    HELD = "held"
    OVER = "settled"
    TOLD = "told"
    ASKED = "asked"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    MERGED = "merged"
    NOT_YET = "not_yet"
    NO_SUCH = "no_such"
    UNREACHED = "unreached"
    STALE = "stale"
    NOT_ALLOWED = "not_allowed"
    NOT_PROVEN = "not_proven"
    NOT_CLOSED_OUT = "not_closed_out"


class Reach(StrEnum):
    """Whether a customer can be told."""

    OK = "ok"
    NOBODY = "nobody"
    """No chat can be used now: the team will be asked to call."""
    OPTED_OUT = "opted_out"
    NO_CUSTOMER = "no_customer"


class IssueSheet(Value):
    """An issue as its page shows it. `people` may work on it; None where whoever has the link may.

    `preview` is the closure as the customer will read it; `ready` is a suggested question where the complaint is vague;
    `in_full` it says who the customer is and how to reach them, for whoever holds it; `goes_on_at` is the page of the
    issue that this one was merged into; from `free_from` on anybody may take it over.
    """

    issue: Issue
    facts: CardFacts
    people: tuple[str, ...] | None = None
    preview: Prompt | None = None
    reach: Reach = Reach.OK
    goes_on_at: str = ""
    ready: str = ""
    in_full: bool = False
    free_from: datetime | None = None


def needs(issue: str, into: str = "") -> Needs:
    """Return the need for the issue, the one that it is merged into, and the roster."""
    return Needs(issues=frozenset({issue, into or issue}), roster=True)


def view_issue(
    context: DecisionContext, issue_id: str, locale: str, link: HolderLink | None = None, own_name: str = ""
) -> IssueSheet | None:
    """Return the page's contents in the reader's language, None where there is no such issue.

    `link` is that of a holder, if the page was opened by one; `own_name` is the name that the browser has by the
    person's own link.
    """
    issue = context.snapshot.issue(issue_id)
    if issue is None:
        return None
    known, people = customers_of(context, issue), worker_names(context)
    into = context.snapshot.issue(issue.merged_into) if issue.merged_into else None
    name = link.name if link is not None and link.opens(issue) else own_name
    is_holders = issue.state is IssueState.CLAIMED and issue.claimed_by == name
    return IssueSheet(
        issue,
        card_facts(_spoken(context, locale), issue),
        people=people,
        preview=_preview(context, issue, known),
        reach=_reach(context, known),
        goes_on_at=page_of(context, into) if into is not None else "",
        ready=ready_for(context, issue),
        in_full=is_holders and (people is None or name in people),
        free_from=takeover_from(issue, context.issue_terms) if issue.state is IssueState.CLAIMED else None,
    )


def submit_action(context: DecisionContext, submission: IssueSubmission) -> Decision[Submitted]:
    """Apply a press, unless the page is out of date, the name is not allowed, or the issue refuses."""
    issue, people = context.snapshot.issue(submission.issue), worker_names(context)
    submission = replace(submission, by=known_as(context, submission.by))
    if people is not None and submission.by not in people:
        return _unchanged(SubmissionOutcome.NOT_ALLOWED)
    if issue is None or issue.resolution != submission.round or _is_behind(issue, submission):
        return _unchanged(SubmissionOutcome.STALE)
    is_in_their_name = issue.state is IssueState.CLAIMED and is_same_person(issue.claimed_by or "", submission.by)
    takes_proof = submission.act in _OF_HOLDERS or is_told_alone(context, issue)
    if is_in_their_name and takes_proof and not submission.is_proven(issue):
        return _unchanged(SubmissionOutcome.NOT_PROVEN)
    decision = _command(context, issue, submission)
    match decision.answer:
        case IssueOutcome(done):
            token = _holder_token(context.after(decision.changes), issue, submission.by)
            return Decision(decision.changes, Submitted(_done(submission.act, done), token))
        case IssueRefusal(obstacle):
            return _unchanged(_REFUSED[obstacle])
        case NotFound() | Invalid():
            is_merge = submission.act is IssueAction.MERGE
            return _unchanged(SubmissionOutcome.NO_SUCH if is_merge else SubmissionOutcome.STALE)
        case never:
            assert_never(never)


def _unchanged(outcome: SubmissionOutcome) -> Decision[Submitted]:
    return Decision(Changes(), Submitted(outcome))


def _holder_token(context: DecisionContext, before: Issue, by: str) -> str:
    """Return the token for somebody who has become the holder; empty for whoever was, or is not."""
    after = context.snapshot.issue(before.id)
    is_new = after is not None and after.state is IssueState.CLAIMED and after.claimant != before.claimant
    return holder_token(context, after) if after is not None and is_new and after.claimed_by == by else ""


def _command(context: DecisionContext, issue: Issue, submission: IssueSubmission) -> Decision[IssueResult]:
    return _COMMANDS[submission.act](context, issue, Actor(submission.by, is_typed=not submission.is_own), submission)


def _resolve(
    context: DecisionContext, issue: Issue, actor: Actor, submission: IssueSubmission
) -> Decision[IssueResult]:
    note = None if submission.act is IssueAction.CALL_MADE else issue.draft
    resolution = Resolution(note, notify=submission.act is IssueAction.SEND)
    return commands.resolve_issue(context, issue.id, actor, resolution)


def _merge(context: DecisionContext, issue: Issue, actor: Actor, submission: IssueSubmission) -> Decision[IssueResult]:
    """Merge the issue, and answer with it instead of the one that it went into."""
    decision = commands.merge_issue(context, issue.id, submission.into, actor.by)
    if not isinstance(decision.answer, IssueOutcome):
        return decision
    return Decision(decision.changes, IssueOutcome(latest_of(decision.changes, issue)))


def _is_behind(issue: Issue, submission: IssueSubmission) -> bool:
    """Return whether the page showed another draft than the current one, or a button that does not apply."""
    if submission.act in (IssueAction.SEND, IssueAction.SILENTLY):
        is_other = issue.draft is None or issue.draft_for is not None or issue.drafts != submission.draft
        return issue.state in WITH_THE_TEAM and is_other
    if submission.act is IssueAction.ASK and issue.question is not None and issue.state in WITH_THE_TEAM:
        return True
    return submission.act is IssueAction.CALL_MADE and issue.kind is not IssueKind.CALL


def _done(act: IssueAction, issue: Issue) -> SubmissionOutcome:
    """Return what was done; a closure told nobody where all are unreachable or opted out."""
    if act is IssueAction.SEND:
        return SubmissionOutcome.SENT if issue.told else SubmissionOutcome.SILENT
    return _DONE[act]


_REFUSED = {
    IssueObstacle.HELD: SubmissionOutcome.HELD,
    IssueObstacle.NOT_YET: SubmissionOutcome.NOT_YET,
    IssueObstacle.UNCLAIMED: SubmissionOutcome.STALE,
    IssueObstacle.OVER: SubmissionOutcome.OVER,
    IssueObstacle.QUESTION_OPEN: SubmissionOutcome.STALE,
    IssueObstacle.UNREACHABLE: SubmissionOutcome.UNREACHED,
    IssueObstacle.NO_CUSTOMER: SubmissionOutcome.UNREACHED,
    IssueObstacle.NOT_CLOSED_OUT: SubmissionOutcome.NOT_CLOSED_OUT,
}
_DONE = {
    IssueAction.CLAIM: SubmissionOutcome.CLAIMED,
    IssueAction.RELEASE: SubmissionOutcome.RELEASED,
    IssueAction.DRAFT: SubmissionOutcome.DRAFTED,
    IssueAction.SILENTLY: SubmissionOutcome.SILENT,
    IssueAction.CALL_MADE: SubmissionOutcome.SILENT,
    IssueAction.PROGRESS: SubmissionOutcome.TOLD,
    IssueAction.ASK: SubmissionOutcome.ASKED,
    IssueAction.ASSIGN: SubmissionOutcome.ASSIGNED,
    IssueAction.TAKE: SubmissionOutcome.TAKEN,
    IssueAction.MERGE: SubmissionOutcome.MERGED,
}


_OF_HOLDERS = frozenset({IssueAction.RELEASE, IssueAction.ASSIGN})
"""By these others could get hold of an issue: in the name of its holder they take proof.

So does everything else where the holder has a chat of their own with us, in which they have a link.
"""
_COMMANDS: Mapping[IssueAction, Callable[[DecisionContext, Issue, Actor, IssueSubmission], Decision[IssueResult]]] = {
    IssueAction.CLAIM: lambda context, issue, actor, _: commands.claim_issue(context, issue.id, actor),
    IssueAction.RELEASE: lambda context, issue, actor, _: commands.release_issue(context, issue.id, actor),
    IssueAction.DRAFT: lambda context, issue, actor, told: commands.draft_note(context, issue.id, actor, told.note),
    IssueAction.SEND: _resolve,
    IssueAction.SILENTLY: _resolve,
    IssueAction.CALL_MADE: _resolve,
    IssueAction.PROGRESS: lambda context, issue, actor, told: commands.report_progress(
        context, issue.id, actor, told.note
    ),
    IssueAction.ASK: lambda context, issue, actor, told: commands.ask_customer(context, issue.id, actor, told.note),
    IssueAction.ASSIGN: lambda context, issue, actor, told: assign_issue(context, issue.id, actor, told.to),
    IssueAction.TAKE: lambda context, issue, actor, _: assign_issue(context, issue.id, actor, actor.by),
    IssueAction.MERGE: _merge,
}


def _preview(context: DecisionContext, issue: Issue, known: Sequence[Customer]) -> Prompt | None:
    """Return the closure's draft as the issue's first customer will read it."""
    if issue.draft is None or issue.draft_for is not None:
        return None
    if known:
        return closure_of(context, issue, known[0])
    return closure(issue.draft, "", issue.id, issue.resolution, context.policy.phrases, context.policy.team_speaks)


def _reach(context: DecisionContext, known: Sequence[Customer]) -> Reach:
    wanting = [customer for customer in known if customer.opted_out_at is None]
    if not wanting:
        return Reach.OPTED_OUT if known else Reach.NO_CUSTOMER
    return Reach.OK if any(usable_contact(context, customer.id) for customer in wanting) else Reach.NOBODY


def _spoken(context: DecisionContext, locale: str) -> DecisionContext:
    """Return the context with another language for the team."""
    policy: Policy = replace(context.policy, team_locale=locale)
    return replace(context, policy=policy)
