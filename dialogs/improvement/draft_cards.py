"""What is shown while a measure is planned, or a message to the customers is written: the question, the proposal."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from dialogs.admin.figure_text import metric_name, value_text
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.finding_card import measure_lines
from dialogs.improvement.finding_view import FindingStep, FindingView, say
from dialogs.improvement.model import Measure
from dialogs.improvement.plan_draft import PLAN_DAYS, PlanDraft
from dialogs.improvement.told import told_text
from dialogs.issue.card_buttons import person_key
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, clipped, one_line
from scoring.values import replace

__all__ = ["CHOICES", "ask_for", "asked_for", "choice_in", "owners_card", "plan_card", "tell_card"]

CHOICES = 10
"""What a button of a draft carries: its number times this, and the place of what it chooses."""
_LONGEST_NAME = 40
_LONGEST_LABEL = 16
_IN_A_ROW = 3
_STEPS = FindingStep
_DOTS = "……"


def choice_in(value: int) -> tuple[int, int]:
    """Return the number of the draft whose button it is, and what it chooses."""
    return divmod(value, CHOICES)


def ask_for(step: FindingStep, person: Person, view: FindingView, admin: AdminLocale) -> Prompt:
    """Return the request to whoever pressed for words: a measure, a reason, what customers are told."""
    name = one_line(person.name, _LONGEST_NAME) or admin.phrases.say(admin.locale, "team.somebody")
    text = say(admin, f"ask.{step}", name=name, title=view.title)
    wants = f"{step.value}:{view.finding.version}"
    return Prompt(text, asks=say(admin, f"ask_hint.{step}"), mentions=person, wants=wants)


def asked_for(wants: str) -> tuple[str, int]:
    """Return what a request asks words for, and the version of the finding that it was made at."""
    step, _, version = wants.partition(":")
    return step, int(version) if version.isdecimal() else 0


def plan_card(view: FindingView, draft: PlanDraft, measure: Measure, admin: AdminLocale) -> Prompt:
    """Return the measure as it would be planned, with a button for each choice."""
    head = say(admin, "proposal", title=view.title)
    text = "\n".join((head, "", *measure_lines(measure, admin)))
    rows = (
        (_button(draft, _STEPS.CONFIRM, say(admin, "button.ok")),),
        tuple(_days(draft, admin)),
        tuple(_targets(draft, admin)),
        tuple(_metrics(draft, admin)),
        (
            _button(draft, _STEPS.OWNERS, say(admin, "button.ow")),
            _button(draft, _STEPS.DROP, say(admin, "button.dr")),
        ),
    )
    return Prompt(clipped(text, LONGEST_MESSAGE), tuple(row for row in rows if row))


def _days(draft: PlanDraft, admin: AdminLocale) -> Iterator[Choice]:
    for place, days in enumerate(PLAN_DAYS):
        yield _chosen(draft, _STEPS.WHEN, say(admin, "days", count=days), place, draft.days)


def _targets(draft: PlanDraft, admin: AdminLocale) -> Iterator[Choice]:
    option = draft.option
    for place, target in enumerate(option.targets if option is not None else ()):
        value = value_text(Fraction(target), option.metric if option else "", admin.phrases, admin.locale)
        yield _chosen(draft, _STEPS.TARGET, say(admin, "target", value=value), place, draft.target)


def _metrics(draft: PlanDraft, admin: AdminLocale) -> Iterator[Choice]:
    """Yield a button for each metric, where there are several."""
    options = draft.offer.options if draft.offer is not None else ()
    for place, option in enumerate(options if len(options) > 1 else ()):
        name = metric_name(option.metric, admin.phrases, admin.locale)
        yield _chosen(draft, _STEPS.METRIC, say(admin, "by_metric", metric=name), place, draft.metric)


def owners_card(view: FindingView, draft: PlanDraft, names: Sequence[str], admin: AdminLocale) -> Prompt:
    """Return the question who shall see to a measure, with a button for each of these people."""
    each = [
        Choice(
            one_line(name, _LONGEST_LABEL),
            Tap(Verb.FINDING, draft.finding, f"{_STEPS.OWNER}:{person_key(name)}", draft.number * CHOICES),
        )
        for name in names
    ]
    rows = tuple(tuple(each[at : at + _IN_A_ROW]) for at in range(0, len(each), _IN_A_ROW))
    back = (_button(draft, _STEPS.PROPOSED, say(admin, "button.ba")),)
    return Prompt(say(admin, "whose_measure", title=view.title), (*rows, back))


def tell_card(
    view: FindingView, draft: PlanDraft, words: Sequence[tuple[str, str]], admin: AdminLocale, *, is_quoted: bool
) -> Prompt:
    """Return what the customers will read, in each language; dots stand for what each of them had said, if any had."""
    told = replace(view.finding, told=tuple(words))
    texts = [told_text(told, _DOTS if is_quoted else "", admin.phrases, admin.phrases.locale(key)) for key, _ in words]
    head = say(admin, "tell_preview_quoted" if is_quoted else "tell_preview", count=view.customers)
    rows = (
        (_button(draft, _STEPS.SEND, say(admin, "button.se", count=view.customers)),),
        (_button(draft, _STEPS.REWORD, say(admin, "button.rw")), _button(draft, _STEPS.DROP, say(admin, "button.ba"))),
    )
    return Prompt(clipped("\n\n".join((head, *_once(texts))), LONGEST_MESSAGE), rows)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _chosen(draft: PlanDraft, step: FindingStep, label: str, place: int, chosen: int) -> Choice:
    return _button(draft, step, f"✓ {label}" if place == chosen else label, place)


def _button(draft: PlanDraft, step: FindingStep, label: str, place: int = 0) -> Choice:
    return Choice(label, Tap(Verb.FINDING, draft.finding, step.value, draft.number * CHOICES + place))
