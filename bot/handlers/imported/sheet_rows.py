"""A row of assessments: a sheet that a rater has filled by one of the forms, for a period."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from bot.handlers.assessments import NewAssessment, is_same_sheet, make_sheet, rating_problems, with_group
from bot.handlers.evidence_files import is_evidence_file
from bot.handlers.imported.contact_rows import erased_mistakes
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, RowOutcome, TakenRow, told_moment
from config.errors import InvalidValue
from config.values.numbers import read_number
from dialogs.forms.filled_sheet import SheetEntry, entry_problems
from dialogs.forms.model import Form, RaterRole, form_in_force
from dialogs.names import written_name
from dialogs.time.named_days import named_days
from dialogs.time.periods import Period, named_period
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.filled_forms import FilledForm
from storage.model.import_records import RowMistake
from storage.model.records import Customer

__all__ = ["judge_sheet", "sheet_keys"]

Cells = Mapping[str, Any]
_VALUES, _EVIDENCE, _WORDS = "values.", "evidence.", "words."
_NOT_APPLICABLE = ("na", "n/a")
_ADDRESS = re.compile(r"https?://[^\s@\\]+", re.IGNORECASE)


def sheet_keys(terms: ImportTerms, cells: Cells, keys: RowKeys) -> None:
    """Add what a row is about."""
    customer = cells.get("customer", "")
    period = _period(terms, cells)
    named = period.name if period is not None else ""
    keys.rated.add((written_name(cells["subject"]), cells["form"], named))
    if customer:
        keys.customers.add(customer)
        keys.people.add(customer)


def judge_sheet(terms: ImportTerms, cells: Cells, stored: StoredRows) -> RowOutcome:
    """Return the sheet of a row, with what it changes of those beside which it counts, or what is wrong with it."""
    mistakes: list[RowMistake] = []
    new = _new(terms, cells, mistakes)
    if new is None:
        return RefusedRow(tuple(mistakes))
    mistakes += _mistakes(terms, cells, new, stored)
    if mistakes:
        return RefusedRow(tuple(mistakes))
    made = make_sheet(new, terms.policy, cells.get("at", terms.now))
    about = stored.sheets.get(new.rated, {})
    before = about.get(made.id)
    if before is not None:
        whose = ((Customer, (new.customer,), ()),) if new.customer else ()
        same = ((FilledForm, (made.id,), ()), *whose)
        return TakenRow(named=same) if is_same_sheet(made, before) else RefusedRow((_OTHERWISE,))
    is_stranger = bool(new.customer) and new.customer not in stored.customers
    made, *stepped = with_group(made, about.values())
    changes: tuple[tuple[FilledForm, FilledForm], ...] = tuple((about[one.id], one) for one in stepped)
    return TakenRow((*((Customer(new.customer),) if is_stranger else ()), made), changes)


_OTHERWISE = RowMistake(
    "values",
    "",
    "this rater has filled another sheet about that already",
    "leave it out, or correct the sheet with `huifang assess`",
)


def _new(terms: ImportTerms, cells: Cells, mistakes: list[RowMistake]) -> NewAssessment | None:
    form, period = terms.policy.forms.get(cells["form"]), _period(terms, cells)
    if form is None:
        known = ", ".join(sorted(terms.policy.forms))
        mistakes.append(RowMistake("form", cells["form"], "is no form", f"write one of {known}"))
    if period is None:
        mistakes.append(RowMistake("period", cells["period"], "is no period", "write it as 2026-11, 2026-Q4 or 2026"))
    if form is None or period is None:
        return None
    form = form_in_force(form, named_days(period.name).first)
    if cells.get("version", form.version) != form.version:
        fix = f"leave it out, or write {form.version}"
        mistakes.append(RowMistake("version", str(cells["version"]), "is not the one in force in that period", fix))
    rater = written_name(cells.get("rater", ""))
    return NewAssessment(
        form=form,
        subject=written_name(cells["subject"]),
        period=period,
        role=RaterRole(cells["role"]),
        by=written_name(cells.get("by", "")) or rater or terms.by or terms.import_id,
        entry=_entry(form, cells, mistakes),
        rater=rater,
        customer=cells.get("customer", ""),
        source=cells.get("source", ""),
        sheet_no=cells.get("sheet_no", ""),
    )


def _period(terms: ImportTerms, cells: Cells) -> Period | None:
    try:
        return named_period(cells["period"], terms.policy.timezone)
    except ValueError:
        return None


def _entry(form: Form, cells: Cells, mistakes: list[RowMistake]) -> SheetEntry:
    values: dict[str, Fraction] = {}
    left_out = set(cells.get("not_applicable", ()))
    for item, text in _under(_VALUES, cells):
        if text.casefold() in _NOT_APPLICABLE:
            left_out.add(item)
            continue
        points = [value for value in form.scale.values if text in _words_of(form, value)]
        try:
            values[item] = Fraction(points[0]) if points else read_number(text)
        except InvalidValue:
            mistakes.append(RowMistake(f"{_VALUES}{item}", text, "is no number", "write a number, or na"))
    evidence = {item: tuple(addresses) for item, addresses in _under(_EVIDENCE, cells)}
    for item, addresses in evidence.items():
        for one in addresses:
            if _ADDRESS.fullmatch(one) is None and not is_evidence_file(one):
                fix = "write it as https://files.example.com/1"
                mistakes.append(RowMistake(f"{_EVIDENCE}{item}", one, "is no web address", fix))
    return SheetEntry(values, frozenset(left_out), evidence, dict(_under(_WORDS, cells)))


def _words_of(form: Form, value: int) -> list[str]:
    return [words[value] for words in form.scale.labels.values() if value in words]


def _under(begin: str, cells: Cells) -> Iterator[tuple[str, Any]]:
    return ((name.removeprefix(begin), value) for name, value in cells.items() if name.startswith(begin))


def _mistakes(terms: ImportTerms, cells: Cells, new: NewAssessment, stored: StoredRows) -> Iterator[RowMistake]:
    problems = [*rating_problems(new, terms.policy, terms.now), *entry_problems(new.form, new.entry)]
    for name, problem in problems:
        yield RowMistake(name, str(cells.get(name, "")), problem, "correct it")
    if new.customer:
        yield from erased_mistakes(new.customer, stored)
    at: datetime | None = cells.get("at")
    if at is not None and at > terms.now:
        yield RowMistake("at", told_moment(terms, at), "lies ahead", "correct the date")
    if not (new.entry.values or new.entry.not_applicable):
        yield RowMistake("values", "", "are missing", "fill in an item at least; an export tells no peers' sheets")
