"""Gives what is asked of periods: as it is kept while nothing has changed, else computed, and kept if it is much."""

import logging
from asyncio import to_thread
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.jobs.figures.asked_figures import (
    AskedFigures,
    GivenFigures,
    SurveyLevels,
    compute_figures,
    read_figures,
    write_figures,
)
from bot.jobs.figures.own_process import ONE_AT_A_TIME, ProcessFailed, ask_process
from scoring.metrics.catalogue import FactNeeds, MetricSource
from scoring.metrics.facts import Facts
from scoring.values import Value, replace
from storage.reads.figures.figure_facts import PeriodFacts
from storage.reads.figures.visit_counts import ToldOfPeriod
from storage.reads.reader import Reader
from storage.rollups.figure_store import KeptFigures

__all__ = [
    "SeparateFigures",
    "SeparateTask",
    "SeparateWork",
    "compute_here",
    "done_apart",
    "given_figures",
    "given_levels",
    "given_told",
    "missing_figures",
    "work_here",
    "worked_out",
]

logger = logging.getLogger(__name__)
Ends = tuple[datetime, datetime]
Answer = TypeVar("Answer")
_LEVELS = ("survey", "question"), ("mean",)
"""What needs the same facts as how surveys were answered."""


class SeparateFigures(Value):
    """What a process is told that computes figures: the URL of the database, and which."""

    database: str
    asked: tuple[AskedFigures, ...]


class SeparateWork(Value):
    """What a process is told that works on the facts of a period: the URL, the period, what of it, and the work."""

    database: str
    ends: Ends
    sources: frozenset[MetricSource]
    work: Callable[[PeriodFacts], object]


class SeparateTask(Value):
    """What a process is told that reads and computes something else: the URL of the database, and what to do."""

    database: str
    task: Callable[[Reader], Awaitable[object]]


async def done_apart(reader: Reader, ends: Ends, task: Callable[[Reader], Awaitable[Answer]]) -> Answer:
    """Return what a task comes to that reads a period; where that is much, a process of its own does it.

    It and what it comes to are pickled then. Nothing of it is kept. Raises what the task raises, and ProcessFailed.
    """
    if reader.computes or not await reader.is_much(*ends):
        return await task(reader)
    asked, process = SeparateTask(reader.database, task), "bot.jobs.figures.figure_process"
    made: Answer = await ONE_AT_A_TIME.take(lambda: ask_process(process, asked), gives_way=False)
    return made


async def worked_out(
    reader: Reader, ends: Ends, sources: Iterable[MetricSource], work: Callable[[PeriodFacts], Answer]
) -> Answer:
    """Return what some work makes of the facts of a period; where that is much, a process of its own does it.

    It and what it makes are pickled then. Nothing of it is kept. Raises what the work raises, and ProcessFailed.
    """
    wanted = SeparateWork(reader.database, ends, frozenset(sources), work)
    made: Answer
    if reader.computes or not await reader.is_much(*ends):
        made = await work_here(reader, wanted)
    else:
        process = "bot.jobs.figures.figure_process"
        made = await ONE_AT_A_TIME.take(lambda: ask_process(process, wanted), gives_way=False)
    return made


async def work_here(reader: Reader, wanted: SeparateWork) -> Any:  # noqa: ANN401 (whatever the work makes)
    """Return what this work makes, done in this process."""
    return await to_thread(wanted.work, await reader.figure_facts(*wanted.ends, wanted.sources))


async def given_levels(reader: Reader, since: datetime, until: datetime) -> SurveyLevels:
    """Return how each survey was answered in a period. Raises ProcessFailed as `given_figures`."""
    (given,) = await given_figures(reader, [AskedFigures(since, until, levels=True)])
    return given.levels


async def given_told(reader: Reader, since: datetime, until: datetime) -> ToldOfPeriod:
    """Return what a period has told of. Raises ProcessFailed as `given_figures`."""
    (given,) = await given_figures(reader, [AskedFigures(since, until, told=True)])
    if given.told is None:
        raise ValueError("what was told was not asked for")
    return given.told


async def given_figures(
    reader: Reader, asked: Sequence[AskedFigures], *, gives_way: bool = False
) -> list[GivenFigures]:
    """Return what is asked for; what is much and not kept is computed by a process of its own.

    Raises ProcessFailed where that process does, and GaveWay where it `gives_way` and somebody else waits for one.
    """
    found = await _kept(reader, set(asked))
    missing = [one for one in dict.fromkeys(asked) if one not in found]
    much = [one for ends, several in _by_ends(missing).items() if await reader.is_much(*ends) for one in several]
    if much and reader.computes:
        found |= await _computed(reader, await compute_here(reader, much), much)
    elif much:
        found |= await ONE_AT_A_TIME.take(lambda: _by_process(reader, much), gives_way=gives_way)
    little = [one for one in missing if one not in found]
    for ends, several in _by_ends(little).items():
        facts = await _facts(reader, ends, several)
        found |= {one: await to_thread(compute_figures, facts, one) for one in several}
    return [found[one] for one in asked]


async def _by_process(reader: Reader, asked: Collection[AskedFigures]) -> dict[AskedFigures, GivenFigures]:
    found = await _kept(reader, asked)  # who was before has perhaps asked for the same
    if missing := [one for one in asked if one not in found]:
        wanted = SeparateFigures(reader.database, tuple(missing))
        found |= await _computed(reader, await ask_process("bot.jobs.figures.figure_process", wanted), missing)
    return found


def _by_ends(asked: Iterable[AskedFigures]) -> dict[Ends, list[AskedFigures]]:
    found = defaultdict[Ends, list[AskedFigures]](list)
    for one in asked:
        found[one.ends].append(one)
    return found


async def missing_figures(reader: Reader, asked: Collection[AskedFigures]) -> list[AskedFigures]:
    """Return what of this is not kept, or is out of date."""
    found = set[str]()
    for ends, several in _by_what_they_rest_on(asked).items():
        found |= await reader.kept.known([one.key for one in several], await reader.kept.changes(*ends))
    return [one for one in asked if one.key not in found]


def _by_what_they_rest_on(asked: Iterable[AskedFigures]) -> dict[Ends, list[AskedFigures]]:
    resting = defaultdict[Ends, list[AskedFigures]](list)
    for one in asked:
        resting[one.rests_on].append(one)
    return resting


async def _kept(reader: Reader, asked: Collection[AskedFigures]) -> dict[AskedFigures, GivenFigures]:
    """Return what is kept of this, computed from what there is now."""
    found = dict[AskedFigures, GivenFigures]()
    for ends, several in _by_what_they_rest_on(asked).items():
        keys = {one.key: one for one in several}
        kept = await reader.kept.find(keys, await reader.kept.changes(*ends))
        for key, content in kept.items():
            try:
                found[keys[key]] = await to_thread(_read, keys[key], content)
            except ValueError as why:
                logger.warning("figures that were kept as %s are computed anew: %s", key, why)
    return found


def _read(asked: AskedFigures, content: str) -> GivenFigures:
    """Return what is kept of what was asked for. Raises ValueError where that holds something else."""
    given = read_figures(content)
    if not given.answers(asked):
        raise ValueError("it tells something else")
    return given


async def _computed(
    reader: Reader, made: Sequence[KeptFigures], asked: Collection[AskedFigures]
) -> dict[AskedFigures, GivenFigures]:
    """Return what was computed; it is kept from now on. Raises ProcessFailed where other code computed it."""
    contents = {one.key: one.content for one in made}
    if not {one.key for one in asked} <= contents.keys():
        raise ProcessFailed("is of another version of the product", "start the service again")
    reader.kept.offer(made)
    return {one: await to_thread(read_figures, contents[one.key]) for one in asked}


async def compute_here(reader: Reader, asked: Sequence[AskedFigures]) -> list[KeptFigures]:
    """Compute figures in this process, of one period after the other: there is the memory of one."""
    return [kept for ends, several in _by_ends(asked).items() for kept in await _of_period(reader, ends, several)]


async def _of_period(reader: Reader, ends: Ends, asked: Sequence[AskedFigures]) -> list[KeptFigures]:
    changes = [await reader.kept.changes(*one.rests_on) for one in asked]  # before anything is read
    facts = await _facts(reader, ends, asked)
    texts = await to_thread(lambda: [write_figures(compute_figures(facts, one)) for one in asked])
    told = zip(asked, changes, texts, strict=True)
    return [KeptFigures(one.key, number, text, one.rests_on) for one, number, text in told]


async def _facts(reader: Reader, ends: Ends, asked: Collection[AskedFigures]) -> PeriodFacts:
    """Return what these figures of a period are computed from."""
    found, levels = PeriodFacts(Facts(), {}), any(one.levels for one in asked)
    if cuts := tuple((one.by, one.metrics) for one in asked if one.by_metrics):
        found = await reader.needed_facts(*ends, FactNeeds((*cuts, _LEVELS) if levels else cuts))
    elif levels:
        found = replace(found, facts=await reader.rating_facts(*ends))
    if any(one.repeats for one in asked):
        repeated = tuple(await reader.repeated_visits(*ends))
        found = replace(found, repeated=repeated, agents=await reader.agents(*ends))
    if any(one.told for one in asked):
        found = replace(found, told=await reader.told_of(*ends))
    return found
