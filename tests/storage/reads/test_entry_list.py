"""What people have entered is listed by pages, and read with the figures of its period, on both databases."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from scoring.metrics.facts import EnteredFact
from scoring.values import replace
from storage.connection.store import Store
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.entry_list import EntryFilter, EntryReads
from storage.reads.figures.figure_facts import read_facts
from storage.reads.figures.rating_counts import AskedOften
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.sample_sheets import full_entered_figure
from tests.storage.samples import NOW, look, save

MONTH = timedelta(days=30)


def entry(number: int, **changed: Any) -> EnteredFigure:  # noqa: ANN401 (its fields)
    """Return a figure that was entered later than those of lower numbers."""
    made = replace(full_entered_figure(NOW), id=f"ent_{number}", at=NOW + number * timedelta(minutes=1))
    return replace(made, **changed)


@pytest.fixture(name="entries")
async def _entries(writer: Writer, store: Store) -> EntryReads:
    """Keep a figure of this month and one of the next, a benchmark of last year, a remark, a benchmark to come."""
    next_month: dict[str, Any] = {"period": "2026-12", "since": NOW + MONTH, "until": NOW + 2 * MONTH}
    of_2025: dict[str, Any] = {"period": "2025", "since": NOW - 20 * MONTH, "until": NOW - 8 * MONTH}
    benchmark: dict[str, Any] = {"kind": EnteredKind.BENCHMARK, "metric": "csat", "cut": (), "denominator": ""}
    await save(
        writer,
        entry(1),
        entry(2, metric="orders", denominator="", cut=(), **next_month),
        entry(3, **benchmark, **of_2025),
        entry(4, kind=EnteredKind.REMARK, metric="repairs", cut=(), numerator="", denominator=""),
        entry(5, **benchmark, **next_month),
    )
    return EntryReads(store)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EntryFilter(), [1, 2, 3, 4, 5]),
        (EntryFilter(kind="benchmark"), [3, 5]),
        (EntryFilter(metric="orders"), [2]),
        (EntryFilter(kind="benchmark", period="2025"), [3]),
        (EntryFilter(metric="luck"), []),
    ],
)
async def test_entries_are_listed_by_what_they_are(entries: EntryReads, wanted: EntryFilter, found: list[int]) -> None:
    page = await entries.page(wanted, None, 9)
    assert ([one.id for one in page.items], page.next) == ([f"ent_{number}" for number in found], None)


async def test_a_long_list_is_read_page_by_page(entries: EntryReads) -> None:
    first = await entries.page(EntryFilter(), None, 2)
    second = await entries.page(EntryFilter(), first.next, 2)
    last = await entries.page(EntryFilter(), second.next, 2)
    assert [len(page.items) for page in (first, second, last)] == [2, 2, 1]
    assert last.next is None


async def test_a_period_has_what_was_entered_for_it_and_the_benchmarks_known_by_then(
    entries: EntryReads, store: Store
) -> None:
    assert entries is not None
    found = await read_facts(store, (NOW, NOW + MONTH), (), AskedOften())
    assert [one.id for one in found.entries] == ["ent_3", "ent_1", "ent_4"]
    assert found.facts.entered == (EnteredFact("return_rate", {"team": "north"}, Fraction(3), Fraction(120)),)
    shorter = await read_facts(store, (NOW, NOW + timedelta(days=7)), (), AskedOften())
    assert [one.id for one in shorter.entries] == ["ent_3"]
    following = await read_facts(store, (NOW + MONTH, NOW + 2 * MONTH), (), AskedOften())
    assert [(one.metric, one.denominator) for one in following.facts.entered] == [("orders", None)]
    assert [one.id for one in following.entries] == ["ent_3", "ent_2", "ent_5"]


async def test_a_correction_takes_its_place(writer: Writer, entries: EntryReads) -> None:
    assert entries is not None
    stored = (await look(writer, Needs(entered=frozenset({"ent_1", "none"})))).entered_figure("ent_1")
    assert stored is not None
    assert stored == entry(1, version=1)
    await save(writer, replace(stored, numerator="4"))
    again = (await look(writer, Needs(entered=frozenset({"ent_1"})))).entered_figure("ent_1")
    assert again == entry(1, numerator="4", version=2)
