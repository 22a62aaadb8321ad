"""A message that may go at once is leased in the commit that writes it; the terms are those of a claim."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.channels.telegram.rate_limits import RateLimiter, RateLimits
from bot.ports import Gone, Retry
from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.records import Customer, InboxRow, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision
from tests.support.sending import Process, Wire, letter


@dataclass
class Office:
    """A process that sends to two people, and its channel."""

    process: Process
    wire: Wire

    def born(self) -> dict[str, SendingState]:
        """Return what became of the messages that were to be leased as they were written."""
        return {claim.id: claim.status for committed in self.process.committed for claim in committed.claims}


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    wire = Wire()
    process = Process(store, wire)
    await process.decides_on(Customer("c-1"), Customer("c-2"))
    async with process.sending():
        yield Office(process, wire)
    await process.writer.stop()


async def until_settled(process: Process) -> dict[str, OutboxMessage]:
    return await process.rows_when(
        lambda rows: not {one.status for one in rows.values()} & {SendingState.PENDING, SendingState.LEASED}
    )


async def test_it_goes_after_one_commit_and_its_row_says_so(office: Office) -> None:
    office.wire.open.clear()
    before = len(office.process.committed)
    await office.process.decides_on(letter(office.process, "hello", purpose=Purpose.SURVEY))
    await office.wire.until_begun("hello")
    row = (await office.process.rows())["hello"]
    assert (row.status, row.attempts) == (SendingState.LEASED, 1)
    assert row.leased_until is not None
    assert len([one for one in office.process.committed[before:] if one.claims]) == 1
    office.wire.open.set()
    settled = (await until_settled(office.process))["hello"]
    assert (settled.status, settled.receipt, settled.leased_until) == (SendingState.SENT, "receipt-hello", None)


async def test_a_process_that_does_not_send_leases_nothing(store: Store) -> None:
    process = Process(store, Wire())
    await process.decides_on(Customer("c-1"), letter(process, "hello"))
    assert (await process.rows())["hello"].status is SendingState.PENDING
    async with process.sending():
        await until_settled(process)
    await process.decides_on(letter(process, "again"))
    assert (await process.rows())["again"].status is SendingState.PENDING
    await process.writer.stop()


async def test_what_another_process_decides_is_left_to_the_one_that_sends(url: str, store: Store) -> None:
    if store.is_alone:
        return  # there is no other process
    async with Store.open(url) as elsewhere:
        sends, decides = Process(store, Wire()), Process(elsewhere, Wire())
        await decides.decides_on(Customer("c-1"), Customer("c-2"), letter(decides, "theirs"))
        assert (await decides.rows())["theirs"].status is SendingState.PENDING
        async with sends.sending():
            await sends.decides_on(letter(sends, "mine", 2))
            await until_settled(sends)
        wires = [next(iter(each.sender.channels.values())) for each in (sends, decides)]
        assert [sorted(wire.begun) for wire in wires if isinstance(wire, Wire)] == [["mine", "theirs"], []]
        await sends.writer.stop()
        await decides.writer.stop()


async def test_a_chat_is_written_to_in_order_also_in_one_commit(office: Office) -> None:
    office.wire.open.clear()
    first, second = letter(office.process, "first"), letter(office.process, "second")
    await office.process.decides_on(first, second, letter(office.process, "other", 2))
    await office.wire.until_begun("first", "other")
    rows = await office.process.rows()
    assert {key: one.status for key, one in rows.items()} == {
        "first": SendingState.LEASED,
        "second": SendingState.PENDING,
        "other": SendingState.LEASED,
    }
    office.wire.open.set()
    await until_settled(office.process)
    assert office.wire.begun.index("first") < office.wire.begun.index("second")


async def test_what_waits_in_a_chat_is_not_overtaken(office: Office) -> None:
    later = replace(letter(office.process, "later"), not_before=office.process.clock.now() + timedelta(seconds=0.3))
    await office.process.decides_on(later)
    await office.process.decides_on(letter(office.process, "behind it"))
    assert office.born() == {}
    await until_settled(office.process)
    assert office.wire.begun == ["later", "behind it"]


async def test_of_the_edits_of_one_message_only_the_last_goes(office: Office) -> None:
    root = replace(letter(office.process, "root"), status=SendingState.SENT, receipt="9")
    edits = [replace(letter(office.process, key), edits="root", receipt="9") for key in ("e1", "e2", "e3")]
    await office.process.decides_on(root, *edits)
    rows = await until_settled(office.process)
    assert {key: one.status for key, one in rows.items()} == {"root": SendingState.SENT, "e3": SendingState.SENT}
    assert (office.wire.begun, office.wire.edited["e3"]) == (["e3"], "9")


async def test_an_edit_learns_under_which_receipt_its_message_stands(office: Office) -> None:
    await office.process.decides_on(letter(office.process, "root"))
    await until_settled(office.process)
    await office.process.decides_on(replace(letter(office.process, "edit"), edits="root"))
    await until_settled(office.process)
    assert office.born() == {"root": SendingState.LEASED, "edit": SendingState.LEASED}
    assert office.wire.edited["edit"] == "receipt-root"


async def test_where_the_pacer_has_no_room_it_waits(store: Store) -> None:
    wire = Wire()
    process = Process(store, wire, pacers={"sandbox": RateLimiter(RateLimits(rate=2))})
    await process.decides_on(Customer("c-1"), Customer("c-2"), Customer("c-3"))
    async with process.sending():
        await process.decides_on(*(letter(process, f"to-{person}", person) for person in (1, 2, 3)))
        states = sorted(one.status for one in (await process.rows()).values())
        assert states.count(SendingState.PENDING) == 2
        await until_settled(process)
    assert wire.begun == ["to-1", "to-2", "to-3"]
    await process.writer.stop()


async def test_a_campaigns_message_takes_its_lane(office: Office) -> None:
    one = replace(letter(office.process, "offer", purpose=Purpose.CAMPAIGN), campaign="cam_1", per_minute=6000)
    await office.process.decides_on(one)
    assert office.born() == {}
    await until_settled(office.process)
    assert office.wire.begun == ["offer"]


async def test_whoever_opts_out_in_the_same_commit_gets_nothing(office: Office) -> None:
    def decide(rows: Snapshot) -> Changes:
        customer = rows.customer("c-1")
        assert customer is not None
        survey = letter(office.process, "survey", purpose=Purpose.SURVEY)
        return Changes((survey, replace(customer, opted_out_at=office.process.clock.now())))

    await office.process.receiver.do(
        Needs(customers=frozenset({"c-1"})), lambda context: Decision(decide(context.snapshot), None)
    )
    row = (await until_settled(office.process))["survey"]
    assert (row.status, row.why, office.wire.begun) == (SendingState.CANCELLED, "opted_out", [])


async def test_whoever_opts_out_between_the_commit_and_the_sending_gets_nothing(office: Office) -> None:
    """The opt-out is decided while the commit that leases the message is on its way to the disk."""

    def stop(rows: Snapshot) -> Changes:
        customer = rows.customer("c-1")
        assert customer is not None
        return Changes((replace(customer, opted_out_at=office.process.clock.now()),))

    survey = letter(office.process, "survey", purpose=Purpose.SURVEY)
    asking = asyncio.create_task(office.process.decides_on(survey))
    await asyncio.sleep(0)
    stopping = office.process.receiver.do(
        Needs(customers=frozenset({"c-1"})), lambda context: Decision(stop(context.snapshot), None)
    )
    await asyncio.gather(asking, stopping)
    row = (await until_settled(office.process))["survey"]
    assert row.status in (SendingState.CANCELLED, SendingState.SENT)
    assert office.wire.begun == (["survey"] if row.status is SendingState.SENT else [])


async def test_what_was_not_saved_is_not_sent_and_holds_nobody_up(office: Office) -> None:
    known = InboxRow("key", "sandbox", b"", office.process.clock.now())
    await office.process.decides_on(known)
    with pytest.raises(WriteConflict):
        await office.process.decides_on(letter(office.process, "lost"), known)
    await office.process.decides_on(letter(office.process, "next"))
    await until_settled(office.process)
    assert office.wire.begun == ["next"]
    assert len(office.process.sender.queue) == 0


async def test_what_was_there_already_is_not_sent_again(office: Office) -> None:
    await office.process.decides_on(letter(office.process, "once"))
    await until_settled(office.process)
    await asyncio.gather(
        office.process.decides_on(letter(office.process, "once")),
        office.process.decides_on(letter(office.process, "fresh", 2)),
    )
    await until_settled(office.process)
    assert sorted(office.wire.begun) == ["fresh", "once"]


async def test_what_did_not_arrive_is_tried_again_in_its_place(office: Office) -> None:
    tries = iter([Retry(0.05, "busy")])
    delivered = office.wire.answer
    office.wire.answer = lambda message: next(tries, None) or delivered(message)
    await office.process.decides_on(letter(office.process, "first"), letter(office.process, "second"))
    rows = await until_settled(office.process)
    assert office.wire.begun == ["first", "first", "second"]
    assert rows["first"].attempts == 2


async def test_a_sender_that_stops_sends_what_it_has_leased(store: Store) -> None:
    wire = Wire()
    process = Process(store, wire)
    await process.decides_on(Customer("c-1"))
    async with process.sending():
        process.is_deciding.clear()
        saving = asyncio.create_task(process.decides_on(letter(process, "last")))
        await process.is_deciding.wait()  # and the commit is on its way
    await saving
    assert (await until_settled(process))["last"].status is SendingState.SENT
    await process.writer.stop()


@pytest.mark.proof  # the doubt is found after seconds; the crash journey is in `make test`
async def test_a_process_that_dies_between_the_commit_and_the_sending_leaves_doubt_behind(store: Store) -> None:
    dying = Process(store, Wire(), is_dying=True)
    root = replace(letter(dying, "root", 2), status=SendingState.SENT, receipt="9")
    await dying.decides_on(Customer("c-1"), Customer("c-2"), root)
    edit = replace(letter(dying, "edit", 2), edits="root")
    async with dying.sending():
        await dying.decides_on(letter(dying, "survey", purpose=Purpose.SURVEY), edit)
        assert {key: one.status for key, one in (await dying.rows()).items() if key != "root"} == {
            "survey": SendingState.LEASED,
            "edit": SendingState.LEASED,
        }
    recovered = await dying.writer.recover(everything=True)
    assert (recovered.again, [one.id for one in recovered.unknown]) == (1, ["survey"])
    await dying.writer.stop()


async def test_what_is_worth_nothing_but_as_an_edit_is_never_sent_as_a_message(office: Office) -> None:
    process = office.process
    doubted = replace(letter(process, "doubted"), status=SendingState.UNKNOWN)
    deleted = replace(letter(process, "deleted", 2), status=SendingState.SENT, receipt="9")
    await process.decides_on(doubted, deleted)
    office.wire.answer = lambda _message: Gone("deleted by the customer")
    edits = (replace(letter(process, f"over {root.id}"), edits=root.id, chat=root.chat) for root in (doubted, deleted))
    await process.decides_on(*(replace(one, prompt=Prompt("★", only_edits=True)) for one in edits))
    rows = await until_settled(process)
    assert office.wire.edited == {"over deleted": "9"}
    assert [rows[f"over {key}"].status for key in ("doubted", "deleted")] == [SendingState.CANCELLED] * 2
