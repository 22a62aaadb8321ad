"""What the rows of the issue's table do: the issue as it is then, its timeline line, and other effects.

An action that changes nothing gives no effects, and so writes no line.
"""

from typing import TypeVar

from dialogs.issue.events import (
    ClosureUndelivered,
    Confirmed,
    CustomerWrote,
    Denied,
    DeniedThroughMerged,
    Drafted,
    Effect,
    IssueAssigned,
    IssueClaimed,
    IssueHappening,
    Judged,
    Merged,
    MoreFound,
    QuestionAnswered,
    Questioned,
    QuestionUndelivered,
    Reopened,
    Reported,
    Resolved,
    TimelineLine,
)
from dialogs.issue.model import CLOSES_AFTER, Issue, IssueKind, IssueState, IssueTerms, Quote
from dialogs.sanitize import clipped
from scoring.values import replace

__all__ = [
    "assign",
    "change_nothing",
    "close",
    "close_confirmed",
    "close_merged",
    "escalate",
    "join",
    "judge",
    "keep_draft",
    "open_again",
    "open_again_and_listen",
    "put_back",
    "question",
    "quote",
    "reassign",
    "record_confirmation",
    "record_line",
    "record_unsent",
    "remind_holder",
    "report",
    "resolve",
    "resolve_silently",
    "take",
    "take_and_keep_draft",
    "take_and_question",
    "take_and_report",
    "take_and_resolve",
    "take_and_resolve_silently",
    "take_answer",
    "take_back_question",
    "take_back_told",
]

T = TypeVar("T")
Outcome = tuple[Issue, tuple[Effect | TimelineLine, ...]]

_QUOTED = 300
"""Characters of each of the customer's sayings that an issue keeps for its card; the timeline has them all."""
_QUOTES = 12
_UNTRUE_BEFORE = 1
"""After how many resolutions before this one "not solved" makes an issue more severe: they were told "fixed" twice."""


def take(issue: Issue, event: IssueClaimed, terms: IssueTerms) -> Outcome:
    return _taken(issue, event, terms), (event.line, Effect.CARD)


def assign(issue: Issue, event: IssueAssigned, terms: IssueTerms) -> Outcome:
    return _held_by(issue, event.to_who, event.to, terms), (event.line, Effect.CARD, Effect.TELL_HOLDERS)


def reassign(issue: Issue, event: IssueAssigned, terms: IssueTerms) -> Outcome:
    """Pass it on to another person, who has the whole time again; what the former holder drafted is theirs."""
    return assign(replace(issue, draft=None, draft_for=None), event, terms)


def change_nothing(issue: Issue, _event: object, _t: IssueTerms) -> Outcome:
    return issue, ()


def record_line(issue: Issue, event: IssueHappening, _t: IssueTerms) -> Outcome:
    return issue, (event.line, Effect.CARD)


def record_unsent(issue: Issue, event: IssueHappening, _t: IssueTerms) -> Outcome:
    return issue, (event.line,)  # the resolution, on whose way this happens, draws the card


def judge(issue: Issue, event: Judged, terms: IssueTerms) -> Outcome:
    """Note what was found out; what says nothing new writes no line."""
    before, found = issue.judgement, event.judgement
    fresh = replace(
        before,
        verdict=found.verdict or before.verdict,
        why=found.why or before.why,
        category=found.category or before.category,
        remedy=found.remedy or before.remedy,
        cause=found.cause or before.cause,
        verification=found.verification or before.verification,
    )
    if fresh == before:
        return issue, ()
    judged = replace(issue, judgement=replace(fresh, by=event.by, at=terms.now))
    return judged, (event.line, Effect.CARD)


def put_back(issue: Issue, event: IssueHappening, terms: IssueTerms) -> Outcome:
    return _unclaimed(issue, terms), (event.line, Effect.CARD)


def keep_draft(issue: Issue, event: Drafted, _t: IssueTerms) -> Outcome:
    return _drafted(issue, event), (event.line,)


def take_and_keep_draft(issue: Issue, event: Drafted, terms: IssueTerms) -> Outcome:
    return _drafted(_taken(issue, event, terms), event), (event.line, Effect.CARD)


def report(issue: Issue, event: Reported, _t: IssueTerms) -> Outcome:
    told = _reported(issue, event)
    return (issue, ()) if told == issue else (told, (event.line, Effect.CARD, Effect.TELL_PROGRESS))


def take_and_report(issue: Issue, event: Reported, terms: IssueTerms) -> Outcome:
    return _reported(_taken(issue, event, terms), event), (event.line, Effect.CARD, Effect.TELL_PROGRESS)


def question(issue: Issue, event: Questioned, terms: IssueTerms) -> Outcome:
    waiting = replace(issue, question=event.question, asked_at=terms.now, draft=None, draft_for=None)
    return waiting, (event.line, Effect.CARD, Effect.ASK_CUSTOMERS)


def take_and_question(issue: Issue, event: Questioned, terms: IssueTerms) -> Outcome:
    return question(_taken(issue, event, terms), event, terms)


def take_answer(issue: Issue, event: QuestionAnswered, terms: IssueTerms) -> Outcome:
    return _quoting(_unasked(issue), event.text, terms), (event.line, Effect.CARD)


def take_back_question(issue: Issue, event: QuestionUndelivered, _t: IssueTerms) -> Outcome:
    return _unasked(issue), (event.line, Effect.CARD)


def quote(issue: Issue, event: CustomerWrote, terms: IssueTerms) -> Outcome:
    said = issue if issue.question is not None else _unasked(issue)
    return (said if event.unread else _quoting(said, event.text, terms)), (event.line, Effect.CARD)


def resolve(issue: Issue, event: Resolved, terms: IssueTerms) -> Outcome:
    waiting = replace(_noted(issue, event, terms), wake_at=terms.now + CLOSES_AFTER)
    return waiting, (event.line, Effect.CARD, Effect.TELL_CUSTOMERS)


def take_and_resolve(issue: Issue, event: Resolved, terms: IssueTerms) -> Outcome:
    return resolve(_taken(issue, event, terms), event, terms)


def resolve_silently(issue: Issue, event: Resolved, terms: IssueTerms) -> Outcome:
    return _closed(_noted(issue, event, terms), terms), (event.line, Effect.CARD)


def take_and_resolve_silently(issue: Issue, event: Resolved, terms: IssueTerms) -> Outcome:
    return resolve_silently(_taken(issue, event, terms), event, terms)


def take_back_told(issue: Issue, event: ClosureUndelivered, _t: IssueTerms) -> Outcome:
    told = tuple(customer for customer in issue.told if customer != event.customer)
    untold = issue if issue.merged_into else replace(issue, told=told)
    # A call is made because chat does not reach the customer: a second call would not either.
    ring = () if issue.kind is IssueKind.CALL else (Effect.CALL_CUSTOMER,)
    return untold, (event.line, *ring, Effect.CARD)


def record_confirmation(issue: Issue, event: Confirmed, _t: IssueTerms) -> Outcome:
    said = _confirmed(issue, event)
    return (issue, ()) if said == issue else (said, (event.line, Effect.CARD))


def close_confirmed(issue: Issue, event: Confirmed, terms: IssueTerms) -> Outcome:
    return _closed(_confirmed(issue, event), terms), (event.line, Effect.CARD)


def close(issue: Issue, event: IssueHappening, terms: IssueTerms) -> Outcome:
    return _closed(issue, terms), (event.line, Effect.CARD)


def open_again_and_listen(issue: Issue, event: Denied | DeniedThroughMerged, terms: IssueTerms) -> Outcome:
    is_again = issue.resolution >= _UNTRUE_BEFORE
    told_untruly = replace(issue, severity=issue.severity.raised) if is_again else issue
    opened, effects = open_again(told_untruly, event, terms)
    return replace(opened, asked_at=terms.now), effects


def open_again(issue: Issue, event: Denied | DeniedThroughMerged | Reopened, terms: IssueTerms) -> Outcome:
    fresh = replace(
        _unclaimed(issue, terms),
        resolution=issue.resolution + 1,
        note=None,
        told=(),
        confirmed=(),
        resolved_at=None,
        closed_at=None,
    )
    return fresh, (event.line, Effect.TELL_TEAM_REOPENED)


def escalate(issue: Issue, event: IssueHappening, _t: IssueTerms) -> Outcome:
    return replace(issue, escalated=True, wake_at=None), (event.line, Effect.TELL_TEAM_OVERDUE)


def remind_holder(issue: Issue, event: IssueHappening, terms: IssueTerms) -> Outcome:
    return replace(issue, wake_at=terms.escalate_at), (event.line, Effect.CARD, Effect.REMIND_HOLDER)


def join(issue: Issue, event: MoreFound, terms: IssueTerms) -> Outcome:
    joined = replace(
        issue,
        reasons=_with(issue.reasons, event.reasons),
        severity=issue.severity.at_least(event.severity),
        responses=_with(issue.responses, event.responses),
        tickets=_with(issue.tickets, event.tickets),
        customers=_with(issue.customers, event.customers),
    )
    joined = _hurried(joined, terms) if joined.severity is not issue.severity else joined
    return joined if event.merged or event.unread else _quoting(joined, event.text, terms), (event.line, Effect.CARD)


def close_merged(issue: Issue, event: Merged, terms: IssueTerms) -> Outcome:
    told = (Effect.TELL_HOLDERS,) if issue.state is IssueState.CLAIMED else ()
    return replace(_closed(issue, terms), merged_into=event.into), (event.line, Effect.CARD, *told)


def _taken(issue: Issue, event: IssueClaimed | Drafted | Resolved | Reported | Questioned, terms: IssueTerms) -> Issue:
    return _held_by(issue, event.who, event.by, terms)


def _held_by(issue: Issue, who: str, by: str, terms: IssueTerms) -> Issue:
    """Return the issue in somebody's hands, with the whole time to resolve it."""
    due = terms.resolve_by
    held = replace(issue, claimed_by=by, claimant=who, claimed_at=terms.now, escalated=False)
    return replace(held, due_at=due, wake_at=due)


def _drafted(issue: Issue, event: Drafted) -> Issue:
    return replace(issue, draft=event.note, drafts=issue.drafts + 1, draft_for=event.purpose)


def _reported(issue: Issue, event: Reported) -> Issue:
    return replace(issue, progress=event.note, draft=None, draft_for=None)


def _confirmed(issue: Issue, event: Confirmed) -> Issue:
    return replace(issue, confirmed=_with(issue.confirmed, (event.customer,)))


def _unclaimed(issue: Issue, terms: IssueTerms) -> Issue:
    """Return the issue without a holder, with a new time by which it has to be claimed."""
    due = terms.claim_by(issue.severity)
    free = replace(issue, claimed_by=None, claimant=None, claimed_at=None, draft=None, draft_for=None)
    return replace(free, escalated=False, due_at=due, wake_at=due)


def _hurried(issue: Issue, terms: IssueTerms) -> Issue:
    """Return an issue that has become more severe: what nobody holds may have to be claimed sooner."""
    due = terms.claim_by(issue.severity)
    if issue.state is not IssueState.OPEN or issue.escalated or issue.due_at is None or issue.due_at <= due:
        return issue
    return replace(issue, due_at=due, wake_at=due)


def _noted(issue: Issue, event: Resolved, terms: IssueTerms) -> Issue:
    cause = event.root_cause or issue.root_cause
    noted = replace(issue, note=event.note, root_cause=cause, resolved_at=terms.now)
    return replace(_overtaken(noted), told=(), confirmed=(), due_at=None)


def _closed(issue: Issue, terms: IssueTerms) -> Issue:
    return replace(_overtaken(issue), closed_at=terms.now, due_at=None, wake_at=None)


def _overtaken(issue: Issue) -> Issue:
    """Return the issue without what an outcome replaces: a draft, the last progress note, an open question."""
    return replace(_unasked(issue), draft=None, draft_for=None, progress=None)


def _unasked(issue: Issue) -> Issue:
    return replace(issue, question=None, asked_at=None)


def _quoting(issue: Issue, text: str, terms: IssueTerms) -> Issue:
    """Return the issue with more of the customer's words to show on its card, the latest last."""
    if not text:
        return issue
    return replace(issue, quotes=(*issue.quotes, Quote(terms.now, clipped(text, _QUOTED)))[-_QUOTES:])


def _with(old: tuple[T, ...], new: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*old, *new)))
