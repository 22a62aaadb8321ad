"""Nobody can find out who answered what in an anonymous survey, whatever they ask the tables.

The same people live through the same month twice; the second time each gives the answers that another gave the first
time. If anything kept outside of the nameless answers were different afterwards, that difference would tell who said
what. Nothing is different: so no question to the tables, about equality, order, times or counts, can tell.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Table, select

from bot.chat_migrations import Moves
from bot.handlers.surveys import invitations, tickets
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.ports import Parsed, Sent
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from config.locale.phrases import load_phrases
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.ids import Ref, RefKind
from dialogs.interview.model import Interview
from dialogs.messages import Address, Inbound, Person, Tap, Text, Verb
from dialogs.time.doubt import Doubt
from storage.connection.store import Store
from storage.model.records import TicketStatus
from storage.reads.outbox import pending
from storage.schema.tables import METADATA
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.support.database.migrated import EMPTIED, empty_tables
from tests.support.settling import settle_now

Script = tuple[int | str, ...]
BEGIN = datetime(2026, 11, 3, 2, tzinfo=UTC)
POLICY = make_policy(load_settings({"HUIFANG_TELEGRAM__TOKEN": "1:a"}), read_surveys(), {}, load_phrases())
DAILY = timedelta(days=1)

# What each says: a number is tapped, a word typed. Of those who let it lapse everybody has said something: that
# somebody spoke in a chat can be seen, what they said cannot.
FINISHED: tuple[Script, ...] = (
    (5, 5, 5, "jasmine tea for the fitter"),
    (1, "the fitter shouted", 5, 4, "still cold at night"),
    (4, 4, 4, "skip"),
    ("skip", "skip", "skip", "skip"),
    (2, "skip", 1, 1, "skip"),
    (3, "back", 5, "skip", 4, "lovely people"),
    (5, "hmm", "hmm", 4, 3, "skip"),
    ("skip", 1, "twice the price", 2, "no more"),
)
LAPSED: tuple[Script, ...] = (("hmm",), (4,), (1, "nobody came"), (3, 3, 3))


def chat_of(person: int) -> str:
    """Return the id of somebody's private chat, which is theirs as well."""
    return str(70_000 + person)


class House:
    """One process whose clock we hold; what it wants to send arrives at once."""

    def __init__(self, store: Store) -> None:
        self.at = BEGIN
        self.store = store
        self.writer = Writer(store, self.now)
        self.receiver = Receiver(self.writer, self, POLICY, Moves())

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def doubt(self) -> Doubt | None:
        return None

    async def asks(self, person: int) -> str:
        key = ("desk", f"t-{person}")
        customer = CustomerEvent(f"c-{person}", f"P{person}", "en", contacts=(("telegram", chat_of(person)),))
        event = TicketEvent(*key, TicketStatus.CLOSED, customer)
        await self.receiver.do(tickets.needs(event, POLICY), lambda context: tickets.put(context, event))
        needs = Needs(tickets=frozenset({key}))
        await self.receiver.do(needs, lambda context: invitations.ask_by_hand(context, key, "anonymous_pulse"))
        await self.sends()
        async with self.store.reading() as session:
            mine = [one for one in await session.records(Interview, all_of(Interview)) if one.customer == f"c-{person}"]
        return mine[0].id

    async def says(self, person: int, said: Text | Tap) -> None:
        place = Address("telegram", chat_of(person))
        inbound = Inbound(f"telegram:{self.at:%d%H%M}", place, Person(place.chat), self.at, said, f"{place.chat}-1")
        await self.receiver.receive(Parsed(inbound.key, inbound), "telegram", b"{}")
        await self.sends()

    async def sends(self) -> None:
        for waiting in await pending(self.store, {"telegram"}, self.at, 100):
            (claimed,) = await self.writer.claim([waiting.message.id], self.at + DAILY)
            receipt = claimed.edits_receipt or f"{waiting.message.chat}-1"
            await settle_now(self.receiver, waiting.message, Sent(receipt))


async def lives_through(house: House, finished: Sequence[Script], lapsed: Sequence[Script]) -> None:
    """Let one person a day answer, each beginning and ending at the same hour of theirs whatever they say."""
    talks: list[str] = []
    for person, script in enumerate((*finished, *lapsed)):
        house.at = BEGIN + person * DAILY
        interview = await house.asks(person)
        talks.append(interview)
        for number, said in enumerate(script):
            is_last = number == len(script) - 1 and person < len(finished)
            house.at = BEGIN + person * DAILY + (timedelta(minutes=30) if is_last else timedelta(minutes=number + 1))
            await house.says(person, await _meant(house, interview, said))
    house.at = BEGIN + timedelta(days=28)
    for interview in talks[len(finished) :]:
        await house.receiver.wake(Ref(RefKind.INTERVIEW, interview))
        await house.sends()


async def _meant(house: House, interview: str, said: int | str) -> Text | Tap:
    async with house.store.reading() as session:
        (talk,) = [one for one in await session.records(Interview, all_of(Interview)) if one.id == interview]
    return Tap(Verb.RATE, interview, talk.at, said) if isinstance(said, int) else Text(said)


async def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the nameless answers; of a running number only the order counts."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    for table in METADATA.sorted_tables:
        if table.name not in ("anonymous_answers", "inbox"):
            kept[table.name] = await _rows(store, table)
    return kept


async def _rows(store: Store, table: Table) -> list[tuple[Any, ...]]:
    columns = [column for column in table.columns if not column.identity]
    counted = [column for column in table.columns if column.identity]
    async with store.reading() as session:
        found = await session.fetch(select(*columns).order_by(*(counted or table.primary_key)))
    return [tuple(row) for row in found]


async def said_of(store: Store) -> list[tuple[Any, ...]]:
    columns = METADATA.tables["anonymous_answers"].c
    async with store.reading() as session:
        found = await session.fetch(
            select(columns.survey, columns.survey_number, columns.day, columns.answers, columns.comment)
        )
    return sorted(tuple(map(str, row)) for row in found)


async def cleared(url: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            file.executescript(";".join(f"DELETE FROM {table.name}" for table in EMPTIED))  # noqa: S608 (our own names)
            file.execute("DELETE FROM sqlite_sequence")
        return
    await empty_tables(url)


async def _execute(url: str, sql: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def turned(scripts: Sequence[Script], by: int) -> Sequence[Script]:
    return (*scripts[by:], *scripts[:by])


async def a_month(url: str, by: int) -> tuple[dict[str, list[tuple[Any, ...]]], list[tuple[Any, ...]]]:
    async with Store.open(url) as store:
        house = House(store)
        await lives_through(house, turned(FINISHED, by), turned(LAPSED, by))
        await house.writer.stop()
        return await dump(store), await said_of(store)


@pytest.mark.proof
async def test_whoever_gives_the_answers_the_tables_are_the_same(url: str) -> None:
    outside, said = await a_month(url, 0)
    await cleared(url)
    others, again = await a_month(url, 3)
    assert len(said) == len(FINISHED) - 1 + len(LAPSED)  # who said nothing leaves nothing
    assert said == again
    for name, rows in outside.items():
        assert rows == others[name], name


@pytest.mark.proof
async def test_nothing_that_was_said_stands_anywhere_else(url: str) -> None:
    outside, said = await a_month(url, 0)
    everything = repr(outside)
    words = [word for script in (*FINISHED, *LAPSED) for word in script if isinstance(word, str) and " " in word]
    assert len(words) == 7
    assert [word for word in words if word not in repr(said)] == []
    assert [word for word in words if word in everything] == []
    assert "★" not in everything
    assert outside["answer_logs"] == outside["issues"] == outside["issue_events"] == outside["attempts"] == []
    async with Store.open(url) as store, store.reading() as session:
        inbox = METADATA.tables["inbox"].c
        assert set(await session.fetch(select(inbox.raw, inbox.answer, inbox.why))) == {(b"", "", "")}
        ids = [found for (found,) in await session.fetch(select(METADATA.tables["anonymous_answers"].c.id))]
    assert [found for found in ids if found in everything] == []
    assert len({len(found) for found in ids}) == 1


@pytest.mark.proof
async def test_postgresql_itself_cannot_tell_which_row_came_when(url: str) -> None:
    if url.startswith("sqlite"):
        return  # a table WITHOUT ROWID keeps no order but that of its drawn keys
    await a_month(url, 0)
    (counted,) = await _execute(url, "SELECT count(DISTINCT xmin::text), count(*) FROM anonymous_answers")
    assert counted == (1, len(FINISHED) - 1 + len(LAPSED))
    rows = await _execute(url, "SELECT answers, comment FROM anonymous_answers ORDER BY ctid")
    first = ["jasmine", "still cold", "lovely people"]
    came = [next((n for n, word in enumerate(first) if word in str(row)), None) for row in rows]
    assert sorted(n for n in came if n is not None) == [0, 1, 2]
