"""New phrases in a chat of the team: those that customers use and no lexicon has; the card that decides about one."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from hashlib import blake2b

from dialogs.admin.lists import AdminLocale
from dialogs.improvement.finding_view import say
from dialogs.messages import Choice, Prompt, Tap, Verb
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged
from scoring.values import Value

__all__ = ["PhraseStep", "PhraseView", "dimension_key", "fits_button", "phrase_card", "phrase_list"]

_ON_A_PAGE, _IN_A_ROW, _NUMBERS = 8, 2, 4
_LIKELY = 3
_LONGEST, _LONGEST_LABEL = 40, 16
_POLARITIES = {-1: "negative", 1: "positive", 0: "neutral"}
_NEXT = {-1: 1, 1: 0, 0: -1}


class PhraseStep(StrEnum):
    """What a button under a phrase does; the value of most is how it is meant: 0 badly, 1 neither, 2 well."""

    LIST = "ls"
    OPEN = "op"
    MEANT = "me"
    """Meant the way that the value says."""
    MORE = "mo"
    MAP = "ma"
    """Speaks of a dimension, whose key follows behind a colon."""
    IGNORE = "ig"
    UNDO = "un"


class PhraseView(Value):
    """A phrase as a chat shows it: by how many it is used, what it may speak of, the likely first, and how it is meant.

    `decided_by` is who has decided: that it speaks of `dimension`, or of nothing where that is empty.
    """

    phrase: str
    people: int
    dimensions: tuple[tuple[str, str], ...] = ()
    """The id and the name of each."""
    polarity: int = -1
    examples: tuple[str, ...] = ()
    decided_by: str = ""
    dimension: str = ""


def dimension_key(dimension: str) -> str:
    """Return by what a button names a dimension: an owner's may be longer than a button holds."""
    return blake2b(dimension.encode(), digest_size=4).hexdigest()


def fits_button(phrase: str) -> bool:
    """Return whether a button can name a phrase; longer ones are decided about by command."""
    return len(phrase.encode()) <= _LONGEST


def phrase_list(views: Sequence[PhraseView], offset: int, admin: AdminLocale) -> Prompt:
    """Return a page of the phrases that wait for a decision, that of most people first, each with a button."""
    listed = [one for one in views if fits_button(one.phrase)]
    if not listed:
        return Prompt(say(admin, "phrases.none"))
    begins = offset if 0 <= offset < len(listed) else 0
    shown = listed[begins : begins + _ON_A_PAGE]
    lines = (
        f"{number}. {say(admin, 'phrases.line', phrase=defanged(one.phrase, _LONGEST), count=one.people)}"
        for number, one in enumerate(shown, begins + 1)
    )
    numbered = enumerate(shown, begins + 1)
    each = [Choice(str(number), Tap(Verb.PHRASE, one.phrase, PhraseStep.OPEN.value)) for number, one in numbered]
    rows = [tuple(each[at : at + _NUMBERS]) for at in range(0, len(each), _NUMBERS)]
    pages = tuple(_pages(begins, len(listed), admin))
    text = "\n".join((say(admin, "phrases.head", count=len(listed)), "", *lines))
    return Prompt(clipped(text, LONGEST_MESSAGE), (*rows, pages) if pages else tuple(rows))


def _pages(begins: int, number: int, admin: AdminLocale) -> Iterator[Choice]:
    if begins:
        before = max(begins - _ON_A_PAGE, 0)
        yield Choice(say(admin, "findings.earlier"), Tap(Verb.PHRASE, "", PhraseStep.LIST.value, before))
    if begins + _ON_A_PAGE < number:
        yield Choice(say(admin, "findings.later"), Tap(Verb.PHRASE, "", PhraseStep.LIST.value, begins + _ON_A_PAGE))


def phrase_card(view: PhraseView, admin: AdminLocale, *, meant: int | None = None, in_full: bool = False) -> Prompt:
    """Return a phrase with examples and a button for each likely dimension, for all of them where it is `in_full`.

    `meant` is how the phrase is meant, where somebody has chosen that.
    """
    polarity = view.polarity if meant is None else meant
    lines = [say(admin, "phrases.card", phrase=defanged(view.phrase, _LONGEST), count=view.people)]
    lines += [say(admin, "card.quote", said=said) for said in view.examples]
    if view.decided_by:
        lines += ["", _decided(view, admin)]
        return Prompt("\n".join(lines), ((_button(view, PhraseStep.UNDO, say(admin, "phrases.undo")),),))
    lines += ["", say(admin, f"phrases.ask_{_POLARITIES[polarity]}")]
    shown = view.dimensions if in_full else view.dimensions[:_LIKELY]
    each = [
        Choice(
            clipped(name, _LONGEST_LABEL),
            Tap(Verb.PHRASE, view.phrase, f"{PhraseStep.MAP}:{dimension_key(dimension)}", polarity + 1),
        )
        for dimension, name in shown
    ]
    rows = [tuple(each[at : at + _IN_A_ROW]) for at in range(0, len(each), _IN_A_ROW)]
    turned = _NEXT[polarity]
    last = [_button(view, PhraseStep.MEANT, say(admin, f"phrases.meant_{_POLARITIES[turned]}"), turned + 1)]
    if len(shown) < len(view.dimensions):
        last.append(_button(view, PhraseStep.MORE, say(admin, "phrases.others"), polarity + 1))
    last.append(_button(view, PhraseStep.IGNORE, say(admin, "phrases.ignore")))
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE), (*rows, tuple(last)))


def _decided(view: PhraseView, admin: AdminLocale) -> str:
    name = defanged(view.decided_by, _LONGEST)
    if not view.dimension:
        return say(admin, "phrases.ignored", name=name)
    meant = say(admin, f"phrases.{_POLARITIES[view.polarity]}")
    return say(admin, "phrases.mapped", name=name, dimension=view.dimension, meant=meant)


def _button(view: PhraseView, step: PhraseStep, label: str, value: int = 0) -> Choice:
    return Choice(label, Tap(Verb.PHRASE, view.phrase, step.value, value))
