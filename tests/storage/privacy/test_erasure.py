"""A forgotten person: nothing that was said stays, everything that was counted does."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from dialogs.campaign.model import Audience, Campaign, CampaignKind
from dialogs.ids import derive, ref_of
from dialogs.interview.model import Interview
from dialogs.issue.model import IssueKind, Quote
from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import InboxOutcome, InboxRow, IssueEvent, Purpose
from storage.model.registers import tombstone_of
from storage.privacy.erasure import ErasureTask, erase
from storage.privacy.redaction import REDACTION_MARK
from storage.schema import tables as t
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, everything, issue, look, message, person, save
from tests.support.traces import traces

KEY = b"key-of-the-house"
WORDS = ("c-mei", "chat-mei", "王女士", "很慢", "谢谢 🙂", "空调不制冷", "13800138000", "我的手机是")
VISIT = ("骂人", "着急", "维持原判", "SN-7788", "漏水", "JD-1122", "WX-33", "十二楼")
WAYS = ("+86 138-0013-mei", "mei@example.com", "street of mei", "desk.example.com/mei", *VISIT)
GONE = ErasureTask("c-mei", "gone_x", KEY)


@pytest.fixture(name="town")
async def _town(writer: Writer) -> Writer:
    """Keep one row of everything, and a stranger whom nobody wants to forget."""
    for record in everything():
        await save(writer, record)
    rows = await look(writer, Needs(customers=frozenset({"c-mei"}), issues=frozenset({"iss_1"})))
    mei, found = rows.customer("c-mei"), rows.issue("iss_1")
    assert mei is not None
    assert found is not None
    words, full = "我的手机是 13800138000", Prompt(" ".join(WAYS))
    await save(
        writer,
        replace(mei, name="王女士"),
        replace(found, note="王女士的空调修好了", text=words, quotes=(Quote(NOW, words),), customers=("c-mei",)),
        IssueEvent("iss_1", 5, NOW, "customer_wrote", "王女士", words),
        IssueEvent("iss_1", 6, NOW, "opened", None, f"speed 2 ≤ 2; {words}"),
        IssueEvent("iss_1", 7, NOW, "resolved", "李工", "王女士说很慢"),
        IssueEvent(
            "iss_1", 8, NOW, "progress", "李工", "rang +86 138-0013-mei, wrote to mei@example.com, street of mei"
        ),
        replace(message("out_card", None), prompt=Prompt(f"王女士: {words}"), about=ref_of("iss_1")),
        replace(message("out_full", None), prompt=full, about=ref_of("iss_1"), chat="700"),
        replace(message("out_copy", None), prompt=full, about=ref_of("iss_1"), chat="700", edits="out_full"),
        replace(message("out_reply"), customer=None, about=None, purpose=Purpose.REPLY, prompt=Prompt("王女士，您好")),
        InboxRow(
            "hook:1", "/hooks/tickets", b"", NOW, InboxOutcome.DONE, '200 {"customer":{"id":"c-mei","name":"王女士"}}'
        ),
        InboxRow("telegram:9", "telegram", b'{"chat": "chat-mei"}', NOW, InboxOutcome.FAILED, why="Bug"),
        *person("liu", "43"),
        *asked("liu", "43"),
        issue("iss_2", "liu", "43", IssueKind.COMPLAINT),
        replace(message("out_liu", "liu"), about=ref_of("int_43"), prompt=Prompt("刘先生，您好")),
        Campaign("cam_named", "两位", CampaignKind.NOTICE, NOW, audience=Audience(customers=("c-mei", "c-liu"))),
    )
    return writer


async def test_no_table_holds_a_forgotten_persons_names_or_words(town: Writer, store: Store) -> None:
    assert {word for word in (*WORDS, *WAYS) if await traces(store, word)} == {*WORDS, *WAYS}
    erased = await erase(store, town, GONE)
    assert await traces(store, *WORDS, *WAYS) == []
    assert erased


async def test_what_was_counted_stays(town: Writer, store: Store) -> None:
    counted = (t.tickets, t.invitations, t.interviews, t.answer_logs, t.issues, t.issue_events, t.campaign_targets)
    before = await _counts(store, *counted, t.outbox, t.requests)
    ratings = [(answer.question, answer.value) for answer in (await _talk(town)).answers]
    await erase(store, town, GONE)
    assert await _counts(store, *counted, t.outbox, t.requests) == before
    after = await _talk(town)
    assert [(answer.question, answer.value) for answer in after.answers] == ratings
    assert after.customer == "gone_x"


async def test_nobody_else_loses_a_word(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    assert await traces(store, "刘先生，您好")
    rows = await look(town, Needs(customers=frozenset({"c-liu"}), issues=frozenset({"iss_2"})))
    assert rows.contacts("c-liu")
    other = rows.issue("iss_2")
    assert other is not None
    assert other.customers == ("c-liu",)


async def test_the_teams_sentences_stay_without_the_name(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    found = (await look(town, Needs(issues=frozenset({"iss_1"})))).issue("iss_1")
    assert found is not None
    assert (found.note, found.text, found.customers) == (f"{REDACTION_MARK}的空调修好了", "", ("gone_x",))


async def test_what_waited_to_be_sent_to_them_is_not_sent(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    rows = await look(town, Needs(messages=frozenset({"out_reply", "out_card", "out_liu"})))
    states = {key: found.status for key in ("out_reply", "out_card", "out_liu") if (found := rows.message(key))}
    assert states == {
        "out_reply": SendingState.CANCELLED,
        "out_card": SendingState.DEAD,
        "out_liu": SendingState.PENDING,
    }


async def test_a_tombstone_knows_them_again_and_nobody_else(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    keys = {name: tombstone_of(KEY, *name) for name in (("c-mei",), ("telegram", "chat-mei"), ("c-liu",))}
    rows = await look(town, Needs(tombstones=frozenset(keys.values())))
    stones = {name: rows.tombstone(hash_) for name, hash_ in keys.items()}
    assert [name for name, stone in stones.items() if stone] == [("c-mei",), ("telegram", "chat-mei")]
    mine = stones["c-mei",]
    assert mine is not None
    assert mine.stands_for == "gone_x"


async def test_an_audience_that_named_them_names_nobody_in_their_place(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    found = (await look(town, Needs(campaigns=frozenset({"cam_named"})))).campaign("cam_named")
    assert found is not None
    assert found.audience.customers == ("gone_x", "c-liu")


@pytest.mark.proof
async def test_forgetting_twice_is_forgetting_once(town: Writer, store: Store) -> None:
    await erase(store, town, GONE)
    before = await _counts(store, *t.METADATA.sorted_tables)
    again = await erase(store, town, replace(GONE, anonymous_id="gone_y"))
    assert not again
    assert await _counts(store, *t.METADATA.sorted_tables) == before


async def test_a_chat_in_which_somebody_else_is_reached_stays_theirs(town: Writer, store: Store) -> None:
    await save(town, replace(person("liu")[1], chat="chat-mei"))
    await erase(store, town, GONE)
    rows = await look(town, Needs(customers=frozenset({"c-liu"})))
    assert {contact.chat for contact in rows.contacts("c-liu")} == {"chat-liu", "chat-mei"}
    assert {where.partition(":")[0] for where in await traces(store, "chat-mei")} <= {
        "contacts.chat",
        "outbox.chat",
        "inbox.raw",
    }


async def _talk(writer: Writer) -> Interview:
    found = (await look(writer, Needs(interviews=frozenset({"int_42"})))).interview("int_42")
    assert found is not None
    return found


async def _counts(store: Store, *tables: Table) -> list[int]:
    async with store.reading() as session:
        return [(await session.fetch(select(func.count()).select_from(table)))[0][0] for table in tables]


async def test_no_byte_of_the_database_files_holds_what_was_erased(town: Writer, store: Store, url: str) -> None:
    await erase(store, town, GONE)
    assert await store.scrub()
    if url.startswith("sqlite"):  # a server's files are its own; see docs/howto/privacy.md
        held = b"".join(file.read_bytes() for file in Path(url.removeprefix("sqlite:///")).parent.iterdir())
        assert [word for word in WORDS if word.encode() in held] == []


@pytest.mark.some(2)
@pytest.mark.parametrize("kind", [IssueKind.LOW_SCORE, IssueKind.CALL])
@pytest.mark.parametrize("zone_day", [-1, 0, 1])
async def test_what_a_holder_read_in_their_own_chat_is_blanked_and_the_days_calls_are_redrawn(
    town: Writer, store: Store, kind: IssueKind, zone_day: int
) -> None:
    day = (NOW + timedelta(days=zone_day)).date().isoformat()
    collected = derive("out", "calls", day, "telegram", "team")
    shown = replace(message("out_own", None), about=ref_of("iss_9"), chat="700", prompt=Prompt("王女士"))
    listed = replace(shown, id=collected, chat="team")
    await save(town, issue("iss_9", "mei", "42", kind), *(replace(one, receipt="77") for one in (shown, listed)))
    await erase(store, town, replace(GONE, blank=Prompt("gone"), edits=frozenset({"telegram"})))
    async with store.reading() as session:
        edits = {row[0] for row in await session.fetch(select(t.outbox.c.edits).where(t.outbox.c.edits.is_not(None)))}
    assert "out_own" in edits
    assert (collected in edits) is (kind is not IssueKind.CALL)


async def test_a_list_of_issues_in_an_admins_chat_is_emptied_and_blanked(town: Writer, store: Store) -> None:
    told = {
        "out_named": "🟡 #ABCDE 王女士",
        "out_subject": "🟡 #ABCDE 空调\u200b不制冷",
        "out_other": "🟡 #FGHIJ 洗衣机漏水",
    }
    base = replace(message("out_list", None), purpose=Purpose.REPLY, about=None, chat="900", receipt="8")
    await save(town, *(replace(base, id=id_, receipt=id_, prompt=Prompt(text)) for id_, text in told.items()))
    await erase(store, town, replace(GONE, blank=Prompt("gone"), edits=frozenset({"telegram"})))
    assert await traces(store, "#ABCDE", "王女士") == []
    assert await traces(store, "洗衣机漏水") != []
    async with store.reading() as session:
        edits = {row[0] for row in await session.fetch(select(t.outbox.c.edits).where(t.outbox.c.edits.is_not(None)))}
    assert edits >= {"out_named", "out_subject"}
    assert "out_other" not in edits
