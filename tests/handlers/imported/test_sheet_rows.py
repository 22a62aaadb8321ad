"""A row of assessments becomes the sheet that `huifang assess` would store, or says what is wrong with it."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from bot.handlers.assessments import NewAssessment, make_sheet
from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, TakenRow
from bot.handlers.imported.sheet_rows import judge_sheet, sheet_keys
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import RaterRole
from dialogs.time.periods import named_period
from scoring.values import replace
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.filled_forms import FilledForm
from storage.model.records import Customer
from tests.support.stage.scene import NOW, POLICY

TERMS = ImportTerms("imp_1", POLICY, NOW, "张姐")
FILLED = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
FORM = POLICY.forms["appraisal_360"]
ITEMS = [item.id for item in FORM.items]
RATED: dict[str, Any] = {f"values.{item}": "4" for item in ITEMS}
ROW: dict[str, Any] = {
    "form": "appraisal_360",
    "subject": "a17",
    "period": "2026-Q1",
    "role": "superior",
    "rater": "赵经理",
    "at": FILLED,
    **RATED,
}


WRONG = (
    *("form", "period", "version", "role", "no rater", "own superior", "later", "scale", "no number", "no item"),
    *("not applicable", "no field", "ahead", "nothing"),
)


def outcome(stored: StoredRows, cells: dict[str, object]) -> TakenRow | RefusedRow:
    return judge_sheet(TERMS, {name: value for name, value in (ROW | cells).items() if value is not None}, stored)


def taken(stored: StoredRows | None = None, /, **cells: object) -> TakenRow:
    found = outcome(stored or StoredRows(), cells)
    assert isinstance(found, TakenRow), found
    return found


def sheet(stored: StoredRows | None = None, /, **cells: object) -> FilledForm:
    made = taken(stored, **cells).records[-1]
    assert isinstance(made, FilledForm)
    return made


def mistakes(stored: StoredRows | None = None, /, **cells: object) -> list[tuple[str, str]]:
    found = outcome(stored or StoredRows(), cells)
    assert isinstance(found, RefusedRow), found
    return [(one.column, one.problem) for one in found.mistakes]


def test_a_row_is_the_sheet_that_is_stored_otherwise() -> None:
    values = dict.fromkeys(ITEMS, Fraction(4))
    period = named_period("2026-Q1", POLICY.timezone)
    new = NewAssessment(FORM, "a17", period, RaterRole.SUPERIOR, "赵经理", SheetEntry(values), rater="赵经理")
    assert sheet() == make_sheet(new, POLICY, FILLED)
    assert sheet().total == "80"


def test_words_of_the_scale_are_its_numbers() -> None:
    assert sheet(**dict.fromkeys(RATED, "较好")).sheet == sheet().sheet
    assert sheet(**dict.fromkeys(RATED, "Good")).sheet == sheet().sheet


def test_a_sheet_without_a_moment_was_filled_now_and_without_a_name_by_who_imports_it() -> None:
    assert sheet(at=None).at == NOW
    assert sheet(role="superior", by="录入员").by == "录入员"
    customer = {"form": "quality_check_week"} if "customer" in POLICY.forms["quality_check_week"].raters else None
    assert customer is None or sheet(**customer, role="customer", rater=None, source="paper", sheet_no="1").by == "张姐"


def test_the_same_row_again_changes_nothing_and_another_one_is_told() -> None:
    stored = StoredRows()
    stored.add([replace(sheet(), version=1)])
    same = TakenRow(named=((FilledForm, (sheet().id,), ()),))
    assert taken(stored) == same
    assert taken(stored, rater=" 赵经理 ", at=FILLED + timedelta(days=1), by="赵经理") == same
    assert mistakes(stored, **{f"values.{ITEMS[0]}": "1"}) == [
        ("values", "this rater has filled another sheet about that already")
    ]


def test_three_peers_count_together_and_never_fewer() -> None:
    stored = StoredRows()
    for number in range(2):
        peer = taken(stored, role="peer", rater=f"同事{number}")
        assert (peer.records[0].released, peer.changes) == (None, ())
        stored.add([replace(peer.records[0], version=1)])
    third = taken(stored, role="peer", rater="同事2", **{f"values.{ITEMS[0]}": "1"})
    assert third.records[0].released == third.records[0].total != "80"
    assert [(before.released, after.released, after.version) for before, after in third.changes] == [
        (None, "80", 1),
        (None, "80", 1),
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"form": "no_form"}, [("form", "is no form")]),
        ({"period": "spring"}, [("period", "is no period")]),
        ({"version": 7}, [("version", "is not the one in force in that period")]),
        ({"role": "customer", "rater": None}, [("role", "does not rate by appraisal_360; there are")]),
        ({"rater": None}, [("rater", "is missing; write who rates")]),
        ({"rater": "a17"}, [("rater", "is a17, who cannot be their own superior")]),
        ({"period": "2027-Q1"}, [("period", "has not begun yet")]),
        ({"values.amount": "6"}, [("values.amount", "is not on the scale 1-5")]),
        ({"values.amount": "viel"}, [("values.amount", "is no number")]),
        ({"values.colour": "3"}, [("values.colour", "is no item of appraisal_360")]),
        ({"values.amount": "na"}, [("not_applicable.amount", "always applies; give it a value")]),
        ({"words.mood": "gut"}, [("words.mood", "is no field of appraisal_360")]),
        ({"at": NOW + timedelta(days=1)}, [("at", "lies ahead")]),
        (dict.fromkeys(RATED), [("values", "are missing")]),
    ],
    ids=WRONG,
)
def test_what_is_wrong_is_told(cells: dict[str, object], told: list[tuple[str, str]]) -> None:
    found = mistakes(**cells)
    assert [column for column, _ in found] == [column for column, _ in told]
    assert all(problem.startswith(begin) for (_, problem), (_, begin) in zip(found, told, strict=True))


def test_evidence_is_an_address() -> None:
    form = next(one for one in POLICY.forms.values() if any(item.evidence for item in one.items))
    item = next(item for item in form.items if item.evidence)
    cells: dict[str, object] = dict.fromkeys(RATED)
    cells |= {"form": form.id, "role": form.raters[0], "period": "2026-09", f"values.{item.id}": "1"}
    cells |= {"source": "paper", "sheet_no": "7", "rater": None} if form.raters[0] == "customer" else {}
    assert (f"evidence.{item.id}", "is missing; give the address of what shows it, or upload a file") in mistakes(
        **cells
    )
    wrong = mistakes(**cells, **{f"evidence.{item.id}": ("drawer 3",)})
    assert (f"evidence.{item.id}", "is no web address") in wrong
    right = mistakes(**cells, **{f"evidence.{item.id}": ("https://files.example.com/1",), "at": NOW + timedelta(1)})
    assert not [told for told in right if told[0].startswith("evidence")]


def test_a_customers_paper_makes_a_customer_whom_nobody_knew() -> None:
    form = next(one for one in POLICY.forms.values() if RaterRole.CUSTOMER in one.raters)
    values = {f"values.{item.id}": str(form.scale.highest) for item in form.items if item.points is None}
    words = {f"words.{line.id}": "有" for line in (*form.head, *form.foot) if line.required}
    cells = dict.fromkeys(RATED) | {"form": form.id, "period": "2026-09", "role": "customer", "rater": None}
    cells |= values | words | {"customer": "c-9", "source": "paper"}
    records = taken(**cells).records
    assert records[0] == Customer("c-9")
    known = StoredRows(customers={"c-9": Customer("c-9", version=1)})
    assert [type(one) for one in taken(known, **cells).records] == [FilledForm]
    erased = StoredRows(erased={"c-9"})
    assert mistakes(erased, **cells) == [("customer", "was erased, and nothing of them is kept")]
    assert [column for column, _ in mistakes(**cells | {"source": "pigeon"})] == ["source"]


def test_a_row_is_about_the_sheets_of_its_subject() -> None:
    keys = RowKeys()
    sheet_keys(TERMS, ROW | {"subject": " a17 ", "period": "2026-03", "customer": "c-1"}, keys)
    assert keys == RowKeys(rated={("a17", "appraisal_360", "2026-03")}, customers={"c-1"}, people={"c-1"})
    sheet_keys(TERMS, ROW | {"period": "spring"}, keys)
    assert keys.rated == {("a17", "appraisal_360", "2026-03"), ("a17", "appraisal_360", "")}
