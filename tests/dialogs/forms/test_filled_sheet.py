"""What was entered is checked against its form, and becomes a sheet that can be read without it."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest

from config.forms.load import read_form, read_forms
from dialogs.forms.filled_sheet import FilledSheet, SheetEntry, entry_problems, fill_sheet, filled_words
from dialogs.forms.model import Form
from scoring.values import replace

SMALL = read_form(Path(__file__).parents[2] / "config" / "forms" / "small_form.toml")
CLAUSES = read_forms()["gbt_27922_part"]
FIRST, SECOND, *OTHERS = (item.id for item in CLAUSES.items)


def values(**given: float) -> Mapping[str, Fraction]:
    """Return exact values."""
    return {item: Fraction(str(value)) for item, value in given.items()}


FULL = SheetEntry(values(manner=4, sales=120, complaints=5), words={"position": "师傅"})


@pytest.mark.parametrize(
    ("form", "entry", "problems"),
    [
        (SMALL, FULL, []),
        (SMALL, SheetEntry(), []),
        (SMALL, SheetEntry(values(manner=0)), [("values.manner", "is not on the scale 1-5")]),
        (SMALL, SheetEntry(values(sales=-1)), [("values.sales", "is below 0; write what was measured")]),
        (SMALL, SheetEntry(values(shoes=42)), [("values.shoes", "is no item of small_form")]),
        (SMALL, SheetEntry(words={"hat": "42"}), [("words.hat", "is no field of small_form")]),
        (
            SMALL,
            SheetEntry(not_applicable=frozenset({"manner"})),
            [("not_applicable.manner", "always applies; give it a value")],
        ),
        (
            CLAUSES,
            SheetEntry(values(**{FIRST: 7}), evidence={FIRST: ("https://example.com/",)}),
            [(f"values.{FIRST}", "is not between 0 and 6")],
        ),
        (
            CLAUSES,
            SheetEntry(values(**{FIRST: 3}), frozenset({FIRST}), {FIRST: ("https://example.com/",)}),
            [(f"not_applicable.{FIRST}", "has a value; take one of the two out")],
        ),
        (
            CLAUSES,
            SheetEntry(values(**{FIRST: 3})),
            [(f"evidence.{FIRST}", "is missing; give the address of what shows it, or upload a file")],
        ),
    ],
)
def test_each_thing_that_does_not_fit_is_named(form: Form, entry: SheetEntry, problems: list[tuple[str, str]]) -> None:
    assert list(entry_problems(form, entry)) == problems


def test_a_sheet_holds_what_was_entered_exactly_and_what_it_earned() -> None:
    sheet = fill_sheet(SMALL, FULL)
    assert [(section.id, section.score) for section in sheet.sections] == [("care", "32"), ("figures", "52")]
    assert (sheet.total, sheet.grade) == ("84", {})
    assert [(item.id, item.value) for item in sheet.items] == [("manner", "4"), ("sales", "120"), ("complaints", "5")]
    assert (sheet.prepared_by, sheet.checked_by, sheet.approved_by) == ("甲", "乙", "丙")
    assert [(line.id, line.text) for line in filled_words(SMALL, FULL)] == [("position", "师傅")]


def test_thirds_stay_thirds() -> None:
    entry = replace(FULL, values=values(manner=4, sales=100, complaints=3))
    assert fill_sheet(SMALL, entry).sections[1].score == str(Fraction(40 + Fraction(40, 3)))


def test_what_is_stored_of_a_sheet_gives_the_same_sheet_back() -> None:
    entry = SheetEntry(values(**{FIRST: 3}), frozenset({SECOND, *OTHERS}), {FIRST: ("https://example.com/",)})
    sheet = fill_sheet(CLAUSES, entry)
    assert sheet.total == "50"
    assert [item.is_not_applicable for item in sheet.items] == [False] + [True] * (1 + len(OTHERS))
    assert msgspec.json.decode(msgspec.json.encode(sheet), type=FilledSheet) == sheet
