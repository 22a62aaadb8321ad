"""What somebody of the team types is kept in notes: none of them outlives whom it names or quotes, nor its time."""

import inspect
from datetime import timedelta

import msgspec
import pytest

from dialogs.ids import Ref, RefKind
from dialogs.improvement.plan_draft import PlanDraft
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model import note_keys
from storage.model.records import Note, OutboxMessage, Purpose
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, look, person, save
from tests.support.traces import traces

KEY = note_keys.finding_draft_key(Address("telegram", "-100"), "7")
BLANK = Prompt("这位客户的资料已删除。")
TASK = ErasureTask("c-mei", "gone_x", b"key-of-the-house", blank=BLANK, edits=frozenset({"telegram"}))
SAID = "她说“太慢”，\n等了两天才有人来！"
WITHOUT_WORDS = {
    "alarm_key",
    "campaign_chat_key",
    "chart_key",
    "clock_key",
    "code_key",
    "is_typing_key",
    "migrated_from",
    "migration_key",
    "report_schedule_key",
    "retries_key",
    "typing_key",
    "watch_key",
}
"""Of these keys the notes hold numbers, ids, moments, or whether something was told."""


def draft(text: str, finding: str = "fin_1", *, key: str = KEY) -> Note:
    return Note(key, msgspec.json.encode(PlanDraft(finding, 3, text, "李工")).decode(), NOW)


async def value_of(writer: Writer, key: str = KEY) -> Note:
    note = (await look(writer, Needs(notes=frozenset({key})))).note(key)
    assert note is not None
    return note


def test_each_kind_of_note_is_known_to_hold_typed_words_or_none() -> None:
    kinds = {name for name in note_keys.__all__ if inspect.isfunction(getattr(note_keys, name))}
    assert kinds - WITHOUT_WORDS == {"finding_draft_key"}
    assert KEY.startswith(note_keys.TYPED_WORDS)


@pytest.mark.parametrize(
    ("text", "is_dropped"),
    [
        ("给客户 mei 回电", True),
        ("c-mei 的单子先处理", True),
        (SAID, True),
        ("改为：等了两天才有人来的，先派", True),
        ("报修后 4 小时内上门", False),
        ("他们说太慢", False),
    ],
)
async def test_what_is_typed_of_somebody_goes_with_them(
    writer: Writer,
    store: Store,
    text: str,
    is_dropped: bool,  # noqa: FBT001 (a column)
) -> None:
    invitation, interview = asked()
    customer, contact, ticket = person()
    whole = replace(interview, comment=SAID)
    await save(writer, replace(customer, name="mei"), contact, ticket, invitation, whole, draft(text))
    assert await erase(store, writer, TASK)
    after = await value_of(writer)
    assert (after.value == "") is is_dropped
    assert after.version == (2 if is_dropped else 1), "the buttons of an emptied draft stay known as old ones"
    assert await traces(store, "等了两天") == []


async def test_what_others_type_and_notes_of_other_kinds_stay(writer: Writer, store: Store) -> None:
    other = note_keys.finding_draft_key(Address("wecom", "group"), "li")
    await save(
        writer, *person(), draft("给客户 c-mei 回电"), draft("给 bob 回电", key=other), Note("poll", "c-mei", NOW)
    )
    assert await erase(store, writer, TASK)
    assert not (await value_of(writer)).value
    assert (await value_of(writer, other)).value
    assert (await value_of(writer, "poll")).value == "c-mei", "no note of another kind is touched"


async def test_the_messages_that_show_it_go_with_it(writer: Writer, store: Store) -> None:
    shows = OutboxMessage("out_1", "telegram", "-100", Purpose.ALERT, Prompt("给 c-mei 回电。对吗？"), NOW, NOW)
    about = Ref(RefKind.FINDING, "fin_1")
    sent = replace(shows, about=about, receipt="77", status=SendingState.SENT, sent_at=NOW)
    other = replace(sent, id="out_2", prompt=Prompt("课题一的卡片"), receipt="78")
    await save(writer, *person(), draft("给 c-mei 回电"), sent, other)
    assert await erase(store, writer, TASK)
    assert await traces(store, "c-mei") == []
    async with store.reading() as session:
        rows = await session.records(OutboxMessage, all_of(OutboxMessage))
    assert [(one.edits, one.prompt) for one in rows if one.edits] == [("out_1", BLANK)]
    assert await traces(store, "课题一的卡片") != []


@pytest.mark.parametrize(("days", "left"), [(7, True), (8, False)])
async def test_what_nobody_finished_is_dropped_after_a_week(
    writer: Writer,
    store: Store,
    days: int,
    left: bool,  # noqa: FBT001 (a column)
) -> None:
    await save(writer, draft("她说等了两天半才有人来"), Note("poll", "77", NOW))
    emptied = await apply_retention(store, writer, RetentionPeriods(), NOW + timedelta(days=days))
    assert (emptied["drafts"], bool(await traces(store, "等了两天半"))) == (int(not left), left)
    assert (await value_of(writer, "poll")).value == "77"
    again = await apply_retention(store, writer, RetentionPeriods(), NOW + timedelta(days=days))
    assert again["drafts"] == 0
