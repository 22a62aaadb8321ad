"""Reads what a rater's page sends, and what a stored sheet holds, as the texts of its fields; finds what is wrong."""

import unicodedata
from collections.abc import Iterator, Mapping
from fractions import Fraction

from bot.http.api.schemas.field_types import is_web_address
from bot.http.pages import form_fields
from config.errors import InvalidValue
from config.values.numbers import read_number
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import Form, FormItem
from scoring.forms.sheet import rounded
from scoring.values import Value, field
from storage.model.filled_forms import FilledForm

__all__ = ["LONGEST_WORDS", "NOT_APPLICABLE", "EnteredSheet", "FieldError", "entered_before", "entered_on_page"]

LONGEST_WORDS = 1000
"""Characters of a field for words: some of them, each in nine bytes of a form, fit the largest body."""
NOT_APPLICABLE = "na"
_MOST_FIELDS = 500
_MOST_ADDRESSES = 20
_LONGEST_ADDRESS = 1000


class FieldError(Value):
    """What is wrong with a field: the key of a phrase (`rater.wrong.…`), and what fills it."""

    why: str
    highest: str = ""


class EnteredSheet(Value):
    """The texts of a page's fields: `values` by item (`na` where it does not apply), `evidence`, `words` by field.

    `pressed` is the button that sent them, empty for none.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    pressed: str = ""

    def entry(self, form: Form) -> tuple[SheetEntry, Mapping[str, FieldError]]:
        """Return what was entered, and what is wrong with it by the name of the field."""
        wrong: dict[str, FieldError] = {}
        values: dict[str, Fraction] = {}
        for item in form.items:
            read = self._value(form, item)
            if isinstance(read, FieldError):
                wrong[f"v.{item.id}"] = read
            elif read is not None:
                values[item.id] = read
        left_out = frozenset(item.id for item in form.items if self._is_left_out(item))
        evidence = {item.id: self._addresses(item) for item in form.items if item.id in values}
        words = {line.id: self.words.get(line.id, "") for line in (*form.head, *form.foot)}
        entry = SheetEntry(values, left_out, {id_: given for id_, given in evidence.items() if given}, words)
        return entry, wrong | dict(self._wrong_addresses(form, entry)) | dict(self._missing_words(form))

    def _is_left_out(self, item: FormItem) -> bool:
        return item.may_not_apply and self.values.get(item.id) == NOT_APPLICABLE

    def _value(self, form: Form, item: FormItem) -> Fraction | FieldError | None:
        typed = unicodedata.normalize("NFKC", self.values.get(item.id, "")).strip()
        if self._is_left_out(item):
            return None
        if not typed:
            return None if form.leaves_out else FieldError("missing")
        try:
            value = read_number(typed)
        except InvalidValue:
            return FieldError("not_number")
        if not form.problem(item, value):
            return value
        highest = form.scale.highest if item.points is None else item.points
        return FieldError("too_low") if item.figure else FieldError("off_scale", rounded(Fraction(highest)))

    def _addresses(self, item: FormItem) -> tuple[str, ...]:
        return tuple(self.evidence.get(item.id, "").split())

    def _wrong_addresses(self, form: Form, entry: SheetEntry) -> Iterator[tuple[str, FieldError]]:
        for item in form.items:
            given = entry.evidence.get(item.id, ())
            is_wrong = any(len(one) > _LONGEST_ADDRESS or not is_web_address(one) for one in given)
            if is_wrong or len(given) > _MOST_ADDRESSES:
                yield f"e.{item.id}", FieldError("no_address")
            elif item.evidence and item.id in entry.values and not given:
                yield f"e.{item.id}", FieldError("no_evidence")

    def _missing_words(self, form: Form) -> Iterator[tuple[str, FieldError]]:
        for line in (*form.head, *form.foot):
            if line.required and not self.words.get(line.id, "").strip():
                yield f"w.{line.id}", FieldError("no_words")


def entered_on_page(raw: bytes) -> EnteredSheet:
    """Return what a form of the page holds."""
    given = form_fields(raw, _MOST_FIELDS)
    kinds: dict[str, dict[str, str]] = {"v": {}, "e": {}, "w": {}}
    for name, text in given.items():
        kind, _, id_ = name.partition(".")
        if kind in kinds and text.strip():
            kinds[kind][id_] = _text(text)
    return EnteredSheet(kinds["v"], kinds["e"], kinds["w"], given.get("do", ""))


def entered_before(stored: FilledForm) -> EnteredSheet:
    """Return what a stored sheet holds."""
    values = {item.id: _told(item.value) for item in stored.sheet.items if item.value is not None}
    left_out = {item.id: NOT_APPLICABLE for item in stored.sheet.items if item.is_not_applicable}
    evidence: dict[str, str] = {}
    for item, address in stored.evidence:
        evidence[item] = f"{evidence[item]}\n{address}" if item in evidence else address
    return EnteredSheet(values | left_out, evidence, {line.id: line.text for line in stored.words})


def _told(exact: str) -> str:
    """Return a stored number as it was typed: with as many digits as it has."""
    value = Fraction(exact)
    return f"{float(value):.9f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    """Return a text with LF for CR LF, as browsers send it (HTML, form submission), without NUL or surrogates."""
    clean = text.replace("\r\n", "\n").replace("\x00", "").encode(errors="ignore").decode()
    return clean.strip()[:LONGEST_WORDS]
