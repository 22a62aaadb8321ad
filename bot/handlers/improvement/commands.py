"""Commands on findings: open, plan a measure, report it done, wait for more answers, dismiss.

Each writes a line of the audit log. A repetition changes nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.improvement.terms import result_messages
from bot.handlers.issues.workers import known_as, refused_lead, refused_stranger
from bot.handlers.phrases import phrase_dimensions
from dialogs.ids import RefKind, derive
from dialogs.improvement.machine import (
    FINDING,
    FindingDismissed,
    MeasureDone,
    MeasurePlanned,
    MeasureVerified,
    WindowMoved,
)
from dialogs.improvement.model import (
    MOST_AHEAD,
    TOO_FAR,
    Finding,
    FindingKind,
    FindingState,
    Measure,
    MeasureResult,
    Voice,
)
from dialogs.interview.model import Interview
from dialogs.names import is_same_person
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, days_of
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "REMIND_BEFORE",
    "FindingAnswer",
    "FindingOutcome",
    "NewFinding",
    "conclude_measure",
    "dismiss_finding",
    "finding_id_of",
    "finding_needs",
    "finding_outcome",
    "measure_done",
    "moved_finding",
    "open_finding",
    "opening_needs",
    "plan_measure",
    "refused_step",
    "wait_for_more",
]

REMIND_BEFORE = timedelta(days=3)
"""How long before its deadline the owner of a measure is reminded; halfway where that is later."""
_MOST_VOICES = 2000
_MIDDLE = Fraction(1, 2)
"""Of the way up a scale; a rating below it is low."""


class NewFinding(Value):
    """What was found, by whom; its id is derived from `key`. `customers` raised it without words that are kept.

    `responses` and `issues` bring their customers, with what those had written. `dimension` is what it is about, where
    it is about one.
    """

    key: str
    kind: FindingKind
    text: str
    department: str
    by: str
    origin: str = ""
    responses: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    dimension: str = ""


class FindingOutcome(Value):
    """A finding as it stands, with the customers who raised it; `created` when it is new."""

    finding: Finding
    voices: tuple[Voice, ...] = ()
    created: bool = False


FindingAnswer = FindingOutcome | NotFound | Conflict | Invalid


# -- open ---------------------------------------------------------------------------------------------------------


def finding_id_of(new: NewFinding) -> str:
    """Return the id of the finding to be opened."""
    return derive(RefKind.FINDING, new.key)


def opening_needs(new: NewFinding) -> Needs:
    """Return what has to be loaded to open a finding."""
    return Needs(
        findings=frozenset({finding_id_of(new)}),
        interviews=frozenset(new.responses),
        readings=frozenset(new.responses),
        issues=frozenset(new.issues),
        customers=frozenset(new.customers),
        roster=True,
    )


def open_finding(context: DecisionContext, new: NewFinding) -> Decision[FindingAnswer]:
    """Open a finding, or return what is wrong with it; opening it twice makes one."""
    id_, by = finding_id_of(new), known_as(context, new.by)
    known = context.snapshot.finding(id_)
    if known is not None:
        return Decision(Changes(), finding_outcome(context, known))
    wrong = (None if new.origin else refused_stranger(context, by)) or _unknown(context, new)
    if wrong is not None:
        return Decision(Changes(), wrong)
    finding = Finding(
        id_,
        new.kind,
        new.text.strip(),
        new.department.strip(),
        opened_at=context.now,
        opened_by=by,
        origin=new.origin,
        responses=tuple(dict.fromkeys(new.responses)),
        issues=tuple(dict.fromkeys(new.issues)),
    )
    voices = _voices(context, new, id_)
    line = audit_entry(context, by, "finding_opened", id_, "", kind=new.kind.value)
    return Decision(Changes((finding, *voices, line)), FindingOutcome(finding, voices, created=True))


def _unknown(context: DecisionContext, new: NewFinding) -> Invalid | None:
    look_ups: tuple[tuple[str, tuple[str, ...], Callable[[str], object]], ...] = (
        ("responses", new.responses, context.snapshot.interview),
        ("issues", new.issues, context.snapshot.issue),
        ("customers", new.customers, context.snapshot.customer),
    )
    for field, ids, look_up in look_ups:
        for id_ in ids:
            if look_up(id_) is None:
                return Invalid(field, f"there is no {id_!r}")
    known = phrase_dimensions(context.policy)
    if new.dimension and not new.origin and new.dimension not in known:
        return Invalid("dimension", f"there is no {new.dimension!r}; there are {', '.join(known)}")
    for id_ in new.responses:
        interview = context.snapshot.interview(id_)
        if interview is not None and context.policy.survey_version(interview.survey).anonymous:
            return Invalid("responses", f"{id_!r} is anonymous, so that nobody can be told about it")
    return None


def _voices(context: DecisionContext, new: NewFinding, id_: str) -> tuple[Voice, ...]:
    """Return each customer once, with the first words of theirs that fit."""
    raised: dict[str, tuple[str, datetime]] = {}
    for issue_id in new.issues:
        issue = context.snapshot.issue(issue_id)
        quotes = issue.quotes if issue is not None and len(issue.customers) == 1 else ()
        for customer in issue.customers if issue is not None else ():
            words = (quotes[0].text, quotes[0].at) if quotes else ("", issue.opened_at if issue else context.now)
            _note_words(raised, customer, *words)
    for response in new.responses:
        interview = context.snapshot.interview(response)
        if interview is not None:
            _note_words(raised, interview.customer, _said(context, new, interview), interview.asked_at)
    for customer in new.customers:
        _note_words(raised, customer, "", context.now)
    return tuple(Voice(id_, customer, *words) for customer, words in sorted(raised.items())[:_MOST_VOICES])


def _said(context: DecisionContext, new: NewFinding, interview: Interview) -> str:
    """Return the words that fit; of what recurs others as well, since it stands somewhere in what they wrote."""
    words = _fitting_words(context, interview, new.dimension)
    return words or (_fitting_words(context, interview, "") if new.kind is FindingKind.RECURRENCE else "")


def _fitting_words(context: DecisionContext, interview: Interview, dimension: str) -> str:
    """Return the remark on the lowest of the low ratings, of a dimension where one is given; else the comment.

    What was written about a rating that is not low, what was no answer, and what praises as a whole says nothing of
    what is to be improved.
    """
    reading = context.snapshot.reading(interview.id)
    praise = {question for question, polarity, _ in reading.verdicts if polarity > 0} if reading is not None else set()
    survey = context.policy.survey_version(interview.survey)
    measured = {question.id for question in survey.questions if dimension in ("", question.measures)}
    low = [
        (answer.value, answer.text)
        for answer in interview.answers
        if answer.text and answer.question in measured - praise and survey.scale.position(answer.value) < _MIDDLE
    ]
    comment = "" if "" in praise else interview.comment
    return min(low, key=lambda one: one[0])[1] if low else comment or ""


def _note_words(raised: dict[str, tuple[str, datetime]], customer: str, said: str, at: datetime) -> None:
    if customer not in raised or (said and not raised[customer][0]):
        raised[customer] = (said, at)


# -- what people do -----------------------------------------------------------------------------------------------


def finding_needs(finding: str) -> Needs:
    """Return what each command on a finding has to look at."""
    return Needs(findings=frozenset({finding}), roster=True)


def plan_measure(
    context: DecisionContext, finding: str, measure: Measure, *, trusts: bool = False
) -> Decision[FindingAnswer]:
    """Store the measure that answers a finding, in place of one that was planned and is not done.

    `trusts`, here and below: it is known already that this person may, as that of an admin in the chat.
    """
    known, by = context.snapshot.finding(finding), known_as(context, measure.planned_by)
    planned = replace(measure, planned_by=by, owner=known_as(context, measure.owner))
    refused = refused_step(context, by, trusts=trusts) or _wrong_measure(planned)
    if known is None or refused is not None:
        return Decision(Changes(), refused or _no(finding))
    if known.measure is not None and _same_plan(known.measure, planned):
        return Decision(Changes(), finding_outcome(context, known))
    remind_at = max(planned.due_at - REMIND_BEFORE, context.now + (planned.due_at - context.now) / 2)
    event = MeasurePlanned(planned, remind_at)
    return moved_finding(context, known, event, by, "measure_planned")


def refused_step(context: DecisionContext, by: str, *, trusts: bool) -> Invalid | None:
    """Return why somebody may not take a step; `trusts`: the door has seen to that already."""
    return None if trusts else refused_lead(context, by)


def _same_plan(one: Measure, other: Measure) -> bool:
    return one == replace(other, planned_at=one.planned_at, before=one.before)


def _wrong_measure(measure: Measure) -> Invalid | None:
    """Return what a plan lacks, or where its periods do not fit: nothing is proved by answers that count twice."""
    baseline, window = measure.baseline, measure.window
    twice = set(dict(measure.pilot)) & set(dict(measure.cut))
    wrong = {
        "measure": "" if measure.text.strip() else "is empty; say what is changed",
        "baseline": _OPEN_BASELINE if baseline.until > measure.planned_at else "",
        "due": "has passed" if measure.due_at <= measure.planned_at else "",
        "verify": _OVERLAP if window.since < baseline.until else _EARLY if window.since < measure.due_at else "",
        "pilot": f"is by {min(twice)}, by which the metric is cut already" if twice else "",
    }
    return next((Invalid(field, problem) for field, problem in wrong.items() if problem), None)


_OPEN_BASELINE = "is not over; it is what the measure is compared with"
_OVERLAP = "begins before the baseline has ended: the same answers would count on both sides"
_EARLY = "begins before the measure is due; look at the time after it"


def measure_done(context: DecisionContext, finding: str, by: str, *, trusts: bool = False) -> Decision[FindingAnswer]:
    """Note that the measure was carried out; where its window has begun meanwhile, it begins tomorrow instead."""
    known, by = context.snapshot.finding(finding), known_as(context, by)
    if known is None:
        return Decision(Changes(), _no(finding))
    if known.measure is None:
        return Decision(Changes(), Conflict("it has no measure that could be done; plan one first"))
    is_owner = is_same_person(by, known.measure.owner)
    refused = None if is_owner else refused_step(context, by, trusts=trusts)
    if refused is not None:
        return Decision(Changes(), refused)
    event = MeasureDone(by, _window_from(context, known.measure.window))
    return moved_finding(context, known, event, by, "measure_done", is_done=known.state is FindingState.DONE)


def _window_from(context: DecisionContext, window: Period) -> Period:
    """Return the window, moved on by whole days where it began before today ends."""
    zone = context.policy.timezone
    begins, ends = (wall_of(moment, zone).date() for moment in (window.since, window.until))
    tomorrow = wall_of(context.now, zone).date() + timedelta(days=1)
    return window if begins >= tomorrow else days_of(tomorrow, tomorrow + (ends - begins), zone)


def conclude_measure(context: DecisionContext, finding: str, by: str, result: MeasureResult) -> Decision[FindingAnswer]:
    """Store what came of a measure, once its window is over; too late where the measure has changed meanwhile."""
    known = context.snapshot.finding(finding)
    if known is None:
        return Decision(Changes(), _no(finding))
    if known.state is FindingState.DONE and known.measure != result.measure:
        return Decision(Changes(), Conflict("its measure has just been changed; verify it again"))
    if known.state is FindingState.DONE and context.now < result.measure.window.until:
        until = result.measure.window.until.isoformat(timespec="seconds").replace("+00:00", "Z")
        return Decision(Changes(), Conflict(f"its window, which was fixed beforehand, ends at {until}"))
    moved = moved_finding(context, known, MeasureVerified(result), known_as(context, by), "measure_verified")
    if not isinstance(moved.answer, FindingOutcome):
        return moved
    return Decision(moved.changes + result_messages(context, moved.answer.finding, result), moved.answer)


def wait_for_more(
    context: DecisionContext, finding: str, by: str, until: datetime, *, trusts: bool = False
) -> Decision[FindingAnswer]:
    """Move the end of a window with too few answers."""
    known, by = context.snapshot.finding(finding), known_as(context, by)
    refused = refused_step(context, by, trusts=trusts)
    if known is None or refused is not None:
        return Decision(Changes(), refused or _no(finding))
    if until <= context.now:
        return Decision(Changes(), Invalid("until", "has passed"))
    if until > context.now + MOST_AHEAD:
        return Decision(Changes(), Invalid("until", TOO_FAR))
    since = known.measure.window.since if known.measure is not None else context.now
    is_done = known.measure is not None and known.state is FindingState.DONE and known.measure.window.until == until
    return moved_finding(context, known, WindowMoved(Period(since, until)), by, "verification_moved", is_done=is_done)


def dismiss_finding(
    context: DecisionContext, finding: str, by: str, note: str, *, trusts: bool = False
) -> Decision[FindingAnswer]:
    """End a finding without a measure, or the measure under way, for a reason."""
    known, by = context.snapshot.finding(finding), known_as(context, by)
    refused = refused_step(context, by, trusts=trusts)
    if known is None or refused is not None:
        return Decision(Changes(), refused or _no(finding))
    is_done = known.state is FindingState.DISMISSED
    return moved_finding(context, known, FindingDismissed(by, note), by, "finding_dismissed", is_done=is_done)


def moved_finding(  # noqa: PLR0913 (what a step of people consists of)
    context: DecisionContext, known: Finding, event: object, by: str, action: str, *, is_done: bool = False
) -> Decision[FindingAnswer]:
    """Move a finding by its table, with a line of the audit log; a refusal says why, what is done changes nothing."""
    if is_done:
        return Decision(Changes(), finding_outcome(context, known))
    step = FINDING.step(known, event, context.now)
    if step is None:
        return Decision(Changes(), Conflict(_NOT_FROM_HERE[known.state]))
    line = audit_entry(context, by, action, known.id, str(known.version), state=step.thing.state.value)
    return Decision(Changes((step.thing, line)), finding_outcome(context, step.thing))


_NOT_FROM_HERE = {
    FindingState.OPEN: "it has no measure yet; plan one first",
    FindingState.PLANNED: "its measure is not done yet",
    FindingState.OVERDUE: "its measure is not done yet",
    FindingState.DONE: "its measure is done and waits to be verified",
    FindingState.UNDECIDED: "too few answers have come to verify it: wait for more, or plan another measure",
    FindingState.REACHED: "its target was reached",
    FindingState.TOLD: "it is over: the customers were told",
    FindingState.DISMISSED: "it is over: it was dismissed",
}


def finding_outcome(context: DecisionContext, finding: Finding) -> FindingOutcome:
    """Return a finding with the customers who raised it."""
    return FindingOutcome(finding, tuple(context.snapshot.voices(finding.id)))


def _no(finding: str) -> NotFound:
    return NotFound(f"finding {finding}")
