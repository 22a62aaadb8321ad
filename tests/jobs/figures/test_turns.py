"""Of what is computed one at a time: whoever waits for an answer goes before what is computed ahead."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.jobs.figures.asked_figures import AskedFigures
from bot.jobs.figures.kept_summaries import given_figures
from bot.jobs.figures.own_process import GaveWay, Turns
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.jobs.figures.random_desk import BEGAN, ENDED, Desk


class Bench:
    """Work that tells when it begins and ends, and lasts until it may end."""

    def __init__(self) -> None:
        self.turns, self.told = Turns(), list[str]()
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def work(self, name: str) -> str:
        self.told.append(f"{name} begins")
        self.begun.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.told.append(f"{name} is broken off")
            raise
        self.told.append(f"{name} ends")
        return name

    def take(self, name: str, *, gives_way: bool = False) -> asyncio.Task[str]:
        return asyncio.create_task(self.turns.take(lambda: self.work(name), gives_way=gives_way))

    async def begins(self) -> None:
        await self.begun.wait()
        self.begun.clear()


async def results(tasks: Sequence[asyncio.Task[str]]) -> list[object]:
    return list(await asyncio.gather(*tasks, return_exceptions=True))


async def test_whoever_waits_goes_before_what_nobody_waits_for() -> None:
    bench = Bench()
    ahead = bench.take("ahead", gives_way=True)
    await bench.begins()
    report = bench.take("report")
    await bench.begins()
    bench.may_end.set()
    given, made = await results([ahead, report])
    assert isinstance(given, GaveWay)
    assert made == "report"
    assert bench.told == ["ahead begins", "ahead is broken off", "report begins", "report ends"]


async def test_nothing_else_is_broken_off_and_all_have_their_turn_in_order() -> None:
    bench = Bench()
    tasks = [bench.take("first")]
    await bench.begins()
    tasks += [bench.take("second"), bench.take("ahead", gives_way=True), bench.take("third")]
    await asyncio.sleep(0)
    bench.may_end.set()
    assert await results(tasks) == ["first", "second", "ahead", "third"]
    assert [line for line in bench.told if line.endswith("ends")] == [
        "first ends",
        "second ends",
        "ahead ends",
        "third ends",
    ]


async def test_what_is_cancelled_with_its_service_is_no_giving_way() -> None:
    bench = Bench()
    ahead = bench.take("ahead", gives_way=True)
    await bench.begins()
    ahead.cancel()
    (ended,) = await results([ahead])
    assert isinstance(ended, asyncio.CancelledError)
    assert bench.told[-1] == "ahead is broken off"
    bench.may_end.set()
    assert await bench.take("next") == "next", "its turn is over"


async def test_what_fails_is_told_and_the_next_has_its_turn() -> None:
    turns = Turns()

    async def fail() -> str:
        raise ValueError("no")

    for gives_way in (True, False):
        with pytest.raises(ValueError, match="no"):
            await turns.take(fail, gives_way=gives_way)


@pytest.mark.proof
async def test_figures_that_are_computed_ahead_give_way_to_those_of_a_report(store: Store, writer: Writer) -> None:
    await Desk(writer, 3).close(12)
    reader, wanted = Reader(store, much=1), [AskedFigures(BEGAN, ENDED, levels=True)]
    ahead = asyncio.create_task(given_figures(reader, wanted, gives_way=True))
    await asyncio.sleep(0.2)
    ours = AskedFigures(BEGAN, ENDED, ("team",), ("csat",))
    (told,) = await given_figures(reader, [ours])
    assert told.figures is not None
    with pytest.raises(GaveWay):
        await ahead
    assert [one.key for one in reader.kept.waiting()] == [ours.key]
    assert await given_figures(reader, wanted, gives_way=True), "nobody waits any more"
