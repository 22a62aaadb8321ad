"""What becomes of messages once they are decided: settled, cancelled, overtaken, moved."""

from asyncio import gather
from collections.abc import Mapping

import pytest

from dialogs.ids import ref_of
from dialogs.outbox.model import WAITING, SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Contact, Customer, OutboxMessage, Purpose
from storage.reads.outbox import pending
from storage.unit_of_work.changes import Cancel
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, look, message, person, save, settle, soon

pytestmark = pytest.mark.usefixtures("mei")


@pytest.fixture
async def mei(writer: Writer) -> None:
    await save(writer, *person(), *person("bo", "43"))


async def stored(store: Store) -> Mapping[str, OutboxMessage]:
    async with store.reading() as session:
        return {found.id: found for found in await session.records(OutboxMessage, all_of(OutboxMessage))}


async def statuses(store: Store) -> dict[str, str]:
    return {found.id: found.status.value for found in (await stored(store)).values()}


# -- once -----------------------------------------------------------------------------------------------------


async def test_a_message_that_is_derived_twice_is_there_once(store: Store, writer: Writer) -> None:
    await save(writer, message())
    await save(writer, settles=(settle("out_1", SendingState.SENT, receipt="9"),))
    await save(writer, message())
    assert await statuses(store) == {"out_1": "sent"}


# -- settled --------------------------------------------------------------------------------------------------


async def test_a_sent_message_remembers_its_receipt_and_when(store: Store, writer: Writer) -> None:
    await save(writer, message())
    await writer.claim(["out_1"], soon(minutes=1))
    await save(writer, settles=(settle("out_1", SendingState.SENT, receipt="9"),))
    sent = (await stored(store))["out_1"]
    assert (sent.status, sent.receipt, sent.sent_at) == (SendingState.SENT, "9", soon(seconds=5))
    assert (sent.leased_until, sent.attempts) == (None, 1)


async def test_a_message_to_be_tried_again_waits_for_its_time(store: Store, writer: Writer) -> None:
    await save(writer, message())
    await writer.claim(["out_1"], soon(minutes=1))
    await save(writer, settles=(settle("out_1", SendingState.PENDING, why="429", not_before=soon(seconds=30)),))
    again = (await stored(store))["out_1"]
    assert (again.status, again.why, again.not_before) == (SendingState.PENDING, "429", soon(seconds=30))
    assert await pending(store, {"telegram"}, NOW, 10) == []


async def test_a_message_held_until_something_happens_is_never_due_by_itself(store: Store, writer: Writer) -> None:
    await save(writer, message())
    await save(writer, settles=(settle("out_1", SendingState.HELD, why="window"),))
    assert await pending(store, {"telegram"}, soon(days=3650), 10) == []
    await save(writer, settles=(settle("out_1", SendingState.PENDING, not_before=NOW),))
    assert [waiting.message.id for waiting in await pending(store, {"telegram"}, NOW, 10)] == ["out_1"]


@pytest.mark.parametrize(
    "final", [SendingState.SENT, SendingState.DEAD, SendingState.CANCELLED, SendingState.SUPERSEDED]
)
async def test_what_is_over_stays_as_it_is(store: Store, writer: Writer, final: SendingState) -> None:
    await save(writer, replace(message(), status=final, why="first"))
    for later in (SendingState.PENDING, SendingState.DEAD, SendingState.SENT, SendingState.UNKNOWN):
        await save(writer, settles=(settle("out_1", later, why="late", receipt="9"),))
    kept = (await stored(store))["out_1"]
    assert (kept.status, kept.why, kept.receipt) == (final, "first", "")


async def test_a_doubt_ends_with_a_proof_and_with_nothing_else(store: Store, writer: Writer) -> None:
    await save(writer, replace(message(), status=SendingState.UNKNOWN))
    await save(writer, settles=(settle("out_1", SendingState.PENDING),))
    assert await statuses(store) == {"out_1": "unknown"}
    await save(writer, settles=(settle("out_1", SendingState.SENT, receipt="9"),))
    assert await statuses(store) == {"out_1": "sent"}


async def test_an_edit_whose_message_is_gone_becomes_a_message(store: Store, writer: Writer) -> None:
    await save(writer, replace(message(), status=SendingState.SENT, receipt="9"), message("out_2", edits="out_1"))
    await writer.claim(["out_2"], soon(minutes=1))
    await save(writer, settles=(settle("out_2", SendingState.PENDING, send_anew=True),))
    (claimed,) = await writer.claim(["out_2"], soon(minutes=1))
    assert (claimed.status, claimed.edits_receipt) == (SendingState.LEASED, "")
    assert (await stored(store))["out_2"].edits is None


async def test_a_chat_that_has_moved_takes_everything_with_it_that_has_yet_to_go_there(
    store: Store, writer: Writer
) -> None:
    sent = replace(message("out_0", None), status=SendingState.SENT)
    other = replace(message("out_3", None), channel="sandbox")
    await save(
        writer, sent, message("out_1", None), message("out_2", None), other, Contact("c-mei", "telegram", "team")
    )
    await writer.claim(["out_1"], soon(minutes=1))
    await save(writer, settles=(settle("out_1", SendingState.PENDING, chat="-100", not_before=NOW),))
    assert {found.id: found.chat for found in (await stored(store)).values()} == {
        "out_0": "team",
        "out_1": "-100",
        "out_2": "-100",
        "out_3": "team",
    }
    contacts = (await look(writer, Needs(customers=frozenset({"c-mei"})))).contacts("c-mei")
    assert {contact.chat for contact in contacts} == {"chat-mei", "-100"}


# -- cancelled ------------------------------------------------------------------------------------------------


async def test_a_customers_waiting_messages_can_be_cancelled_by_purpose(store: Store, writer: Writer) -> None:
    reminder = replace(message("out_2"), purpose=Purpose.REMINDER)
    held = replace(message("out_3"), status=SendingState.HELD)
    sent = replace(message("out_4"), status=SendingState.SENT)
    await save(writer, message("out_1"), reminder, held, sent, message("out_5", "bo"))
    await save(writer, cancels=(Cancel((Purpose.SURVEY,), customer="c-mei"),))
    assert await statuses(store) == {
        "out_1": "cancelled",
        "out_2": "pending",
        "out_3": "cancelled",
        "out_4": "sent",
        "out_5": "pending",
    }


async def test_what_is_about_something_can_be_cancelled(store: Store, writer: Writer) -> None:
    await save(writer, message("out_1"), replace(message("out_2"), about=ref_of("int_43")))
    await save(writer, cancels=(Cancel((Purpose.REMINDER, Purpose.SURVEY), about=ref_of("int_42")),))
    assert await statuses(store) == {"out_1": "cancelled", "out_2": "pending"}


async def test_a_decisions_own_messages_outlive_its_cancels(store: Store, writer: Writer) -> None:
    await save(writer, message("out_1"))
    await save(writer, message("out_2"), cancels=(Cancel((Purpose.SURVEY,), customer="c-mei"),))
    assert await statuses(store) == {"out_1": "cancelled", "out_2": "pending"}


async def test_a_cancel_reaches_the_messages_of_earlier_decisions_of_its_batch(store: Store, writer: Writer) -> None:
    cancel = (Cancel((Purpose.SURVEY,), about=ref_of("int_42")),)
    await gather(save(writer, message("out_1")), save(writer, cancels=cancel), save(writer, message("out_2")))
    assert await statuses(store) == {"out_1": "cancelled", "out_2": "pending"}


# -- overtaken ------------------------------------------------------------------------------------------------


async def test_only_the_last_waiting_edit_of_a_message_is_worth_sending(store: Store, writer: Writer) -> None:
    await save(writer, message("root"), message("other"))
    await save(writer, message("e1", edits="root"), message("f1", edits="other"))
    await save(writer, message("e2", edits="root"), message("e3", edits="root"))
    assert await statuses(store) == {
        "root": "pending",
        "other": "pending",
        "f1": "pending",
        "e1": "superseded",
        "e2": "superseded",
        "e3": "pending",
    }


async def test_an_edit_under_way_is_not_overtaken_but_what_comes_back_is(store: Store, writer: Writer) -> None:
    await save(writer, replace(message("root"), status=SendingState.SENT, receipt="9"), message("e1", edits="root"))
    await writer.claim(["e1"], soon(minutes=1))
    await save(writer, message("e2", edits="root"))
    assert (await statuses(store))["e1"] == "leased"
    await save(writer, settles=(settle("e1", SendingState.PENDING, not_before=NOW),))
    assert await statuses(store) == {"root": "sent", "e1": "superseded", "e2": "pending"}


async def test_an_edit_that_was_refused_overtakes_nothing(store: Store, writer: Writer) -> None:
    await save(writer, replace(message("root"), status=SendingState.SENT, receipt="9"), message("e1", edits="root"))
    await writer.claim(["e1"], soon(minutes=1))
    await save(writer, message("e2", edits="root"))
    await save(writer, settles=(settle("e2", SendingState.DEAD),))
    await save(writer, settles=(settle("e1", SendingState.PENDING, not_before=NOW),))
    assert await statuses(store) == {"root": "sent", "e1": "pending", "e2": "dead"}


async def test_messages_keep_the_order_in_which_they_were_decided(store: Store, writer: Writer) -> None:
    names = [f"out_{number}" for number in (5, 3, 9, 1, 7)]
    await save(writer, *(message(name) for name in names[:3]))
    await save(writer, *(message(name) for name in names[3:]))
    found = await pending(store, {"telegram"}, NOW, 10)
    assert [waiting.message.id for waiting in found] == names
    assert await pending(store, {"telegram"}, NOW, 2) == found[:2]
    assert await pending(store, {"telegram"}, NOW, 10, after=found[1].seq) == found[2:]


async def test_what_waits_on_a_channel_that_is_off_hides_nothing_behind_it(store: Store, writer: Writer) -> None:
    off = [replace(message(f"off_{status}"), channel="wechat", status=status) for status in WAITING]
    on = [replace(message(f"on_{status}"), status=status) for status in WAITING]
    await save(writer, *off)
    await save(writer, *on)
    assert [one.message.id for one in await pending(store, {"telegram"}, NOW, 1)] == [on[0].id]
    held = await pending(store, {"telegram"}, NOW, 9)
    assert [one.message.id for one in held] == [one.id for one in on]


async def test_a_message_belongs_to_a_customer_who_exists(writer: Writer) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign ?key"):
        await save(writer, replace(message(), customer="c-nobody"))
    await save(writer, Customer("c-nobody"), replace(message(), customer="c-nobody"))
