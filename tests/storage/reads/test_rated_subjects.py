"""Filled sheets are listed by pages and found by what they are about, on both databases."""

from datetime import timedelta

import pytest

from scoring.values import replace
from storage.connection.store import Store
from storage.model.filled_forms import FilledForm
from storage.reads.rated_subjects import AssessmentFilter, AssessmentReads
from storage.unit_of_work.writer import Writer
from tests.storage.sample_sheets import full_assessment
from tests.storage.samples import NOW, person, save

DAY = timedelta(days=1)


def sheet(number: int, **changed: object) -> FilledForm:
    """Return a sheet that was stored later than those of lower numbers."""
    made = replace(full_assessment(NOW), id=f"asm_{number}", at=NOW + number * timedelta(minutes=1))
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.fixture(name="reads")
async def _reads(writer: Writer, store: Store) -> AssessmentReads:
    """Keep four sheets: two about a17 in a row of months, one by another form, one about somebody else."""
    await save(
        writer,
        person()[0],
        sheet(1),
        sheet(2, period="2026-12", since=NOW + 30 * DAY, until=NOW + 61 * DAY),
        sheet(3, form="department", customer=None),
        sheet(4, subject="a18", customer=None),
    )
    return AssessmentReads(store)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AssessmentFilter(), [1, 2, 3, 4]),
        (AssessmentFilter(subject="a17"), [1, 2, 3]),
        (AssessmentFilter(form="four_sides"), [1, 2, 4]),
        (AssessmentFilter(form="four_sides", subject="a17", period="2026-12"), [2]),
        (AssessmentFilter(customer="c-mei"), [1, 2]),
        (AssessmentFilter(subject="nobody"), []),
    ],
)
async def test_sheets_are_listed_by_what_they_are_about(
    reads: AssessmentReads, wanted: AssessmentFilter, found: list[int]
) -> None:
    page = await reads.page(wanted, None, 9)
    assert ([one.id for one in page.items], page.next) == ([f"asm_{number}" for number in found], None)


async def test_a_long_list_is_read_page_by_page(reads: AssessmentReads) -> None:
    first = await reads.page(AssessmentFilter(), None, 3)
    rest = await reads.page(AssessmentFilter(), first.next, 3)
    assert [one.id for one in (*first.items, *rest.items)] == ["asm_1", "asm_2", "asm_3", "asm_4"]
    assert rest.next is None


async def test_the_sheets_of_a_time_are_those_whose_period_begins_in_it(reads: AssessmentReads) -> None:
    def ids(found: list[FilledForm]) -> list[str]:
        return [one.id for one in found]

    assert ids(await reads.of_subject("four_sides", "a17", NOW, NOW + 90 * DAY)) == ["asm_1", "asm_2"]
    assert ids(await reads.of_subject("four_sides", "a17", NOW, NOW + 30 * DAY)) == ["asm_1"]
    assert ids(await reads.of_subject("four_sides", "a17", NOW + DAY, NOW + 90 * DAY)) == ["asm_2"]
    assert ids(await reads.of_subject("four_sides", "a18", NOW, NOW + 90 * DAY)) == ["asm_4"]


async def test_a_sheet_comes_back_as_it_was_stored(reads: AssessmentReads) -> None:
    (first,) = await reads.of_subject("four_sides", "a17", NOW, NOW + 30 * DAY)
    assert replace(first, version=0) == sheet(1)
