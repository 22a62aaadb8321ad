"""Fills a form: checks what was entered, and makes the sheet that is stored, with its exact result."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from dialogs.forms.model import Form, FormItem, SheetField
from dialogs.survey import Texts
from scoring.values import Value, field

__all__ = [
    "FilledItem",
    "FilledSection",
    "FilledSheet",
    "FilledText",
    "SheetEntry",
    "entry_problems",
    "fill_sheet",
    "filled_words",
]

Evidence = Mapping[str, tuple[str, ...]]


class SheetEntry(Value):
    """What a rater enters: values by item, items that do not apply, addresses of evidence, words by field."""

    values: Mapping[str, Fraction] = field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()
    evidence: Evidence = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


class FilledItem(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A line of a filled sheet; `value` is exact (`9/2`), None where it was left open or does not apply."""

    id: str
    section: str
    name: Texts
    value: str | None = None
    is_not_applicable: bool = False


class FilledSection(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A section of a filled sheet: what it earned of its weight, exact; None while items are open."""

    id: str
    name: Texts
    weight: str
    score: str | None
    answered: int
    asked: int


class FilledText(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """The words in a field at the head or the foot; `is_action` where the form says that they are to be acted on."""

    id: str
    name: Texts
    text: str
    is_action: bool = False


class FilledSheet(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A filled sheet as it is printed; it stays readable when its form has changed or is gone."""

    title: Texts
    sections: tuple[FilledSection, ...]
    items: tuple[FilledItem, ...]
    total: str | None = None
    grade: Texts = field(default_factory=dict)
    prepared_by: str = ""
    checked_by: str = ""
    approved_by: str = ""


def entry_problems(form: Form, entry: SheetEntry) -> Iterator[tuple[str, str]]:
    """Yield each field of an entry that does not fit the form, and what is wrong with it."""
    items = {item.id: item for item in form.items}
    fields = {line.id: line for line in (*form.head, *form.foot)}
    named = (("values", entry.values), ("not_applicable", entry.not_applicable), ("evidence", entry.evidence))
    for name, given in named:
        yield from ((f"{name}.{one}", f"is no item of {form.id}") for one in given if one not in items)
    for id_, value in entry.values.items():
        problem = form.problem(items[id_], value) if id_ in items else ""
        if problem:
            yield f"values.{id_}", problem
    for id_ in sorted(entry.not_applicable & items.keys()):
        if not items[id_].may_not_apply:
            yield f"not_applicable.{id_}", "always applies; give it a value"
        elif id_ in entry.values:
            yield f"not_applicable.{id_}", "has a value; take one of the two out"
    yield from _evidence(items, entry)
    yield from ((f"words.{one}", f"is no field of {form.id}") for one in entry.words if one not in fields)
    yield from _required(fields, entry)


def fill_sheet(form: Form, entry: SheetEntry) -> FilledSheet:
    """Return the sheet of an entry without problems."""
    score = form.score(entry.values, entry.not_applicable)
    names = {section.id: section.name for section in form.sections}
    sections = (
        FilledSection(one.id, names[one.id], str(one.weight), _text(one.score), one.answered, one.asked)
        for one in score.sections
    )
    items = (_item(section.id, item, entry) for section in form.sections for item in section.items)
    return FilledSheet(
        form.title,
        tuple(sections),
        tuple(items),
        _text(score.total),
        score.grade.name if score.grade is not None else {},
        form.prepared_by,
        form.checked_by,
        form.approved_by,
    )


def filled_words(form: Form, entry: SheetEntry) -> tuple[FilledText, ...]:
    """Return the words of an entry, in the order of the form's fields."""
    lines: tuple[SheetField, ...] = (*form.head, *form.foot)
    given = ((line, entry.words.get(line.id, "")) for line in lines)
    return tuple(FilledText(line.id, line.name, text, line.is_action) for line, text in given if text)


def _evidence(items: Mapping[str, FormItem], entry: SheetEntry) -> Iterator[tuple[str, str]]:
    for id_, item in items.items():
        if item.evidence and id_ in entry.values and not entry.evidence.get(id_):
            yield f"evidence.{id_}", "is missing; give the address of what shows it, or upload a file"


def _required(fields: Mapping[str, SheetField], entry: SheetEntry) -> Iterator[tuple[str, str]]:
    for id_, line in fields.items():
        if line.required and not entry.words.get(id_, "").strip():
            yield f"words.{id_}", "is missing"


def _item(section: str, item: FormItem, entry: SheetEntry) -> FilledItem:
    value = _text(entry.values.get(item.id))
    return FilledItem(item.id, section, item.name, value, item.id in entry.not_applicable)


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
