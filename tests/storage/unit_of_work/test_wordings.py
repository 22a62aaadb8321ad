"""What a message said is kept as long as somebody can need it: until it is delivered in its last wording."""

from collections.abc import Mapping

import pytest

from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import AttemptRow, OutboxMessage
from storage.reads.reader import Reader
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, message, person, save, settle, soon

pytestmark = pytest.mark.usefixtures("mei")


@pytest.fixture
async def mei(writer: Writer) -> None:
    await save(writer, *person())


def saying(key: str, text: str, edits: str | None = None) -> OutboxMessage:
    return replace(message(key, edits=edits), channel="sandbox", chat="phone", prompt=Prompt(text))


async def stored(store: Store) -> Mapping[str, OutboxMessage]:
    async with store.reading() as session:
        return {found.id: found for found in await session.records(OutboxMessage, all_of(OutboxMessage))}


async def words(store: Store) -> dict[str, str]:
    return {key: one.prompt.text for key, one in (await stored(store)).items()}


async def delivered(writer: Writer, key: str, *, replaces: str = "") -> None:
    await writer.claim([key], soon(minutes=1))
    await save(writer, settles=(replace(settle(key, SendingState.SENT, receipt="9"), replaces=replaces),))


async def test_what_waits_and_what_was_delivered_last_keeps_its_words(store: Store, writer: Writer) -> None:
    await save(writer, saying("root", "first"))
    await delivered(writer, "root")
    await save(writer, saying("e1", "second", "root"))
    assert await words(store) == {"root": "first", "e1": "second"}
    await delivered(writer, "e1", replaces="root")
    assert await words(store) == {"root": "", "e1": "second"}


async def test_the_last_wording_takes_the_place_of_all_before_it(store: Store, writer: Writer) -> None:
    await save(writer, saying("root", "first"))
    await delivered(writer, "root")
    for key in ("e1", "e2"):
        await save(writer, saying(key, key, "root"))
        await delivered(writer, key)
    await save(writer, saying("e3", "overtaken", "root"))
    await save(writer, saying("e4", "last", "root"))
    await delivered(writer, "e4", replaces="root")
    assert await words(store) == {"root": "", "e4": "last"}
    spoken = await Reader(store).transcript(Address("sandbox", "phone"))
    assert [line.prompt.text for line in spoken if line.prompt] == ["last"]


async def test_what_took_more_than_one_try_is_left_to_be_looked_at(store: Store, writer: Writer) -> None:
    await save(writer, saying("root", "first"))
    await delivered(writer, "root")
    await save(writer, saying("e1", "second", "root"), saying("e2", "third", "root"))
    await save(writer, AttemptRow("e2", NOW, 1, "text", "45015"))
    await writer.claim(["e2"], soon(minutes=1))
    await save(writer, settles=(settle("e2", SendingState.PENDING),))
    await delivered(writer, "e2")
    await save(writer, saying("e3", "last", "root"))
    await delivered(writer, "e3", replaces="root")
    left = {key: (one.status, one.attempts, one.prompt.text) for key, one in (await stored(store)).items()}
    assert left == {
        "root": (SendingState.SENT, 1, ""),
        "e2": (SendingState.SENT, 2, ""),
        "e3": (SendingState.SENT, 1, "last"),
    }


async def test_what_is_yet_to_be_sent_keeps_its_words(store: Store, writer: Writer) -> None:
    await save(writer, saying("root", "first"), saying("other", "of another message"))
    await delivered(writer, "root")
    await save(writer, saying("e1", "second", "root"))
    await writer.claim(["e1"], soon(minutes=1))
    await save(writer, saying("e2", "third", "root"))
    await save(writer, settles=(replace(settle("e1", SendingState.SENT, receipt="9"), replaces="root"),))
    assert await words(store) == {"root": "", "other": "of another message", "e1": "second", "e2": "third"}


async def test_what_is_derived_again_does_not_bring_back_what_was_dropped(store: Store, writer: Writer) -> None:
    await save(writer, saying("root", "first"))
    await delivered(writer, "root")
    await save(writer, saying("e1", "second", "root"))
    await delivered(writer, "e1", replaces="root")
    await save(writer, replace(saying("root", "first"), created_at=soon(hours=1)))
    assert await words(store) == {"root": "", "e1": "second"}
