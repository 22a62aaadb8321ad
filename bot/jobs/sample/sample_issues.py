"""The issues of the sample company with their timelines: low scores, and complaints that were looked into."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.jobs.sample.draws import Draws
from bot.jobs.sample.sample_answers import LOW
from bot.jobs.sample.sample_comments import CommentTopic, comment_text
from bot.jobs.sample.sample_days import SampleSetup
from bot.jobs.sample.sample_visits import SampleVisit
from config.sample.company_file import CompanyPlan
from dialogs.ids import RefKind, derive
from dialogs.interview.model import Interview
from dialogs.invitation.model import SAMPLE_SOURCE
from dialogs.issue.model import Issue, IssueKind, IssueState, Quote
from dialogs.issue.reasons import CustomerComplained
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict, Judgement
from scoring.rules import LowRating, Severity
from scoring.values import Value, replace
from storage.model.records import IssueEvent

__all__ = ["IssueWithLines", "complaint_about", "issue_from"]

_CLAIM_WITHIN = timedelta(hours=4)
_OPEN, _CLAIMED = 0.25, 0.35
"""Of those of the last days: how many nobody has yet, and how many somebody has."""
_LATELY = timedelta(days=12)
_NOT_SOLVED, _CONFIRMED = 0.1, 0.6
_CLOSES_AFTER = timedelta(hours=72)
_SETTLED = timedelta(seconds=60)
_VALID = 0.78


class IssueWithLines(Value):
    """An issue and the lines of its timeline."""

    issue: Issue
    lines: tuple[IssueEvent, ...]


class _Course:
    """An issue as it goes on; each step adds a line."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.lines: list[IssueEvent] = []
        self.step("opened", issue.opened_at)

    def step(self, event: str, at: datetime, by: str | None = None, text: str | None = None) -> None:
        self.lines.append(IssueEvent(self.issue.id, len(self.lines), at, event, by, text))

    def done(self, **fields: Any) -> IssueWithLines:  # noqa: ANN401 (of the issue, whichever they are)
        return IssueWithLines(replace(self.issue, events=len(self.lines), **fields), tuple(self.lines))


def issue_from(interview: Interview, visit: SampleVisit, setup: SampleSetup) -> IssueWithLines | None:
    """Return the issue that low ratings of an interview opened; None where none is low."""
    low = [answer for answer in interview.answers if answer.value <= LOW]
    if not low:
        return None
    severity = Severity.HIGH if min(answer.value for answer in low) < LOW else Severity.NORMAL
    opened = max(answer.at for answer in interview.answers) + _SETTLED
    issue = Issue(
        id=derive(RefKind.ISSUE, SAMPLE_SOURCE, interview.id),
        kind=IssueKind.LOW_SCORE,
        severity=severity,
        opened_at=opened,
        due_at=opened + _CLAIM_WITHIN,
        reasons=tuple(LowRating(answer.question, answer.value, float(LOW)) for answer in low),
        tickets=((SAMPLE_SOURCE, visit.ticket),),
        responses=(interview.id,),
        customers=(visit.customer.id,),
        quotes=tuple(Quote(opened, text) for text in interview.texts),
    )
    return _gone_on(issue, setup, ())


def complaint_about(visit: SampleVisit, setup: SampleSetup, draws: Draws) -> IssueWithLines | None:
    """Return a complaint about a visit, where the customer made one."""
    plan, share = setup.plan, visit.technician.complaints
    if not draws.chance(plan.numbers["complaints"] if share is None else share):
        return None
    opened = visit.closed_at + timedelta(minutes=draws.between(60, 2400))
    if opened >= setup.days.end:
        return None
    about = _complained_of(visit, plan, draws)
    text = comment_text(plan.wording[visit.customer.locale], [CommentTopic(about, is_good=False)], visit.thing, draws)
    issue = Issue(
        id=derive(RefKind.ISSUE, SAMPLE_SOURCE, "complaint", visit.ticket),
        kind=IssueKind.COMPLAINT,
        severity=Severity.HIGH,
        opened_at=opened,
        due_at=opened + _CLAIM_WITHIN / 2,
        reasons=(CustomerComplained(),),
        tickets=((SAMPLE_SOURCE, visit.ticket),),
        customers=(visit.customer.id,),
        quotes=(Quote(opened, text),),
    )
    category = ComplaintCategory(draws.pick(plan.complaints_about[about]))
    verdict = ComplaintVerdict.VALID if draws.chance(_VALID) else ComplaintVerdict.INVALID
    remedies = (ComplaintRemedy.EXPLANATION,) if verdict is ComplaintVerdict.INVALID else tuple(ComplaintRemedy)[:5]
    found = Judgement(
        verdict=verdict,
        category=category,
        remedy=draws.pick(remedies),
        by=plan.words["lead"],
        cause=draws.pick(plan.causes) if verdict is ComplaintVerdict.VALID else "",
    )
    return _gone_on(issue, setup, (found,))


def _complained_of(visit: SampleVisit, plan: CompanyPlan, draws: Draws) -> str:
    """Return what a complaint is about: what the technician does worst, else any."""
    worst = {question: -level for question, level in visit.technician.level.items() if level < -1}
    about = list(worst) if worst and draws.chance(0.85) else list(plan.complaints_about)
    return draws.pick(about)


def _gone_on(issue: Issue, setup: SampleSetup, judged: Sequence[Judgement]) -> IssueWithLines:
    """Return an issue with its timeline: claimed, looked into, resolved, perhaps opened again, closed."""
    plan, draws, course = setup.plan, Draws("issue", issue.id), _Course(issue)
    is_late = issue.opened_at > setup.days.end - _LATELY
    if is_late and draws.chance(_OPEN):
        return course.done(escalated=True)
    at = issue.opened_at + timedelta(minutes=draws.between(3, 200))
    who = draws.pick((plan.words["lead"], plan.words["helper"]))
    held: dict[str, Any] = {"claimed_by": who, "claimant": who, "due_at": None, "claimed_at": at}
    course.step("claimed", at, who)
    for judgement in judged:
        told = replace(judgement, at=at + timedelta(hours=2))
        held["judgement"] = told
        course.step("judged", at + timedelta(hours=2), plan.words["lead"], told.words)
    still_held = course.done(state=IssueState.CLAIMED, **held)
    if is_late and draws.chance(_CLAIMED):
        return still_held
    ended = _ended(course, plan, draws, at, who)
    return still_held if course.lines[-1].at > setup.order.now else course.done(**held, **ended)


def _ended(course: _Course, plan: CompanyPlan, draws: Draws, at: datetime, who: str) -> dict[str, Any]:
    """Return the fields of an issue that was resolved, perhaps twice, and closed."""
    resolution, note = 0, draws.pick(plan.resolutions)
    while True:
        at += timedelta(minutes=draws.between(140, 2800))
        resolved = at
        course.step("resolved", at, who, note)
        if resolution or not draws.chance(_NOT_SOLVED):
            break
        resolution += 1
        at += timedelta(minutes=draws.between(30, 900))
        course.step("not_solved", at, None, plan.words["not_solved"])
        at += timedelta(minutes=draws.between(3, 90))
        course.step("claimed", at, who)
    is_confirmed = draws.chance(_CONFIRMED)
    at += timedelta(minutes=draws.between(5, 1500)) if is_confirmed else _CLOSES_AFTER
    course.step("confirmed" if is_confirmed else "closed", at)
    customers = course.issue.customers
    return {
        "state": IssueState.CLOSED,
        "note": note,
        "root_cause": draws.pick(plan.causes),
        "resolution": resolution,
        "told": customers,
        "confirmed": customers if is_confirmed else (),
        "resolved_at": resolved,
        "closed_at": at,
    }
