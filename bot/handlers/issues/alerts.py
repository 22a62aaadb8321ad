"""Alerts: when ratings or words of a customer open an issue, or join one.

`raise_issues` is called after each step of an interview (`advance` in `bot/handlers/surveys/interview.py`):

- an alert word counts at once;
- a low rating waits, so that a mistap can be corrected: it counts when everything was asked (also where it is asked
  then whether another rating was meant), or `alerts.settle` (60 s as shipped) after the last rating. `_settle_at`
  writes that moment into the interview as `settle_at`, and with it `Interview.wake_at`; the scheduler brings the
  interview to `_wake_interview` in `bot/handlers/due.py`, which calls `raise_issues` again;
- what nobody has a word for is found by whoever reads texts as a whole, about a minute later: `raise_from_reading`;
- what counts is opened once: `assessed` has what was raised before; a rating that is corrected after that becomes a
  line in the issue's timeline (`_corrected`).

`assess` in `scoring/rules.py` compares with the limits: a rating with `alerts.rating_at_or_below` (2 as shipped, on
1–5; the survey's `remark.at_or_below` only decides whether it asks why). The issue, its timeline and the team's card
come from `open_issue`, in the same commit; where the ticket has an issue with the team already, the finding joins that
one (`_report`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.issues.team_messages import alert_reading_messages, alert_word_messages
from bot.handlers.issues.transitions import IssueCause, latest_of, move, open_issue
from dialogs.interview.events import HandedOver, HandoverReason
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.invitation.feedback import is_feedback
from dialogs.issue.events import CustomerWrote, MoreFound, RatingCorrected
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, TicketKey
from dialogs.issue.reasons import CustomerComplained, PersonWanted, Reason, TwiceNotUnderstood
from dialogs.survey import in_locale
from dialogs.understanding.read import is_small_talk
from scoring.rules import (
    AlertKind,
    AlertReading,
    AlertReason,
    AlertSubject,
    AlertWord,
    Assessment,
    Severity,
    alert_words,
    assess,
)
from scoring.values import Value, replace
from storage.model.records import Customer
from storage.unit_of_work.changes import Changes

__all__ = [
    "AlertTrigger",
    "issue_with_team",
    "raise_from_reading",
    "raise_from_words",
    "raise_in_issue",
    "raise_issues",
    "raise_settled",
]

_NOTHING = Assessment()
_ALL_ASKED = (*FINAL, InterviewState.CLARIFYING)


class AlertTrigger(Value):
    """What advanced an interview: its `cause`, words that are no answer, and what was `handed` over to a person."""

    cause: str
    text: str = ""
    handed: HandedOver | None = None


def raise_issues(
    context: DecisionContext, before: Interview, after: Interview, said: AlertTrigger
) -> tuple[Interview, Changes]:
    """Return the interview with what was assessed, and the issues, timeline lines and cards that follow."""
    found = _assess(after, context.policy, after.texts, everything=_rests(after, context.now))
    fresh = tuple(reason for reason in found.reasons if reason.subject not in after.assessed)
    if fresh:
        after = replace(after, assessed=(*after.assessed, *(reason.subject for reason in fresh)))
    settle_at = _settle_at(context, before, after)
    if settle_at != after.settle_at:
        after = replace(after, settle_at=settle_at)
    changes = _corrected(context, before, after)
    is_for_somebody = bool(after.said) and not after.said[-1].is_wish
    if said.text and said.handed is None and not fresh and is_for_somebody:
        changes += _further_words(context, after, said.text)
    for finding in _findings(fresh, found.severity, said, after):
        seen = context.after(changes + Changes((after,)))
        changes += _report(seen, _about(context, after, finding, said.cause))
    return after, changes


def raise_settled(context: DecisionContext, interview: Interview) -> Changes:
    """Raise what waits for `alerts.settle` as if that time were over."""
    rested = replace(interview, settle_at=context.now)
    after, raised = raise_issues(context, rested, rested, AlertTrigger("rested"))
    return Changes((after,)) + raised


def raise_from_reading(context: DecisionContext, interview: Interview, texts: Sequence[tuple[str, str]]) -> Changes:
    """Open or join an issue for texts of an interview that somebody should see today, each with where it stands.

    Once for each place, and not where an alert word has told of the text, nor where it has been taken back.
    """
    fresh = {AlertSubject(AlertKind.READING, place): text for place, text in texts if text in interview.texts}
    limits = context.policy.limits[context.policy.survey_version(interview.survey).key]
    untold = {one: text for one, text in fresh.items() if not alert_words(text, limits)}
    untold = {one: text for one, text in untold.items() if one not in interview.assessed}
    if not untold or not context.policy.alerts_by_reading:
        return Changes()
    after = replace(interview, assessed=(*interview.assessed, *untold))
    seen, text = context.after(Changes((after,))), next(iter(untold.values()))
    found = IssueCause(IssueKind.COMPLAINT, Severity.HIGH, (AlertReading(),))
    if any(text == words.text for words in interview.said):  # all other texts are on the card as such
        found = replace(found, text=text, whole=_unanswering(interview))
    finding = _about(seen, after, found, " ".join(("read", *(one.of for one in untold))))
    return Changes((after,)) + _report(seen, finding, text)


def raise_in_issue(context: DecisionContext, issue: Issue, text: str) -> Changes:
    """Make an issue with the team what alert words in further words of its customer call for, and tell its holder."""
    words = alert_words(text, context.policy.alerts)
    if not words or issue.state not in WITH_THE_TEAM:
        return Changes()
    found = IssueCause(IssueKind.COMPLAINT, Severity.HIGH, tuple(map(AlertWord, words)), text=text)
    joined = move(context, issue, MoreFound(reasons=found.reasons, severity=found.severity)) or Changes()
    return joined + _told_holder(context.after(joined), latest_of(joined, issue), found)


def raise_from_words(
    context: DecisionContext, customer: Customer, text: str, cause: str, why: HandoverReason | None = None
) -> Changes:
    """Open an issue for alert words outside an interview, or for another reason `why`; empty without either."""
    words = alert_words(text, context.policy.alerts)
    if not words and why is None:
        return Changes()
    kind, reason = _HANDED_OVER[why or HandoverReason.COMPLAINT]
    finding = IssueCause(
        IssueKind.COMPLAINT if words else kind,
        Severity.HIGH if words else Severity.NORMAL,
        tuple(map(AlertWord, words)) or (reason,),
        seed=("words", cause),
        ticket=_latest_ticket(context, customer),
        customer=customer.id,
        text=text,
        unread=is_small_talk(text, context.policy.lexicon),
    )
    return _report(context, finding)


def _report(context: DecisionContext, finding: IssueCause, read: str = "") -> Changes:
    """Open an issue, or join the ticket's issue that is already with the team; `read` is what was read as an alert."""
    current = _current(context, finding)
    if current is None:
        return open_issue(context, finding)
    more = MoreFound(
        reasons=finding.reasons,
        severity=finding.severity,
        responses=(finding.response,) if finding.response else (),
        customers=(finding.customer,) if finding.customer else (),
        text="" if read else finding.text,
        by=finding.by,
        unread=finding.unread,
    )
    changes = move(context, current, more) or Changes()
    joined, seen = latest_of(changes, current), context.after(changes)
    if read:
        return changes + (alert_reading_messages(seen, joined, read) if joined.claimed_by is not None else Changes())
    return changes + _told_holder(seen, joined, finding)


def _told_holder(context: DecisionContext, issue: Issue, finding: IssueCause) -> Changes:
    """Return a line to the holder of an issue that an alert word joined, as the card's edit is far up by then."""
    words = [reason.word for reason in finding.reasons if isinstance(reason, AlertWord)]
    words = words or list(alert_words(finding.text, context.policy.alerts))
    if not words or issue.claimed_by is None:
        return Changes()
    return alert_word_messages(context, issue, words[0], finding.text)


def issue_with_team(context: DecisionContext, interview: Interview) -> Issue | None:
    """Return the issue of the interview's ticket or response that is with the team, to which its words belong."""
    empty = IssueCause(IssueKind.COMPLAINT, Severity.NORMAL, ())
    return _current(context, _about(context, interview, empty, ""))


def _current(context: DecisionContext, finding: IssueCause) -> Issue | None:
    if finding.ticket is None:
        return _of_the_response(context, finding)
    mine = (i for i in context.snapshot.issues_of_ticket(*finding.ticket) if i.state in WITH_THE_TEAM)
    return next((i for i in mine if i.kind is not IssueKind.CALL), None)


def _of_the_response(context: DecisionContext, finding: IssueCause) -> Issue | None:
    """Return the team's issue of the same response, where no ticket links them."""
    if finding.response is None or finding.customer is None:
        return None
    theirs = (i for i in context.snapshot.issues_of_customer(finding.customer) if i.state in WITH_THE_TEAM)
    return next((i for i in theirs if finding.response in i.responses), None)


def _latest_ticket(context: DecisionContext, customer: Customer) -> TicketKey | None:
    """Return the ticket asked about last, to which words outside an interview are attributed."""
    asked = (i for i in context.snapshot.invitations(customer.id) if i.about is not None)
    newest = max(asked, key=lambda invitation: invitation.closed_at, default=None)
    return newest.about if newest is not None else None


def _findings(
    fresh: tuple[AlertReason, ...], severity: Severity, said: AlertTrigger, after: Interview
) -> Iterator[IssueCause]:
    """Return what opens an issue, which quotes all that was no answer so far, or joins one, which quotes the latest."""
    whole = _unanswering(after)
    is_word = any(isinstance(reason, AlertWord) for reason in fresh)
    is_told = said.handed is not None and not (is_word and said.handed.why is HandoverReason.COMPLAINT)
    if fresh:
        kind = IssueKind.COMPLAINT if is_word else IssueKind.LOW_SCORE
        text = "" if is_told else said.text
        yield IssueCause(kind, severity, fresh, text=text, whole=whole if text else "")
    if said.handed is not None and is_told:
        kind, reason = _HANDED_OVER[said.handed.why]
        text = said.text  # a remark or a comment is on the card as such
        yield IssueCause(kind, Severity.NORMAL, (reason,), text=text, whole=whole if text else "")


def _unanswering(interview: Interview) -> str:
    """Return all that was no answer so far."""
    return " / ".join(words.text for words in interview.said if not words.is_wish)


_HANDED_OVER: Mapping[HandoverReason, tuple[IssueKind, Reason]] = {
    HandoverReason.NOT_UNDERSTOOD: (IssueKind.MANUAL, TwiceNotUnderstood()),
    HandoverReason.COMPLAINT: (IssueKind.COMPLAINT, CustomerComplained()),
    HandoverReason.PERSON_WANTED: (IssueKind.MANUAL, PersonWanted()),
}


def _assess(interview: Interview, policy: Policy, texts: Iterable[str], *, everything: bool) -> Assessment:
    said = [text for text in texts if text]
    if not (everything or said):
        return _NOTHING
    survey = policy.survey_version(interview.survey)
    ratings = interview.ratings if everything else {}
    return assess(survey.scale, ratings, said, policy.limits[survey.key])


def _rests(interview: Interview, now: datetime) -> bool:
    return interview.state in _ALL_ASKED or (interview.settle_at is not None and interview.settle_at <= now)


def _settle_at(context: DecisionContext, before: Interview, after: Interview) -> datetime | None:
    """Return when low ratings count: `alerts.settle` after the last rating, so that a mistap can be corrected."""
    if after.state in _ALL_ASKED:
        return None
    waiting = _assess(after, context.policy, (), everything=True).reasons
    if all(reason.subject in after.assessed for reason in waiting):
        return None
    rated = after.ratings != before.ratings or after.settle_at is None
    return context.now + context.policy.settle if rated else after.settle_at


def _about(context: DecisionContext, interview: Interview, finding: IssueCause, cause: str) -> IssueCause:
    """Return the finding with its ticket, customer and response."""
    invitation, survey = (
        context.snapshot.invitation(interview.invitation),
        context.policy.survey_version(interview.survey),
    )
    return replace(
        finding,
        seed=(interview.id, str(interview.logged), finding.kind.value, cause),
        ticket=invitation.about if invitation else None,
        customer=interview.customer,
        response=interview.id,
        unread=is_small_talk(finding.text, context.policy.lexicon),
        title=in_locale(survey.title, context.policy.team_speaks) if invitation and is_feedback(invitation) else "",
    )


def _corrected(context: DecisionContext, before: Interview, after: Interview) -> Changes:
    """Write ratings corrected after the issue was opened into its timeline, and edit the card."""
    if not before.assessed:
        return Changes()
    old, new = before.ratings, after.ratings
    lines = [f"{q} {old[q]} → {new.get(q, '–')}" for q in old if old[q] != new.get(q)]
    if not lines:
        return Changes()
    changes = Changes()
    for issue in _issues_of(context, after):
        seen = context.after(changes + Changes((after,)))
        changes += move(seen, issue, RatingCorrected("; ".join(lines))) or Changes()
    return changes


def _further_words(context: DecisionContext, interview: Interview, text: str) -> Changes:
    """Write words that are no answer into the issue that is with the team, if there is one."""
    issue, customer = issue_with_team(context, interview), context.snapshot.customer(interview.customer)
    if issue is None:
        return Changes()
    name = (customer.name or customer.id) if customer is not None else ""
    return move(context.after(Changes((interview,))), issue, CustomerWrote(text, name)) or Changes()


def _issues_of(context: DecisionContext, interview: Interview) -> list[Issue]:
    return [i for i in context.snapshot.issues_of_customer(interview.customer) if interview.id in i.responses]
