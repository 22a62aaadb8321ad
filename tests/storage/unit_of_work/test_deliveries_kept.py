"""Deliveries that cannot be read, and those known under an older key, on either database."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat_migrations import Moves
from bot.handlers.inbound import InboundResult
from bot.ports import Parsed
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from bot.wiring.startup import retry_failed
from config.settings.loading import load_settings
from dialogs.messages import Address, Inbound, Person, Text
from storage.connection.store import Store
from storage.model.records import InboxOutcome, InboxRow
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.samples import NOW
from tests.support.web.clockwork import Clockwork
from tests.support.web.house import shipped

BYTES = b"\xff\x00<xml>\x1d"


@pytest.fixture
def receiver(writer: Writer, tmp_path: Path) -> Receiver:
    surveys, phrases = shipped()
    policy = make_policy(load_settings({}, cwd=tmp_path), surveys, {}, phrases)
    return Receiver(writer, Clockwork(), policy, Moves())


async def test_what_cannot_be_read_is_kept_once_to_the_byte_until_it_is_decided(
    store: Store, writer: Writer, receiver: Receiver
) -> None:
    keys = {await receiver.keep_unread("fax", BYTES, "no fax") for _ in range(2)}
    keys.add(await receiver.keep_unread("fax", b"other", "no fax", "fax:7"))
    kept = {row.key: row for row in await Reader(store).failed_inbox(10)}
    assert (len(keys), set(kept)) == (2, keys)
    assert {(row.raw, row.why) for row in kept.values()} == {(BYTES, "no fax"), (b"other", "no fax")}

    async def read(raw: bytes) -> None:
        if raw != BYTES:
            raise ValueError("still no fax")

    await retry_failed(Reader(store), writer, {"fax": read})
    assert [row.key for row in await Reader(store).failed_inbox(10)] == ["fax:7"]


async def test_a_delivery_known_under_its_older_key_is_not_decided_twice(writer: Writer, receiver: Receiver) -> None:
    rows = [InboxRow(f"wechat:{age}", "wechat", b"", NOW - timedelta(seconds=age), answer="{}") for age in (5, 70)]
    await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(tuple(rows)), None)))
    told = []
    for age in (5, 5, 70, 70, 99):
        place, key = Address("wechat", f"o{age}"), f"wechat:new-{age}"
        inbound = Inbound(key, place, Person(place.chat), NOW, Text("4"), former_key=f"wechat:{age}")
        told.append(await receiver.receive(Parsed(key, inbound), "wechat", b"4"))
    new, again = InboundResult.NEW, InboundResult.REPEATED
    assert told == [again, again, new, again, new]
    look = Job(
        Needs(inbox=frozenset({"wechat:new-5"})), lambda rows, _now: Decision(Changes(), rows.inbox_row("wechat:new-5"))
    )
    row = await writer.decide(look)
    assert row is not None
    assert (row.answer, row.outcome) == ("{}", InboxOutcome.DONE)
