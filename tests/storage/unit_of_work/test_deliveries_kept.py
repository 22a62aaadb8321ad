"""Deliveries that cannot be read, and those known under an older key, on either database."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.descriptor import Connection
from bot.channels.sandbox.channel import SandboxChannel
from bot.channels.webhooks import MalformedDelivery
from bot.chat_migrations import Moves
from bot.jobs.failed_deliveries import FailedDeliveries
from bot.ports import InboundResult, Parsed
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from bot.wiring.policy import make_policy
from config.settings.loading import load_settings
from dialogs.messages import Address, Inbound, Person, Text
from storage.connection.store import Store
from storage.model.errors import Unavailable
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
    store: Store, receiver: Receiver
) -> None:
    keys = {await receiver.keep_unread("fax", BYTES, "no fax") for _ in range(2)}
    keys.add(await receiver.keep_unread("fax", b"other", "no fax", "fax:7"))
    kept = {row.key: row for row in await _failed(store)}
    assert (len(keys), set(kept)) == (2, keys)
    assert {(row.raw, row.why) for row in kept.values()} == {(BYTES, "no fax"), (b"other", "no fax")}

    def read(raw: bytes) -> Sequence[Parsed]:
        if raw != BYTES:
            raise MalformedDelivery("still no fax")
        return [Parsed("fax:8", None)]

    await _tries_again(store, receiver, read)
    assert [(row.key, row.why) for row in await _failed(store)] == [("fax:7", "still no fax")]


async def test_what_failed_is_tried_again_in_its_order_and_nothing_of_it_stops_the_start(
    store: Store, writer: Writer, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[bytes] = []
    still: dict[bytes, Exception] = {
        b"2": MalformedDelivery("no fax"),
        b"3": Unavailable("disk full"),
        b"4": KeyError(),
    }

    def read(raw: bytes) -> Sequence[Parsed]:
        heard.append(raw)
        if raw in still:
            raise still[raw]
        return [Parsed(f"fax:{raw.decode()}", None)]

    rows = [_kept(3), _kept(1), _kept(4), _kept(2), _kept(5, "fax:5"), _kept(6, "telex")]
    await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(tuple(rows)), None)))
    with caplog.at_level(logging.ERROR):
        await _tries_again(store, receiver, read)
    assert heard == [b"1", b"2", b"3", b"4", b"5"]
    *lines, alarm = caplog.records
    assert [line.getMessage() for line in lines] == [
        "fax:2 still cannot be decided: no fax",
        "fax:3 still cannot be decided: nothing was saved: Unavailable",
        f"fax:4 still cannot be decided: {lines[2].getMessage().partition(': ')[2]}",
        "telex:6 still cannot be decided: the channel telex is not connected here",
    ]
    assert lines[2].getMessage().startswith("fax:4 still cannot be decided: KeyError at tests.storage.unit_of_work.")
    assert vars(alarm)["alarm"] == "inbox"
    told = "4 deliveries could still not be decided and are kept as failed; not connected here: telex"
    assert alarm.getMessage() == told
    page = await Reader(store).failed_deliveries(None, None, 10)
    assert [(kept.row.key, kept.attempts) for kept in page.items] == [
        ("fax:2", 2),
        ("fax:3", 1),
        ("fax:4", 2),
        ("telex:6", 1),
    ]
    of_telex = await Reader(store).failed_deliveries("telex", None, 10)
    assert [kept.row.key for kept in of_telex.items] == ["telex:6"]
    assert [kept.row.key for kept in (await Reader(store).failed_deliveries("fa", None, 10)).items] == []


def _kept(number: int, door: str = "fax") -> InboxRow:
    at = NOW + timedelta(seconds=number)
    return InboxRow(f"{door}:{number}", door, b"%d" % number, at, InboxOutcome.FAILED, why="KeyError")


async def _failed(store: Store) -> list[InboxRow]:
    return [kept.row for kept in (await Reader(store).failed_deliveries(None, None, 10)).items]


async def _tries_again(store: Store, receiver: Receiver, read: Callable[[bytes], Sequence[Parsed]]) -> None:
    """Do what is done at a start."""
    connections = {"fax": Connection(channel=SandboxChannel(""), read=read)}
    alarms, reader = Alarms(Clockwork()), Reader(store)
    await FailedDeliveries(receiver=receiver, reader=reader, alarms=alarms, connections=connections).retry_all()


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
