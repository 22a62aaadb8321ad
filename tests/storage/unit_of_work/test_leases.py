"""A message is sent by whoever holds its lease, and only if its customer still wants it."""

import asyncio

import pytest

from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Purpose
from storage.reads.outbox import pending
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, look, message, person, save, settle, soon

UNTIL = soon(seconds=90)

pytestmark = pytest.mark.usefixtures("mei")


@pytest.fixture
async def mei(writer: Writer) -> None:
    await save(writer, *person())


async def opt_out(writer: Writer) -> None:
    rows = await look(writer, Needs(customers=frozenset({"c-mei"})))
    customer = rows.customer("c-mei")
    assert customer is not None
    await save(writer, replace(customer, opted_out_at=NOW))


async def one_claimed(writer: Writer, message_id: str = "out_1") -> tuple[SendingState, str]:
    (claimed,) = await writer.claim([message_id], UNTIL)
    return claimed.status, claimed.why


async def test_what_is_due_is_leased_once(store: Store, writer: Writer) -> None:
    await save(writer, message())
    assert await one_claimed(writer) == (SendingState.LEASED, "")
    assert await pending(store, {"telegram"}, NOW, 10) == []
    assert await writer.claim(["out_1"], UNTIL) == []  # the lease is somebody's already
    rows = await look(writer, Needs(messages=frozenset({"out_1"})))
    leased = rows.message("out_1")
    assert leased is not None
    assert (leased.status, leased.leased_until, leased.attempts) == (SendingState.LEASED, UNTIL, 1)


async def test_what_is_unknown_is_left_out(writer: Writer) -> None:
    await save(writer, message())
    assert [claimed.id for claimed in await writer.claim(["out_1", "out_9"], UNTIL)] == ["out_1"]
    assert await writer.claim([], UNTIL) == []


async def test_what_is_not_due_stays_as_it_is(writer: Writer) -> None:
    await save(writer, replace(message(), not_before=soon(seconds=1)))
    assert await one_claimed(writer) == (SendingState.PENDING, "")


async def test_after_an_opt_out_nothing_starts_that_obeys_it(writer: Writer) -> None:
    await save(writer, message("out_1"), replace(message("out_2"), obeys_opt_out=False), message("out_3", None))
    await opt_out(writer)
    claimed = {found.id: (found.status, found.why) for found in await writer.claim(["out_1", "out_2", "out_3"], UNTIL)}
    assert claimed == {
        "out_1": (SendingState.CANCELLED, "opted_out"),
        "out_2": (SendingState.LEASED, ""),
        "out_3": (SendingState.LEASED, ""),
    }


async def test_what_came_too_late_is_ended(writer: Writer) -> None:
    await save(writer, replace(message(), expires_at=NOW))
    assert await one_claimed(writer) == (SendingState.DEAD, "expired")
    assert await one_claimed(writer) == (SendingState.DEAD, "expired")


async def test_a_held_message_goes_when_its_window_opens_or_ends_when_it_expires(store: Store, writer: Writer) -> None:
    held = replace(message(), status=SendingState.HELD, not_before=soon(hours=1), why="window")
    expired = replace(held, id="out_2", expires_at=NOW)
    await save(writer, held, expired)
    assert [found.message.id for found in await pending(store, {"telegram"}, NOW, 10)] == ["out_2"]
    assert await one_claimed(writer, "out_1") == (SendingState.HELD, "window")
    assert await one_claimed(writer, "out_2") == (SendingState.DEAD, "expired")
    assert [found.message.id for found in await pending(store, {"telegram"}, soon(hours=1), 10)] == ["out_1"]


async def test_an_edit_learns_under_which_receipt_its_message_stands(writer: Writer) -> None:
    await save(writer, message("root"), message("edit", edits="root"))
    await writer.claim(["root"], UNTIL)
    await save(writer, settles=(settle("root", SendingState.SENT, receipt="9"),))
    (claimed,) = await writer.claim(["edit"], UNTIL)
    assert (claimed.status, claimed.edits_receipt) == (SendingState.LEASED, "9")


async def test_an_edit_waits_for_its_message(writer: Writer) -> None:
    await save(writer, message("root"), message("edit", edits="root"))
    claimed = {found.id: found.status for found in await writer.claim(["edit", "root"], UNTIL)}
    assert claimed == {"root": SendingState.LEASED, "edit": SendingState.PENDING}
    assert await one_claimed(writer, "edit") == (SendingState.PENDING, "")


async def test_an_edit_of_what_was_taken_back_is_not_sent(writer: Writer) -> None:
    await save(writer, replace(message("root"), status=SendingState.CANCELLED), message("edit", edits="root"))
    assert await one_claimed(writer, "edit") == (SendingState.CANCELLED, "what it edits was never shown")


async def test_an_edit_of_what_never_arrived_goes_as_a_new_message(writer: Writer) -> None:
    await save(writer, replace(message("root"), status=SendingState.DEAD), message("edit", edits="root"))
    (claimed,) = await writer.claim(["edit"], UNTIL)
    assert (claimed.status, claimed.edits_receipt) == (SendingState.LEASED, "")


async def test_a_dead_senders_edits_and_alerts_go_again_and_the_rest_is_in_doubt(store: Store, writer: Writer) -> None:
    root = replace(message("root"), status=SendingState.SENT, receipt="9")
    reply = replace(message("reply"), purpose=Purpose.REPLY)
    await save(writer, root, message("edit", edits="root"), message("alert", None), message("survey"), reply)
    await writer.claim(["edit", "alert", "survey", "reply"], UNTIL)
    recovered = await writer.recover(everything=True)
    assert recovered.again == 2
    assert {found.id for found in recovered.unknown} == {"survey", "reply"}
    assert {found.message.id for found in await pending(store, {"telegram"}, NOW, 10)} == {"edit", "alert"}


async def test_what_is_in_doubt_is_found_again_until_what_follows_from_it_is_saved(writer: Writer) -> None:
    await save(writer, message("survey"))
    await writer.claim(["survey"], UNTIL)
    for _ in range(2):  # a sender that dies before it has decided leaves it as it found it
        assert [found.id for found in (await writer.recover(everything=True)).unknown] == ["survey"]
    await save(writer, settles=(settle("survey", SendingState.UNKNOWN),))
    assert (await writer.recover(everything=True)).unknown == ()


async def test_where_others_may_be_sending_only_leases_that_ran_out_are_settled(store: Store, writer: Writer) -> None:
    await save(writer, message("out_1"), message("out_2"))
    await writer.claim(["out_1"], soon(seconds=-1))
    await writer.claim(["out_2"], UNTIL)
    recovered = await writer.recover(everything=False)
    assert [found.id for found in recovered.unknown] == ["out_1"]
    assert await pending(store, {"telegram"}, NOW, 10) == []


async def test_an_edit_that_comes_back_after_a_later_one_is_overtaken(store: Store, writer: Writer) -> None:
    await save(writer, replace(message("root"), status=SendingState.SENT, receipt="9"), message("e1", edits="root"))
    await writer.claim(["e1"], UNTIL)
    await save(writer, message("e2", edits="root"))
    await writer.recover(everything=True)
    assert [found.message.id for found in await pending(store, {"telegram"}, NOW, 10)] == ["e2"]


async def test_what_is_claimed_in_the_batch_that_opts_out_is_cancelled(writer: Writer) -> None:
    await save(writer, message())
    customer = (await look(writer, Needs(customers=frozenset({"c-mei"})))).customer("c-mei")
    assert customer is not None
    claim, _ = await asyncio.gather(writer.claim(["out_1"], UNTIL), save(writer, replace(customer, opted_out_at=NOW)))
    assert [(found.status, found.why) for found in claim] == [(SendingState.CANCELLED, "opted_out")]
