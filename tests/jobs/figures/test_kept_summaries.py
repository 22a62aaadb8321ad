"""Figures that are kept are those that would be computed again, whatever has changed meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import pytest

from bot.jobs.figures.asked_figures import (
    AskedFigures,
    GivenFigures,
    compute_figures,
    read_figures,
    write_figures,
)
from bot.jobs.figures.kept_summaries import compute_here, given_figures, given_levels
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.summary import metrics_for
from scoring.values import replace
from storage.connection.store import Store
from storage.reads.figures.visit_facts import Visit, read_visits
from storage.reads.reader import Reader
from storage.rollups.figure_store import KeptFigures, add_changes, keep_figures
from storage.unit_of_work.writer import Writer
from tests.jobs.figures.random_desk import BEGAN, ENDED, Desk
from tests.storage.rollups.turmoil import Turmoil

CUTS: Sequence[tuple[str, ...]] = ((), ("dimension",), ("team",), ("category",), ("agent", "dimension"), ("agent",))
ASKED = (
    AskedFigures(BEGAN, ENDED, levels=True),
    AskedFigures(BEGAN, ENDED, repeats=True),
    AskedFigures(BEGAN, ENDED, told=True),
    *(AskedFigures(BEGAN, ENDED, by, tuple(one.id for one in metrics_for(by))) for by in CUTS),
    AskedFigures(BEGAN, ENDED, (), ("csat", "closings", "resends"), is_over=False),
    AskedFigures(BEGAN - timedelta(days=30), BEGAN, ("team",), ("csat", "mean", "low_scores", "resends_of_orders")),
)


async def anew(store: Store) -> list[GivenFigures]:
    """Return what is asked for as it is computed from what there is now."""
    found = list[GivenFigures]()
    for one in ASKED:
        facts = await Reader(store).figure_facts(one.since, one.until, tuple(MetricSource))
        if one.repeats:
            facts = replace(facts, repeated=await one_by_one(store))
        if one.told:
            facts = replace(facts, told=await Reader(store).told_of(BEGAN, ENDED))
        found.append(compute_figures(facts, one))
    return found


async def one_by_one(store: Store) -> tuple[Visit, ...]:
    """Return what did not hold and what was done again, found by looking at every visit."""
    async with store.reading() as session:
        visits = await read_visits(session, BEGAN, ENDED)
    again = (one for one in visits if one.fact.repaired_again or one.fact.keys["rework"])
    return tuple(replace(one, fact=replace(one.fact, comes_again=None)) for one in again)


def read_kept(several: Iterable[KeptFigures]) -> dict[str, GivenFigures]:
    """Return figures by their keys."""
    return {one.key: read_figures(one.content) for one in several}


async def as_kept(reader: Reader, writer: Writer) -> list[GivenFigures]:
    """Return what is asked for as the product gives it, and store what is to be kept."""
    given = await given_figures(reader, ASKED)
    if offered := reader.kept.waiting():
        await keep_figures(writer, offered)
        reader.kept.settle(offered)
    return given


@pytest.mark.parametrize(
    ("seed", "rounds"), [(0, 1), *(pytest.param(seed, 5, marks=pytest.mark.proof) for seed in range(1, 4))]
)
async def test_kept_figures_are_those_that_are_computed_anew(
    store: Store, writer: Writer, seed: int, rounds: int
) -> None:
    reader, desk = Reader(store, much=1, computes=True), Desk(writer, seed)
    await desk.close(24)
    for number in range(rounds):
        assert await as_kept(reader, writer) == await anew(store), "nothing is kept yet, or is out of date"
        assert await as_kept(reader, writer) == await anew(store), "it is kept"
        assert reader.kept.waiting() == [], "and was not computed a second time"
        await Turmoil(store, 100 * seed + number).run(4)
        for _ in range(3):
            await desk.change()
            assert await as_kept(reader, writer) == await anew(store)
        await add_changes(writer)


async def test_what_is_little_is_not_kept(store: Store, writer: Writer) -> None:
    await Desk(writer, 1).close(9)
    reader = Reader(store, much=10)
    assert await given_figures(reader, ASKED) == await anew(store)
    assert reader.kept.waiting() == []


@pytest.mark.proof
async def test_another_process_computes_what_is_much(store: Store, writer: Writer) -> None:
    await Desk(writer, 2).close(9)
    reader = Reader(store, much=5)
    assert await given_figures(reader, ASKED) == await anew(store)
    assert {one.key for one in reader.kept.waiting()} == {one.key for one in ASKED[:-1]}, "September is little"
    assert await given_levels(reader, BEGAN, ENDED) == (await anew(store))[0].levels


async def test_what_changes_while_it_is_computed_makes_it_out_of_date(store: Store, writer: Writer) -> None:
    desk = Desk(writer, 4)
    await desk.close(9)
    reader = Reader(store, much=1, computes=True)
    made = await compute_here(reader, ASKED)
    await desk.close(1)
    reader.kept.offer(made)
    assert await given_figures(reader, ASKED) == await anew(store)


async def test_figures_are_read_as_they_were_written(store: Store, writer: Writer) -> None:
    desk = Desk(writer, 5)
    await desk.close(30)
    for _ in range(9):
        await desk.change()
    for given in await anew(store):
        assert repr(read_figures(write_figures(given))) == repr(given)


def test_whatever_else_is_asked_has_another_key() -> None:
    one = AskedFigures(BEGAN, ENDED, ("team",), ("csat",))
    others = [
        replace(one, since=BEGAN - timedelta(days=1)),
        replace(one, by=("agent",)),
        replace(one, metrics=("csat", "mean")),
        replace(one, is_over=False),
        replace(one, is_followed=False),
        replace(one, levels=True),
        replace(one, repeats=True),
        replace(one, told=True),
    ]
    assert len({each.key for each in (one, *others)}) == 1 + len(others)
