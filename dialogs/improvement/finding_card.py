"""The card of a finding in a chat of the team: what customers said, who changes what until when, what came of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.finding_view import A_MOMENT, FindingCase, FindingStep, FindingView, finding_standing, say
from dialogs.improvement.model import Finding, FindingState, Measure
from dialogs.improvement.team_text import measured_text, result_text
from dialogs.issue.card_text import short_number
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged

__all__ = [
    "NUMBERED",
    "OFFERED",
    "REASONS",
    "cases_message",
    "finding_card",
    "measure_lines",
    "reason_number",
    "reasons_card",
]

_LONGEST_TEXT, _LONGEST_NAME = 300, 40
_IN_A_ROW = 2
_MOST_ISSUES, _ISSUES_IN_A_ROW = 6, 3
_STATES, _STEPS = FindingState, FindingStep
REASONS = ("solved", "chance", "not_ours")
"""The usual reasons for which nothing is changed, as the phrases name them."""
NUMBERED = frozenset({_STEPS.BECAUSE})
"""Buttons that also carry which of several it is: the version times ten, and the number."""
_MOST_NUMBERED = 10

OFFERED: Mapping[FindingState, tuple[FindingStep, ...]] = {
    _STATES.OPEN: (_STEPS.PLAN, _STEPS.CASES, _STEPS.DISMISS),
    _STATES.PLANNED: (_STEPS.DONE, _STEPS.LATER, _STEPS.TAKE, _STEPS.CASES, _STEPS.DISMISS),
    _STATES.OVERDUE: (_STEPS.DONE, _STEPS.LATER, _STEPS.TAKE, _STEPS.CASES, _STEPS.DISMISS),
    _STATES.DONE: (_STEPS.CASES, _STEPS.DISMISS),
    _STATES.UNDECIDED: (_STEPS.WAIT, _STEPS.PLAN, _STEPS.CASES, _STEPS.DISMISS),
    _STATES.REACHED: (_STEPS.TELL, _STEPS.CASES, _STEPS.DISMISS),
    _STATES.TOLD: (_STEPS.CASES,),
    _STATES.DISMISSED: (_STEPS.CASES,),
}
"""What can be done in each state, two to a row."""


def finding_card(view: FindingView, now: datetime, admin: AdminLocale) -> Prompt:
    """Return the card with the buttons of its state; they carry the version that they were shown at."""
    return Prompt(_text(view, now, admin), tuple(_rows(view, admin)))


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


def cases_message(view: FindingView, cases: Sequence[FindingCase], admin: AdminLocale, *, others: int = 0) -> Prompt:
    """Return the responses in which a finding shows, each with its ticket, low ratings and words; issues as buttons.

    Of `others`, which whoever asks does not read, only the number is told.
    """
    key = "cases" if cases else "cases_of_others" if others else "cases_gone"
    head = say(admin, key, title=view.title, count=others)
    lines = ["\n".join(_case(one, admin)) for one in cases]
    if cases and others:
        lines.append(say(admin, "cases_besides", count=others))
    each = [Choice(short_number(issue), Tap(Verb.OPEN, issue)) for issue in view.finding.issues[:_MOST_ISSUES]]
    rows = tuple(tuple(each[at : at + _ISSUES_IN_A_ROW]) for at in range(0, len(each), _ISSUES_IN_A_ROW))
    return Prompt(clipped("\n\n".join((head, *lines)), LONGEST_MESSAGE), rows)


def _case(case: FindingCase, admin: AdminLocale) -> Iterator[str]:
    ratings = say(admin, "between").join(say(admin, "rated", name=name, value=value) for name, value in case.ratings)
    day = admin.phrases.day(admin.locale, case.at, admin.zone)
    yield " · ".join(filter(None, (day, defanged(case.ticket, _LONGEST_NAME), ratings)))
    for said in case.said:
        yield say(admin, "card.quote", said=said)


def _text(view: FindingView, now: datetime, admin: AdminLocale) -> str:
    finding = view.finding
    measure = measure_lines(finding.measure, admin) if finding.measure is not None else ()
    parts = (_head(view, admin), _said(view, admin), measure, _standing(finding, now, admin))
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


def measure_lines(measure: Measure, admin: AdminLocale) -> Iterator[str]:
    """Yield what is changed, by whom until when, what has to come of it, and when that is looked at."""
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


_NEED: Mapping[FindingStep, Callable[[FindingView], bool]] = {
    _STEPS.TELL: lambda view: view.customers > 0,
    _STEPS.CASES: lambda view: bool(view.finding.responses or view.finding.issues),
}
"""Without these there is nothing to tell or to show."""


def _rows(view: FindingView, admin: AdminLocale) -> Iterator[tuple[Choice, ...]]:
    steps = [step for step in OFFERED[view.finding.state] if step not in _NEED or _NEED[step](view)]
    offered = [_choice(view.finding, step, say(admin, f"button.{step}")) for step in steps]
    yield from (tuple(offered[at : at + _IN_A_ROW]) for at in range(0, len(offered), _IN_A_ROW))


def _choice(finding: Finding, step: FindingStep, label: str, number: int | None = None) -> Choice:
    value = finding.version if number is None else finding.version * _MOST_NUMBERED + number
    return Choice(label, Tap(Verb.FINDING, finding.id, step.value, value))


def reason_number(value: int) -> tuple[int, int]:
    """Return the version of the finding that a button with a number was shown at, and the number."""
    return divmod(value, _MOST_NUMBERED)
