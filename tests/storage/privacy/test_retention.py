"""What is over its time is emptied, in portions, once; what counts and what is still needed stays."""

from datetime import timedelta

from dialogs.interview.model import Answer, InterviewState
from dialogs.issue.model import IssueState, Quote
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import AnswerLog, InboxOutcome, InboxRow, IssueEvent, Purpose, Token
from storage.model.service_details import ServiceDetails
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, look, message, person, save
from tests.support.traces import traces

OFF = RetentionPeriods(
    texts=None, contacts=None, messages=None, deliveries=None, timeline=None, drafts=None, assessments=None
)
WORDS = ("很慢", "谢谢", "chat-mei", "空调", "我来", "修好了", "name-mei", "你好", '{"id":"c-mei"}', "旧的")
WAYS = ("+86 138-0013-mei", "mei@example.com", "street of mei", "desk.example.com/mei", "漏水", "十二楼")


async def _life(writer: Writer) -> None:
    """Let somebody be asked, complain and be helped, all at NOW."""
    customer, contact, ticket = person()
    invitation, interview = asked(state=InterviewState.COMPLETED)
    answers = (Answer("speed", 2, NOW, "很慢", "78"),)
    handled = replace(
        issue(),
        state=IssueState.CLOSED,
        text="很慢",
        quotes=(Quote(NOW, "太慢"),),
        note="修好了",
        closed_at=NOW,
        wake_at=None,
    )
    sent = replace(message(), status=SendingState.SENT, receipt="80")
    await save(
        writer,
        replace(customer, name="name-mei"),
        replace(contact, last_received_at=NOW),
        replace(
            ticket, subject="空调", details=ServiceDetails(station="北站", fault="漏水", fields={"楼层": "十二楼"})
        ),
        invitation,
        replace(interview, answers=answers, comment="谢谢", shown="80"),
        AnswerLog("int_42", 1, "speed", 2, "很慢", NOW, "telegram:1"),
        handled,
        IssueEvent("iss_1", 1, NOW, "claimed", "李工", "我来"),
        sent,
        replace(message("out_2"), purpose=Purpose.REMINDER),
        InboxRow("hook:1", "/hooks/tickets", b"", NOW, InboxOutcome.DONE, '200 {"id":"c-mei"}'),
        InboxRow("telegram:7", "telegram", "旧的".encode(), NOW, InboxOutcome.DONE),
        Token("hash", "c-mei", "telegram", NOW, NOW, used_by="telegram:chat-mei"),
    )


async def test_each_kind_is_emptied_when_its_time_is_over(writer: Writer, store: Store) -> None:
    await _life(writer)
    later = NOW + timedelta(days=366)
    told = await apply_retention(store, writer, RetentionPeriods(), later)
    colleagues = {"assessments": 0}  # which have a test of their own
    assert told == {"texts": 3, "contacts": 4, "messages": 1, "deliveries": 2, "timeline": 2, "drafts": 0} | colleagues
    left = await traces(store, *WORDS, *WAYS, "太慢")
    assert sorted(left) == ["outbox.chat: chat-mei", "prompts.body: 你好"], "what waits to be sent is left"
    rows = await look(writer, Needs(interviews=frozenset({"int_42"}), inbox=frozenset({"hook:1"})))
    talk, delivery = rows.interview("int_42"), rows.inbox_row("hook:1")
    assert talk is not None
    assert delivery is not None
    assert await traces(store, "北站")
    assert [(answer.question, answer.value) for answer in talk.answers] == [("speed", 2)]
    assert delivery.answer == "200 {}"


async def test_a_second_run_finds_nothing(writer: Writer, store: Store) -> None:
    await _life(writer)
    later = NOW + timedelta(days=366)
    await apply_retention(store, writer, RetentionPeriods(), later)
    assert set((await apply_retention(store, writer, RetentionPeriods(), later)).values()) == {0}


async def test_nothing_goes_before_its_time(writer: Writer, store: Store) -> None:
    await _life(writer)
    assert set((await apply_retention(store, writer, RetentionPeriods(), NOW + timedelta(days=29))).values()) == {0}


async def test_a_chat_stays_while_the_team_works_for_its_owner(writer: Writer, store: Store) -> None:
    await save(writer, *person(), issue())
    told = await apply_retention(store, writer, replace(OFF, contacts=timedelta(days=180)), NOW + timedelta(days=400))
    assert told == {"contacts": 0}
    assert await traces(store, "chat-mei")


async def test_what_is_switched_off_is_kept(writer: Writer, store: Store) -> None:
    await _life(writer)
    assert await apply_retention(store, writer, OFF, NOW + timedelta(days=3660)) == {}
    assert {word for word in WORDS if await traces(store, word)} == set(WORDS)


async def test_more_than_a_portion_is_emptied_in_one_run(writer: Writer, store: Store) -> None:
    rows = [InboxRow(f"hook:{n}", "/hooks/tickets", b"", NOW, InboxOutcome.DONE, "200 {1}") for n in range(1203)]
    await save(writer, *rows)
    assert (await apply_retention(store, writer, RetentionPeriods(), NOW + timedelta(days=31)))["deliveries"] == 1203
