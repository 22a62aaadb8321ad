"""Two processes on one PostgreSQL: whichever is called, killed, replaced or paused, every flow ends, once."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.surveys.load import SHIPPED
from storage.connection.migrate import upgrade
from storage.dialects.postgres import SILENCE
from storage.unit_of_work.leases import LEASE
from tests.journeys.processes.flows import FLOWS, OVERALL, RARE_FLOWS, answers, asks, is_asked
from tests.journeys.processes.pair import WITHIN, Pair, pair_at
from tests.support.botapi import Person
from tests.support.botapi.server import Call
from tests.support.database.postgres import PostgresServer
from tests.support.town.town import GROUP, eventually
from tests.support.town.words import said, step

pytestmark = [pytest.mark.proof, pytest.mark.alone]  # minutes, by the clock: leases have to run out

CROWD = 20
PAUSE = LEASE.total_seconds() + SILENCE + 5
"""Seconds: more than any lease and any role outlast the silence of whoever has them. The shortest that proves it."""
RULES = '[[rules]]\nname = "north"\nteams = ["north"]\nsurvey = "ten_point"\n'

Trouble = Callable[[Pair], Awaitable[None]]


async def _every_flow(pair: Pair, name: str, times: int = 2) -> None:
    """Let every flow run, all of them at once."""
    often = [(kind, flow, turn) for kind, flow in FLOWS.items() for turn in range(times)]
    flows = [*often, *((kind, flow, 0) for kind, flow in RARE_FLOWS.items())]
    await asyncio.gather(*(flow(pair, f"{name}-{kind.replace(' ', '-')}-{turn}") for kind, flow, turn in flows))


async def _crowd(pair: Pair, name: str) -> list[Person]:
    return list(await asyncio.gather(*(is_asked(pair, f"{name}-{number}") for number in range(CROWD))))


async def _alternate(pair: Pair) -> None:
    await _every_flow(pair, "half", times=4)
    assert min(pair.front.served) > 0.4 * sum(pair.front.served)


async def _only_the_standby(pair: Pair) -> None:
    pair.front.only(1)
    await _every_flow(pair, "standby", times=4)
    assert pair.front.served[0] == 0


async def _killed_sender(pair: Pair) -> None:
    """Kill the process with the roles while a crowd answers; start it again later, without them."""
    people = await _crowd(pair, "kill")
    await pair.settles(WITHIN)
    within = LEASE.total_seconds() + 2 * WITHIN
    answering = asyncio.gather(*(answers(person, within, pause=0.3) for person in people))
    await asyncio.sleep(1)
    await pair.products[0].kill()
    await answering
    await _every_flow(pair, "alone", times=1)
    await pair.products[0].start()
    await _every_flow(pair, "both", times=1)


async def _rolling_restart(pair: Pair) -> None:
    """Replace one process after the other by one with a new version of the survey and other rules, under load."""
    people = await _crowd(pair, "old")
    answering = asyncio.gather(*(answers(person, pause=1.0) for person in people))
    for number in (1, 0):
        product = pair.products[number]
        await product.stop()
        _revise(product.folder)
        await product.start()
        pair.front.only(number)  # the new one asks, and the other one is told
        new = await asyncio.gather(*(is_asked(pair, f"new-{number}-{each}") for each in range(4)))
        pair.front.only(1 - number)
        await asyncio.gather(*(answers(person) for person in new[:3]))
        await _speak_up(pair, new[:2], begins=number, goes_on=1 - number)
        await new[3].says("/stop")
        await new[3].sees(said("notice.stopped"), within=WITHIN)
        pair.front.choose = pair.front.alternate
        assert (await pair.town.product.api.get("/api/v1/responses")).status_code == 200
    await answering
    northern = pair.person()
    await asks(pair, "northern", northern, team="north")
    await northern.sees("10", within=WITHIN)
    versions = Counter(await pair.rows("SELECT survey, survey_number FROM interviews"))
    assert set(versions) >= {("after_service", 3), ("feedback", 3), ("ten_point", 3)}
    await _every_flow(pair, "after", times=1)


async def _speak_up(pair: Pair, people: list[Person], begins: int, goes_on: int) -> None:
    """Let two people begin an interview at one process; at the other one the first answers, the second stops."""
    one, other = people
    lasts = one.last, other.last
    pair.front.only(begins)
    for person in people:
        await person.says("/feedback")
    shown = [await person.sees(OVERALL, after=last, within=WITHIN) for person, last in zip(people, lasts, strict=True)]
    pair.front.only(goes_on)
    await one.taps("5", message=shown[0])
    await one.sees(said("ask.comment"), after=lasts[0], within=WITHIN)
    await other.says("/stop")
    await other.sees(said("notice.stopped"), after=lasts[1], within=WITHIN)


def _revise(folder: Path) -> None:
    (folder / "surveys").mkdir()
    for name in ("after_service.toml", "feedback.toml"):
        shipped = (SHIPPED / name).read_text("utf-8")
        (folder / "surveys" / name).write_text(shipped.replace("version = 2", "version = 3"), "utf-8")
    (folder / "rules.toml").write_text(RULES, "utf-8")


def _moved_group(told: int) -> Trouble:
    async def upgrade(pair: Pair) -> None:
        """Upgrade the group; one process is told so, and everything else reaches the other one."""
        await _every_flow(pair, "before", times=1)
        pair.front.choose = lambda body: told if b"migrate_" in body else 1 - told
        new = pair.town.group.migrate()
        await pair.town.telegram.all_taken(WITHIN)
        await _every_flow(pair, "after", times=2)
        cards = [m for m in pair.town.telegram.messages(new.id) if m.by_bot and "desk/after-unhappy" in m.text]
        assert {m.chat_id for m in cards} == {new.id} != {GROUP}

    return upgrade


async def _paused_sender(pair: Pair) -> None:
    """Stop the process with the roles for longer than they last; back, it has to notice that they are another's."""
    people = await _crowd(pair, "pause")
    await pair.settles(WITHIN)
    begun = time.monotonic()
    answering = asyncio.gather(*(answers(person, PAUSE, pause=0.3) for person in people))
    await asyncio.sleep(1)
    pair.signals(0, signal.SIGSTOP)
    try:
        await answering
        await _every_flow(pair, "meanwhile", times=1)
        await asyncio.sleep(max(0.0, begun + PAUSE - time.monotonic()))
    finally:
        pair.signals(0, signal.SIGCONT)

    async def noticed() -> bool | None:
        return True if "lost the role " in pair.products[0].log else None

    await eventually(noticed, WITHIN)
    await _every_flow(pair, "back", times=2)


@dataclass(frozen=True, slots=True)
class Row:
    """A trouble, and which alarms may come of it; in doubt may be what was under way when a process was cut off."""

    trouble: Trouble
    alarms: Collection[str] = ()
    is_cut_off: bool = False


TABLE: Mapping[str, Row] = {
    "each answers half": Row(_alternate),
    "only the standby answers": Row(_only_the_standby),
    "the sender is killed": Row(_killed_sender, is_cut_off=True),
    "a rolling restart": Row(_rolling_restart),
    "the sender hears that the group moved": Row(_moved_group(0)),
    "the standby hears that the group moved": Row(_moved_group(1)),
    "the sender is paused": Row(_paused_sender, ("database",), is_cut_off=True),
}


HALVES = (
    [name for name, row in TABLE.items() if row.is_cut_off],
    [name for name, row in TABLE.items() if not row.is_cut_off],
)
"""Pairs that work at the same time, each on a database of its own: most of what they do is to wait."""


@pytest.mark.parametrize("names", HALVES, ids=["cut off", "in order"])
async def test_every_flow_is_served_once_whatever_becomes_of_a_process(
    tmp_path: Path, postgres_server: PostgresServer, names: list[str]
) -> None:
    urls = [_database(postgres_server, name) for name in names]
    for url in urls:
        await upgrade(url)
    tried = [_try(tmp_path / name, url, TABLE[name]) for name, url in zip(names, urls, strict=True)]
    outcomes = dict(zip(names, await asyncio.gather(*tried, return_exceptions=True), strict=True))
    failures = [error for error in outcomes.values() if isinstance(error, Exception)]
    if failures:
        raise ExceptionGroup(str({name: repr(error) for name, error in outcomes.items() if error}), failures)


def _database(server: PostgresServer, name: str) -> str:
    database = f"{name.replace(' ', '_')}_{server.worker}"
    server.run(f"CREATE DATABASE {database}")
    return server.url_of(database)


async def _try(folder: Path, url: str, row: Row) -> None:
    async with pair_at(folder, url) as pair:
        await row.trouble(pair)
        await pair.settles(LEASE.total_seconds() + WITHIN if row.is_cut_off else WITHIN)
        await _holds(pair, row)


async def _holds(pair: Pair, row: Row) -> None:
    """Hold what is true at the end: both live, nothing is lost or doubled, nobody had a reason for an alarm."""
    for product in pair.products:
        assert await product.is_well(), product.log
    assert pair.town.telegram.violations == []
    assert pair.wechat.violations == []
    assert pair.wechat.met(45047) == []  # no window was overrun
    assert set(pair.errors()) <= set(row.alarms), [product.log for product in pair.products]
    assert await pair.rows("SELECT key, why FROM inbox WHERE outcome = 'failed'") == []
    if not row.is_cut_off:
        assert await pair.rows("SELECT purpose, why FROM outbox WHERE status IN ('unknown', 'failed')") == []
    lost = "SELECT i.id FROM invitations v LEFT JOIN interviews i ON i.invitation = v.id WHERE v.state = 'scheduled'"
    assert await pair.rows(lost) == []
    _nothing_came_twice(pair)


def _nothing_came_twice(pair: Pair) -> None:
    for number, chat in pair.town.telegram.world.chats.items():
        texts = Counter(call.values["text"] for call in _sent(pair, number))
        first = [count for text, count in texts.items() if step(1) in text or said("closure.ask") in text]
        assert all(count == 1 for count in first), chat.title
    for person in pair.wechat.people:
        assert sum(step(1) in seen.text for seen in person.sees) <= 1, person.picture()
        assert sum(seen.way == "template" for seen in person.sees) <= 1, person.picture()
    cards = Counter(call.values["text"] for call in _sent(pair, pair.town.group.chat.id))
    assert all(count == 1 for count in cards.values()), cards


def _sent(pair: Pair, chat: int) -> list[Call]:
    calls = pair.town.telegram.calls("sendMessage")
    return [call for call in calls if call.status == 200 and int(call.values["chat_id"]) == chat]
