"""Of a message that is over its words go first and its row at last; what may still be edited, counted or sent stays."""

from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest
from sqlalchemy import Column, Text, null, select, update

from bot.jobs.data_requests import export_person
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState
from dialogs.ids import ref_of
from dialogs.interview.model import InterviewState
from dialogs.issue.model import IssueState
from dialogs.messages import Prompt
from dialogs.outbox.model import FINAL, SendingState
from scoring.values import replace
from storage.connection.session import Write
from storage.connection.store import Store
from storage.housekeeping.messages import WORDING_PORTION, Wording, drop_wordings
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.housekeeping.walk import PORTION
from storage.model.records import AttemptRow, OutboxMessage, Purpose
from storage.model.registers import AnonymousAnswers
from storage.privacy.erasure import ErasureTask, erase
from storage.reads.reader import Reader
from storage.schema import tables as t
from storage.unit_of_work.changes import Anonymization, Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.samples import NOW, asked, issue, message, person, save, soon

PERIODS = HousekeepingPeriods(messages=timedelta(days=90), drawn=frozenset({"sandbox"}))
HASH = sha256("你好".encode()).digest()
OVER = soon(days=95)
"""The interview's 72 hours are over for the period, too."""

UNPROVE = Write(
    t.outbox,
    (Column("id", Text),),
    lambda rows: update(t.outbox).where(t.outbox.c.id == rows.c["id"]).values(text_hash=null()),
)

pytestmark = pytest.mark.usefixtures("mei")


@pytest.fixture
async def mei(writer: Writer) -> None:
    await save(writer, *person(), *asked(state=InterviewState.COMPLETED))


async def kept(store: Store) -> dict[str, str | None]:
    """Return the words of the messages that are kept, None where only the row is."""
    async with store.reading() as session:
        bodies = dict(await session.fetch(select(t.prompts.c.message, t.prompts.c.body)))
        keys = await session.fetch(select(t.outbox.c.id).order_by(t.outbox.c.seq))
    assert bodies.keys() <= {key for (key,) in keys}
    return {key: bodies[key].text if key in bodies else None for (key,) in keys}


async def hashes(store: Store) -> dict[str, bytes | None]:
    async with store.reading() as session:
        return dict(await session.fetch(select(t.outbox.c.id, t.outbox.c.text_hash)))


def sent(key: str = "out_1", status: SendingState = SendingState.SENT) -> OutboxMessage:
    return replace(message(key), status=status, receipt="80", attempts=1, sent_at=NOW)


async def test_the_words_of_a_survey_go_after_a_day_and_their_hash_stays(writer: Writer, store: Store) -> None:
    await save(writer, sent(), AttemptRow("out_1", NOW, 1, "custom", "0"))
    assert (await keep_house(store, writer, PERIODS, soon(hours=23)))["wordings"] == 0
    assert (await keep_house(store, writer, PERIODS, soon(hours=25)))["wordings"] == 1
    assert await kept(store) == {"out_1": None}
    assert await hashes(store) == {"out_1": HASH}
    told = await export_person(Reader(store), "c-mei", NOW)
    assert HASH.hex().encode() in told


@pytest.mark.parametrize("status", SendingState)
async def test_only_what_is_settled_loses_words_and_row(status: SendingState, writer: Writer, store: Store) -> None:
    leased = soon(minutes=1) if status is SendingState.LEASED else None
    await save(writer, replace(sent(status=status), leased_until=leased), AttemptRow("out_1", NOW, 1, "custom", "0"))
    await keep_house(store, writer, PERIODS, soon(hours=25))
    assert await kept(store) == {"out_1": None if status in FINAL else "你好"}
    await keep_house(store, writer, PERIODS, OVER)
    assert await kept(store) == ({} if status in FINAL else {"out_1": "你好"})


async def test_words_that_people_wrote_and_those_that_a_page_shows_stay(writer: Writer, store: Store) -> None:
    card = replace(sent("card"), purpose=Purpose.ALERT, customer=None, about=ref_of("iss_1"))
    await save(writer, issue(), card, replace(sent("played"), channel="sandbox"), replace(sent("told"), about=None))
    await keep_house(store, writer, PERIODS, soon(days=30))
    assert await kept(store) == {"card": "你好", "played": "你好", "told": "你好"}


async def test_the_hash_of_words_that_were_written_before_hashes_is_made_when_they_go(
    writer: Writer, store: Store
) -> None:
    await save(writer, sent(), sent("out_2"))
    await writer.perform(lambda session, _now: session.write(UNPROVE, [("out_1",)]))
    await keep_house(store, writer, PERIODS, soon(hours=25))
    assert await hashes(store) == {"out_1": HASH, "out_2": HASH}


async def test_a_row_stays_while_what_it_is_about_goes_on(writer: Writer, store: Store) -> None:
    open_invitation, open_interview = asked("liu", "43")
    closed = replace(issue("iss_2"), state=IssueState.CLOSED, closed_at=NOW, wake_at=None)
    await save(writer, *person("liu", "43"), open_invitation, open_interview, issue("iss_1"), closed)
    about = {"asks": "int_43", "asked": "int_42", "card": "iss_1", "closed": "iss_2", "gone": "int_unknown"}
    await save(writer, *(replace(sent(key), about=ref_of(thing)) for key, thing in about.items()))
    assert (await keep_house(store, writer, PERIODS, soon(days=89)))["messages"] == 0
    assert (await keep_house(store, writer, PERIODS, OVER))["messages"] == 2
    assert set(await kept(store)) == {"asks", "card", "gone"}


async def test_what_a_campaign_counts_stays(writer: Writer, store: Store) -> None:
    outcomes = (SendingState.SENT, SendingState.DEAD, SendingState.UNKNOWN, SendingState.CANCELLED)
    over = Campaign("cam_1", "致歉", CampaignKind.NOTICE, NOW, state=CampaignState.FINISHED)
    monthly = replace(over, id="cam_2", state=CampaignState.RUNNING, occurrence=NOW)
    rows = (
        replace(sent(f"{one.id} {outcome}", outcome), campaign=one.id, about=ref_of(one.id))
        for one in (over, monthly)
        for outcome in outcomes
    )
    await save(writer, over, monthly, *rows)
    await keep_house(store, writer, PERIODS, OVER)
    left = {f"{one} {outcome}" for one in ("cam_1", "cam_2") for outcome in outcomes}
    assert set(await kept(store)) == left - {"cam_1 sent"}


async def test_a_card_stays_until_its_customer_is_erased(writer: Writer, store: Store) -> None:
    closed = replace(issue("iss_2"), state=IssueState.CLOSED, closed_at=NOW, wake_at=None)
    card = replace(
        sent("card"), purpose=Purpose.ALERT, customer=None, about=closed.ref, channel="telegram", chat="-1001"
    )
    await save(writer, closed, card)
    await keep_house(store, writer, PERIODS, OVER)
    task = ErasureTask("c-mei", "gone_x", b"key", blank=Prompt("•"), edits=frozenset({"telegram"}))
    assert await erase(store, writer, task)
    async with store.reading() as session:
        assert ("card",) in await session.fetch(select(t.outbox.c.edits))


async def test_what_is_erased_between_the_look_and_the_deletion_leaves_no_hash(writer: Writer, store: Store) -> None:
    await save(writer, sent())
    await writer.perform(lambda session, _now: session.write(UNPROVE, [("out_1",)]))
    async with store.reading() as session:
        found = await session.fetch(WORDING_PORTION, after="", limit=PORTION, cutoff=soon(hours=25))
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    await writer.perform(partial(drop_wordings, [Wording(*row) for row in found]))
    assert await hashes(store) == {"out_1": None}


async def test_what_is_to_be_kept_for_ever_is(writer: Writer, store: Store) -> None:
    await save(writer, sent())
    await keep_house(store, writer, replace(PERIODS, messages=None), soon(days=4000))
    assert await kept(store) == {"out_1": "你好"}


async def test_the_newest_rows_are_not_walked_through(writer: Writer, store: Store) -> None:
    young = (replace(sent(f"new_{n}"), created_at=OVER, about=None) for n in range(2 * PORTION + 1))
    await save(writer, *(replace(sent(f"old_{n}"), about=None) for n in range(PORTION + 1)), *young)
    asked_for: list[None] = []

    def goes_on() -> bool:
        asked_for.append(None)
        return True

    periods = replace(PERIODS, drawn=frozenset())
    assert (await keep_house(store, writer, periods, OVER, goes_on))["messages"] == PORTION + 1
    assert len(asked_for) == 1 + 4 + 2 + 2, "a portion of nothing, four of words, two of rows, two of no files"


async def test_the_hash_of_an_erased_persons_message_goes_too(writer: Writer, store: Store) -> None:
    await save(writer, sent())
    await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    assert await hashes(store) == {"out_1": None}


async def test_no_hash_tells_what_was_answered_anonymously(writer: Writer, store: Store) -> None:
    """The words of an answer are few: whoever has the hash could try them all."""
    counted = replace(sent("counted"), campaign="cam_1", about=ref_of("int_42"), prompt=Prompt("speed ★☆☆☆☆"))
    last = replace(sent("last"), edits="counted", prompt=Prompt("谢谢"))
    await save(writer, counted, last)
    answers = AnonymousAnswers("drawn", "pulse", 1, "2026-11-01", "[]")
    parted = Changes(anonymizations=(Anonymization("int_42", ("last",), answers),))
    await writer.decide(Job(Needs(), lambda _rows, _now: Decision(parted, None)))
    assert (await hashes(store))["counted"] is None
