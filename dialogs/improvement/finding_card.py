"""The card of a finding in a chat of the team: what customers said, who changes what until when, what came of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.finding_view import A_MOMENT, FindingStep, FindingView, finding_standing, say
from dialogs.improvement.model import Finding, FindingState, Measure
from dialogs.improvement.team_text import measured_text, result_text
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged, one_line

__all__ = ["OFFERED", "REASONS", "ask_why", "finding_card", "reasons_card"]

_LONGEST_TEXT, _LONGEST_NAME = 300, 40
_IN_A_ROW = 2
_STATES, _STEPS = FindingState, FindingStep
REASONS = ("solved", "chance", "not_ours")
"""The usual reasons for which nothing is changed, as the phrases name them."""

OFFERED: Mapping[FindingState, tuple[FindingStep, ...]] = {
    _STATES.OPEN: (_STEPS.DISMISS,),
    _STATES.PLANNED: (_STEPS.DONE, _STEPS.LATER, _STEPS.TAKE, _STEPS.DISMISS),
    _STATES.OVERDUE: (_STEPS.DONE, _STEPS.LATER, _STEPS.TAKE, _STEPS.DISMISS),
    _STATES.DONE: (_STEPS.DISMISS,),
    _STATES.UNDECIDED: (_STEPS.WAIT, _STEPS.DISMISS),
    _STATES.REACHED: (_STEPS.DISMISS,),
    _STATES.TOLD: (),
    _STATES.DISMISSED: (),
}
"""What can be done in each state, two to a row."""


def finding_card(view: FindingView, now: datetime, admin: AdminLocale) -> Prompt:
    """Return the card with the buttons of its state; they carry the version that they were shown at."""
    return Prompt(_text(view, now, admin), tuple(_rows(view.finding, admin)))


def reasons_card(view: FindingView, now: datetime, admin: AdminLocale) -> Prompt:
    """Return the card with a button for each usual reason to change nothing."""
    finding = view.finding
    usual = [
        (_choice(finding, _STEPS.BECAUSE, say(admin, f"reason.{name}"), number),) for number, name in enumerate(REASONS)
    ]
    others = (
        _choice(finding, _STEPS.WRITE_WHY, say(admin, "button.ww")),
        _choice(finding, _STEPS.BACK, say(admin, "button.ba")),
    )
    asked = f"{_text(view, now, admin)}\n\n{say(admin, 'why_dismissed')}"
    return Prompt(asked, (*usual, others))


def ask_why(person: Person, view: FindingView, admin: AdminLocale) -> Prompt:
    """Return the request to whoever pressed for a reason in their own words."""
    name = one_line(person.name, _LONGEST_NAME) or admin.phrases.say(admin.locale, "team.somebody")
    text = say(admin, "ask_why", name=name, title=view.title)
    return Prompt(text, asks=say(admin, "ask_why_hint"), mentions=person, wants=_STEPS.DISMISS)


def _text(view: FindingView, now: datetime, admin: AdminLocale) -> str:
    finding = view.finding
    parts = (_head(view, admin), _said(view, admin), _measure(finding, admin), _standing(finding, now, admin))
    joined = ("\n".join(filter(None, part)) for part in parts)
    return clipped("\n\n".join(filter(None, joined)), LONGEST_MESSAGE)


def _head(view: FindingView, admin: AdminLocale) -> Iterator[str]:
    finding = view.finding
    yield say(admin, "card.head", title=view.title, whose=_whose(finding, admin))
    told = defanged(finding.text, _LONGEST_TEXT)
    yield told if told != view.title else ""


def _whose(finding: Finding, admin: AdminLocale) -> str:
    department = defanged(finding.department, _LONGEST_NAME)
    return say(admin, "whose", department=department) if department else ""


def _said(view: FindingView, admin: AdminLocale) -> Iterator[str]:
    if view.customers:
        yield say(admin, "card.raised" if view.said else "card.raised_silently", count=view.customers)
    for said in view.said:
        yield say(admin, "card.quote", said=said)


def _measure(finding: Finding, admin: AdminLocale) -> Iterator[str]:
    measure = finding.measure
    if measure is None:
        return
    yield say(admin, "card.measure", measure=defanged(measure.text, _LONGEST_TEXT))
    yield say(admin, "card.owner", owner=defanged(measure.owner, _LONGEST_NAME), day=_day(measure, admin))
    yield _aim(measure, admin)
    yield _window(measure, admin)


def _aim(measure: Measure, admin: AdminLocale) -> str:
    """Return what has to come of a measure: from what it was to the target, by how many answers."""
    target = value_text(Fraction(measure.target), measure.metric, admin.phrases, admin.locale)
    metric = metric_name(measure.metric, admin.phrases, admin.locale)
    if measure.before.value is None:
        return say(admin, "card.aim_only", metric=metric, target=target)
    before = measured_text(measure, measure.before, admin)
    return say(admin, "card.aim", metric=metric, before=before, n=measure.before.n, target=target)


def _window(measure: Measure, admin: AdminLocale) -> str:
    days = {
        "first": admin.phrases.day(admin.locale, measure.window.since, admin.zone),
        "last": admin.phrases.day(admin.locale, measure.window.until - A_MOMENT, admin.zone),
    }
    return say(admin, "card.window", **days)


def _day(measure: Measure, admin: AdminLocale) -> str:
    return admin.phrases.day(admin.locale, measure.due_at - A_MOMENT, admin.zone)


def _standing(finding: Finding, now: datetime, admin: AdminLocale) -> Iterator[str]:
    """Yield what came of the last measure, and where it stands now."""
    if finding.results and finding.state in _WITH_RESULT:
        yield result_text(finding, finding.results[-1], admin)
    if finding.state is _STATES.DISMISSED:
        yield say(admin, "card.dismissed", name=_named(finding.closed_by), note=defanged(finding.note, _LONGEST_TEXT))
        return
    if finding.state is _STATES.TOLD:
        yield say(admin, "card.told", name=_named(finding.closed_by))
        return
    yield say(admin, "card.now", standing=finding_standing(finding, now, admin))


_WITH_RESULT = (_STATES.OPEN, _STATES.UNDECIDED, _STATES.REACHED, _STATES.TOLD)


def _named(name: str) -> str:
    return defanged(name, _LONGEST_NAME)


def _rows(finding: Finding, admin: AdminLocale) -> Iterator[tuple[Choice, ...]]:
    offered = [_choice(finding, step, say(admin, f"button.{step}")) for step in OFFERED[finding.state]]
    yield from (tuple(offered[at : at + _IN_A_ROW]) for at in range(0, len(offered), _IN_A_ROW))


def _choice(finding: Finding, step: FindingStep, label: str, number: int | None = None) -> Choice:
    return Choice(label, Tap(Verb.FINDING, finding.id, step, finding.version if number is None else number))
