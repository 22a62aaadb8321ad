"""What the team reads of a finding: its deadline, that it has passed, what came of the measure."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.model import Finding, Measure, Measured, MeasureResult
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from scoring.honesty.comparison import FEWEST_TO_COMPARE
from scoring.metrics.catalogue import CATALOGUE

__all__ = ["figures_text", "late_message", "measured_text", "reminder_message", "result_message", "result_text"]

_A_MOMENT = timedelta(seconds=1)


def reminder_message(finding: Finding, measure: Measure, admin: AdminLocale) -> Prompt:
    """Return what reminds the owner of a measure before its deadline."""
    facts, rows = _facts(finding, measure, admin), _rows(finding, ("do", "la"), ("op",), admin=admin)
    typed = _say(admin, "typed_done", id=finding.id)
    return Prompt(_say(admin, "reminder", **facts), rows, mentions=Person("", measure.owner), typed=typed)


def late_message(finding: Finding, measure: Measure, people: Sequence[Person], admin: AdminLocale) -> Prompt:
    """Return that a deadline has passed; to `people`, if there are any, who are to see to it."""
    facts, rows = _facts(finding, measure, admin), _rows(finding, ("do", "la"), ("op",), admin=admin)
    typed = _say(admin, "typed_done", id=finding.id)
    if not people:
        return Prompt(_say(admin, "overdue", **facts), rows, typed=typed)
    names = _say(admin, "between").join(person.name for person in people)
    return Prompt(_say(admin, "escalated", names=names, **facts), rows, mentions=people[0], typed=typed)


def result_message(finding: Finding, result: MeasureResult, voices: int, admin: AdminLocale) -> Prompt:
    """Return what came of a measure: the figures with n, the change with its interval, and what follows."""
    is_to_tell = result.verdict == "reached" and voices > 0
    then, typed = (_say(admin, "to_tell", voices=voices), _say(admin, "typed_tell", id=finding.id))
    rows = _rows(finding, ("te", "op") if is_to_tell else ("op",), admin=admin)
    if not is_to_tell:
        return Prompt(result_text(finding, result, admin), rows)
    return Prompt(f"{result_text(finding, result, admin)}\n{then}", rows, typed=typed)


def _rows(finding: Finding, *steps: tuple[str, ...], admin: AdminLocale) -> tuple[tuple[Choice, ...], ...]:
    """Return buttons of the finding's card; they carry the version that it is stored under in the same commit."""
    version = finding.version + 1
    return tuple(
        tuple(Choice(_say(admin, f"button.{step}"), Tap(Verb.FINDING, finding.id, step, version)) for step in row)
        for row in steps
    )


def result_text(finding: Finding, result: MeasureResult, admin: AdminLocale) -> str:
    """Return what came of a measure in words: both figures with n, the change with its interval."""
    measure = result.measure
    facts = _facts(finding, measure, admin) | {
        "metric": metric_name(measure.metric, admin.phrases, admin.locale),
        "before": measured_text(measure, result.before, admin),
        "after": measured_text(measure, result.after, admin),
        "target": value_text(Fraction(measure.target), measure.metric, admin.phrases, admin.locale),
        "n_before": result.before.n,
        "n_after": result.after.n,
        "fewest": FEWEST_TO_COMPARE,
    }
    lines = (_say(admin, str(result.verdict), **facts), _change(result, admin))
    return "\n".join(filter(None, lines))


def figures_text(result: MeasureResult, admin: AdminLocale) -> str:
    """Return what came of a measure in short: both figures with n, the change with its interval."""
    measure = result.measure
    facts = {
        "metric": metric_name(measure.metric, admin.phrases, admin.locale),
        "before": measured_text(measure, result.before, admin),
        "after": measured_text(measure, result.after, admin),
        "n_before": result.before.n,
        "n_after": result.after.n,
    }
    return "\n".join(filter(None, (_say(admin, "figures", **facts), _change(result, admin))))


def measured_text(measure: Measure, one: Measured, admin: AdminLocale) -> str:
    """Return the metric of a measure in words, or that too few have answered."""
    if one.value is None:
        return _say(admin, "no_value")
    return value_text(Fraction(one.value), measure.metric, admin.phrases, admin.locale)


def _change(result: MeasureResult, admin: AdminLocale) -> str:
    if result.effect is None or result.low is None or result.high is None:
        return ""
    kind = CATALOGUE[result.measure.metric].unit
    unit = 60 if kind == "seconds" else 1
    ends = {
        name: Fraction(text) / unit for name, text in zip(_ENDS, (result.effect, result.low, result.high), strict=True)
    }
    written = {name: f"{float(value):+.1f}" for name, value in ends.items()}
    return _say(admin, {"seconds": "change_minutes", "percent": "change_percent"}.get(kind, "change"), **written)


_ENDS = ("effect", "low", "high")


def _facts(finding: Finding, measure: Measure, admin: AdminLocale) -> dict[str, object]:
    day = admin.phrases.day(admin.locale, measure.due_at - _A_MOMENT, admin.zone)
    whose = _say(admin, "whose", department=finding.department) if finding.department else ""
    named: dict[str, object] = {"text": finding.text, "whose": whose, "id": finding.id}
    return named | {"measure": measure.text, "owner": measure.owner, "day": day}


def _say(admin: AdminLocale, key: str, **values: object) -> str:
    return admin.phrases.say(admin.locale, f"improvement.{key}", **values)
