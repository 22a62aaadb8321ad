"""Revisions are listed without their content and read whole, on both databases."""

from datetime import timedelta

import pytest

from scoring.metrics.fact_changes import FactTally
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.publications import Publication, publication_id
from storage.reads.figures.published import PublicationReads
from storage.unit_of_work.writer import Writer
from tests.storage.sample_sheets import full_publication
from tests.storage.samples import NOW, save


def revision(about: str, period: str, number: int) -> Publication:
    """Return a revision that was published later than those of lower numbers."""
    at = NOW + timedelta(minutes=number, days=len(about), seconds=len(period))
    id_ = publication_id(about, period, number)
    return replace(full_publication(NOW), id=id_, about=about, period=period, number=number, at=at)


OCTOBER = [revision("figures", "2026-10", number) for number in (1, 2, 3)]
SCORES, YEAR = revision("performance_60_40", "2026-10", 1), revision("figures", "2025", 1)
IN_ORDER = [YEAR, *OCTOBER, SCORES]


@pytest.fixture(name="reads")
async def _reads(writer: Writer, store: Store) -> PublicationReads:
    """Keep three revisions of a month's figures, its scores, and a year."""
    await save(writer, *IN_ORDER)
    return PublicationReads(store)


def head(one: Publication) -> Publication:
    """Return what a list tells of a revision."""
    return replace(one, content="", tally=FactTally())


@pytest.mark.parametrize(
    ("period", "about", "found"),
    [
        ("", "", IN_ORDER),
        ("2026-10", "", [*OCTOBER, SCORES]),
        ("", "figures", [YEAR, *OCTOBER]),
        ("2026-10", "figures", OCTOBER),
        ("2026-10", "performance_60_40", [SCORES]),
        ("2026-11", "", []),
    ],
)
async def test_revisions_are_listed_without_their_content(
    reads: PublicationReads, period: str, about: str, found: list[Publication]
) -> None:
    page = await reads.page(period, about, None, 9)
    assert (list(page.items), page.next) == ([head(one) for one in found], None)


async def test_a_long_list_is_read_page_by_page(reads: PublicationReads) -> None:
    first = await reads.page("", "", None, 2)
    second = await reads.page("", "", first.next, 2)
    last = await reads.page("", "", second.next, 2)
    assert [*first.items, *second.items, *last.items] == [head(one) for one in IN_ORDER]
    assert last.next is None


@pytest.mark.parametrize(
    ("about", "period", "number", "found"),
    [
        ("figures", "2026-10", None, OCTOBER[2]),
        ("figures", "2026-10", 1, OCTOBER[0]),
        ("figures", "2026-10", 4, None),
        ("performance_60_40", "2026-10", None, SCORES),
        ("performance_60_40", "2025", None, None),
        ("", "", None, None),
    ],
)
async def test_a_revision_is_read_whole(
    reads: PublicationReads, about: str, period: str, number: int | None, found: Publication | None
) -> None:
    assert await reads.revision(about, period, number) == found


async def test_the_latest_of_a_period_are_one_of_each_thing(reads: PublicationReads) -> None:
    assert await reads.latest("2026-10") == [OCTOBER[2], SCORES]
    assert await reads.latest("2026-11") == []


async def test_a_number_is_stored_once(reads: PublicationReads, writer: Writer) -> None:
    with pytest.raises(WriteConflict):
        await save(writer, replace(OCTOBER[0], content="[]"))
    assert await reads.revision("figures", "2026-10", 1) == OCTOBER[0]
