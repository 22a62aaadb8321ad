"""Reads what a rater's page sends, and what a stored sheet holds, as the texts of its fields; finds what is wrong."""

import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.handlers.evidence_files import MOST_FILES, is_evidence_file
from bot.http.api.schemas.field_types import is_web_address
from bot.http.limits import LARGEST_BODY, LARGEST_OF_RATERS, whole_body
from bot.http.pages import form_fields
from config.errors import InvalidValue
from config.values.numbers import read_number
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import Form, FormItem
from scoring.forms.sheet import rounded
from scoring.values import Value, field, replace
from storage.model.filled_forms import FilledForm

__all__ = [
    "LONGEST_WORDS",
    "NOT_APPLICABLE",
    "EnteredSheet",
    "FieldError",
    "RaterFile",
    "entered_before",
    "entered_on_page",
    "posted_sheet",
]

LONGEST_WORDS = 1000
"""Characters of a field for words: some of them, each in nine bytes of a form, fit the largest body."""
NOT_APPLICABLE = "na"
_MOST_FIELDS = 500
_FILES = "f."
_MOST_ADDRESSES = 20
_LONGEST_ADDRESS = 1000


class FieldError(Value):
    """What is wrong with a field: the key of a phrase (`rater.wrong.…`), and what fills it."""

    why: str
    highest: str = ""


class EnteredSheet(Value):
    """The texts of a page's fields: `values` by item (`na` where it does not apply), `evidence`, `words` by field.

    Evidence are addresses and ids of uploaded files, one a line.

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

    def shown_by(self, item: str) -> tuple[list[str], list[str]]:
        """Return the evidence of an item: addresses, and ids of files."""
        given = self.evidence.get(item, "").split()
        return [one for one in given if not is_evidence_file(one)], [one for one in given if is_evidence_file(one)]

    def with_evidence(self, files: Iterable[tuple[str, str]]) -> "EnteredSheet":
        """Return it with these files, each behind what its item has; one that is there already is not added again."""
        evidence = dict(self.evidence)
        for item, file in files:
            lines = evidence.get(item, "").split()
            evidence[item] = "\n".join([*lines, *([] if file in lines else [file])])
        return replace(self, evidence=evidence)

    def among_files(self, there: Container[str]) -> tuple["EnteredSheet", Mapping[str, FieldError]]:
        """Return it without the files that are not there (any more), and the fields that such a file was chosen in."""
        evidence, gone = dict(self.evidence), dict[str, FieldError]()
        for item in self.evidence:
            addresses, files = self.shown_by(item)
            if any(one not in there for one in files):
                evidence[item] = "\n".join([*addresses, *(one for one in files if one in there)])
                gone[f"{_FILES}{item}"] = FieldError("file_gone")
        return replace(self, evidence=evidence), gone

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
            addresses, _ = self.shown_by(item.id)
            is_wrong = any(len(one) > _LONGEST_ADDRESS or not is_web_address(one) for one in addresses)
            if is_wrong or len(given) > _MOST_ADDRESSES:
                yield f"e.{item.id}", FieldError("no_address")
            elif item.evidence and item.id in entry.values and not given:
                yield f"e.{item.id}", FieldError("no_evidence")

    def _missing_words(self, form: Form) -> Iterator[tuple[str, FieldError]]:
        for line in (*form.head, *form.foot):
            if line.required and not self.words.get(line.id, "").strip():
                yield f"w.{line.id}", FieldError("no_words")


class RaterFile(Value):
    """A file that came with a form, for an item."""

    item: str
    name: str
    content: bytes


async def posted_sheet(request: Request) -> tuple[EnteredSheet, tuple[RaterFile, ...]]:
    """Return what the page has sent, and the files with it. Raises TooLarge, Disconnected, and ValueError for nonsense.

    Only a form that asks for files comes in parts (RFC 7578), and only that may be as large as files are.
    """
    is_in_parts = request.headers.get("content-type", "").startswith("multipart/form-data")
    raw = await whole_body(request.scope, request.receive, LARGEST_OF_RATERS if is_in_parts else LARGEST_BODY)
    if not is_in_parts:
        return entered_on_page(raw), ()
    if not raw.rstrip().endswith(b"--"):
        raise ValueError("the last part has no end, and would be left out")

    async def once() -> Message:
        return {"type": "http.request", "body": raw, "more_body": False}

    fields, files = dict[str, str](), list[RaterFile]()
    try:
        form = await Request(request.scope, once).form(max_fields=_MOST_FIELDS, max_files=MOST_FILES)
    except HTTPException as wrong:
        raise ValueError(str(wrong.detail)) from None
    for name, given in form.multi_items():
        if isinstance(given, str):
            fields.setdefault(name, given.replace("\0", ""))
        elif given.filename and name.startswith(_FILES):
            files.append(RaterFile(name.removeprefix(_FILES), given.filename, await given.read()))
    await form.close()
    return _entered(fields), tuple(files)


def entered_on_page(raw: bytes) -> EnteredSheet:
    """Return what a form of the page holds."""
    return _entered(form_fields(raw, _MOST_FIELDS))


def _entered(given: Mapping[str, str]) -> EnteredSheet:
    """Return what fields hold; of files each has a field of its own, with its number behind the item."""
    kinds: dict[str, dict[str, str]] = {"v": {}, "e": {}, "w": {}, "g": {}}
    for name, text in given.items():
        kind, _, id_ = name.partition(".")
        if kind in kinds and text.strip():
            kinds[kind][id_] = _text(text)
    files = ((id_.rpartition(".")[0], file) for id_, file in kinds["g"].items())
    sheet = EnteredSheet(kinds["v"], kinds["e"], kinds["w"], given.get("do", ""))
    return sheet.with_evidence((item, file) for item, file in files if is_evidence_file(file))


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
