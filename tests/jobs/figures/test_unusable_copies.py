"""A kept copy that cannot be used is computed anew: a damaged one, one of wrong sums, one of an erased person."""

import logging

import pytest
from sqlalchemy import select, update

from bot.jobs.figures import asked_figures
from bot.jobs.figures.asked_figures import GivenFigures, write_figures
from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.figures.kept_summaries import compute_here, given_figures
from storage.connection.session import Write
from storage.connection.store import Store
from storage.privacy.erasure import ErasureTask, erase
from storage.reads.reader import Reader
from storage.rollups.figure_store import keep_figures
from storage.rollups.sums import add_up, rebuild
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.jobs.figures.random_desk import Desk
from tests.jobs.figures.test_figure_job import job, kept
from tests.jobs.figures.test_kept_summaries import ASKED, anew, as_kept
from tests.storage.rollups.turmoil import SHANGHAI

_content = t.kept_figures.c.content
DAMAGE = Write(t.kept_figures, (_content,), lambda rows: update(t.kept_figures).values(content=rows.c["content"]))
FALSIFY = Write(
    t.rating_rollups,
    (t.rating_rollups.c.n,),
    lambda rows: update(t.rating_rollups).values(n=t.rating_rollups.c.n + rows.c["n"]),
)
DAMAGED = {
    "nothing": "",
    "half of it": write_figures(GivenFigures())[:-2],
    "no JSON": "\x7fELF",
    "other fields": '{"figures": 3}',
    "a fraction of zero": '{"figures":{"summary":{"by":[],"figures":[],"rules":[]},"histograms":[[["1/0",1]]]}}',
}


def keeping(store: Store) -> Reader:
    return Reader(store, much=1, computes=True)


@pytest.mark.some(2)
@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
async def test_a_damaged_copy_is_computed_anew(
    store: Store, writer: Writer, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    await Desk(writer, 1).close(9)
    await as_kept(keeping(store), writer)
    await writer.perform(lambda session, _now: session.write(DAMAGE, [(content,)]))
    with caplog.at_level(logging.WARNING):
        assert await as_kept(keeping(store), writer) == await anew(store)
    assert "are computed anew" in caplog.text
    reader = keeping(store)
    assert await given_figures(reader, ASKED) == await anew(store)
    assert reader.kept.waiting() == [], "sound ones have been stored in their place"


async def test_a_copy_of_no_figures_is_none(store: Store, writer: Writer) -> None:
    await Desk(writer, 1).close(9)
    await as_kept(keeping(store), writer)
    await writer.perform(lambda session, _now: session.write(DAMAGE, [("{}",)]))
    assert await given_figures(keeping(store), ASKED[1:]) == (await anew(store))[1:]


@pytest.mark.proof
async def test_the_job_goes_on_over_damaged_copies(store: Store, writer: Writer) -> None:
    await Desk(writer, 2).close(9)
    one: FigureJob = job(store, writer, keeping(store))
    await one.look_ahead()
    before = await kept(store)
    await writer.perform(lambda session, _now: session.write(DAMAGE, [("{",)]))
    await one.look_ahead()
    assert await kept(store) == before
    async with store.reading() as session:
        assert all(text.endswith("}") for (text,) in await session.fetch(select(_content)))


@pytest.mark.proof
async def test_figures_of_wrong_sums_go_when_the_sums_are_made_anew(store: Store, writer: Writer) -> None:
    await Desk(writer, 3).close(12)
    await rebuild(store, writer, SHANGHAI)
    await add_up(writer, SHANGHAI)
    right = await anew(store)
    await writer.perform(lambda session, _now: session.write(FALSIFY, [(3,)]))
    reader = keeping(store)
    assert await as_kept(reader, writer) != right
    late = await compute_here(reader, ASKED)
    await rebuild(store, writer, SHANGHAI)
    assert await kept(store) == set()
    reader.kept.offer(late)
    assert await as_kept(reader, writer) == right == await anew(store)


async def test_no_copy_holds_an_erased_person(store: Store, writer: Writer) -> None:
    await Desk(writer, 4).close(12)
    reader = keeping(store)
    await as_kept(reader, writer)
    late = await compute_here(reader, ASKED)
    assert await erase(store, writer, ErasureTask("c-d1", "gone_x", b"key"))
    assert await kept(store) == set()
    reader.kept.offer(late)
    await job(store, writer, reader).store_offered()
    assert await kept(store) == set(), "nor does one that was being computed meanwhile"
    assert reader.kept.waiting() == []
    assert await as_kept(reader, writer) == await anew(store)


async def test_what_has_changed_before_it_was_stored_is_not_kept(store: Store, writer: Writer) -> None:
    desk, reader = Desk(writer, 5), keeping(store)
    await desk.close(9)
    reader.kept.offer(await compute_here(reader, ASKED[:2]))
    await desk.close(1)
    reader.kept.offer(await compute_here(reader, ASKED[2:4]))
    await job(store, writer, reader).store_offered()
    assert await kept(store) == {one.key for one in ASKED[2:4]}


@pytest.mark.proof
async def test_figures_of_another_version_are_told_by_neither(
    store: Store, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Desk(writer, 6).close(9)
    await keep_figures(writer, await compute_here(keeping(store), ASKED))
    monkeypatch.setattr(asked_figures, "_FORMULAS", "the code before the upgrade")
    reader = Reader(store, much=1)
    with pytest.raises(RuntimeError, match="another version of the product: start the service again"):
        await given_figures(reader, ASKED[:1])
    assert reader.kept.waiting() == []
