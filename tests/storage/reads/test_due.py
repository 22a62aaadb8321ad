"""What the scheduler, the API and the operator read."""

from datetime import datetime

from dialogs.ids import Ref, RefKind
from dialogs.interview.model import InterviewState
from dialogs.issue.model import Issue, IssueState
from dialogs.messages import Address, Prompt
from dialogs.outbox.model import SendingState
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import (
    InboxOutcome,
    InboxRow,
    IssueEvent,
    OutboxMessage,
    Purpose,
    StoredSurvey,
    Ticket,
    TicketStatus,
)
from storage.reads import details
from storage.reads import due as read
from storage.reads.due import DUE_TABLES
from storage.reads.inbox import count_failed, list_failed
from storage.reads.reader import Reader
from storage.reads.transcript import TranscriptLine
from storage.schema.tables import METADATA
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, inbox_row, issue, message, person, save, settle, soon

# -- what is due ----------------------------------------------------------------------------------------------


async def test_what_is_due_comes_longest_due_first(store: Store, writer: Writer) -> None:
    invitation, interview = asked()
    await save(
        writer,
        *person(),
        replace(invitation, wake_at=soon(minutes=2)),
        replace(interview, expires_at=soon(minutes=1)),
        replace(issue("iss_1"), wake_at=soon(minutes=3)),
        replace(issue("iss_2"), wake_at=soon(minutes=9)),
        replace(issue("iss_3"), wake_at=None),
    )
    everything = [Ref(RefKind.INTERVIEW, "int_42"), Ref(RefKind.INVITATION, "inv_42"), Ref(RefKind.ISSUE, "iss_1")]
    assert await read.due_refs(store, soon(minutes=3), 10) == everything
    assert await read.due_refs(store, soon(minutes=3), 2) == everything[:2]
    assert await read.due_refs(store, NOW, 10) == []
    assert await read.next_wake(store) == soon(minutes=1)


async def test_while_the_time_is_in_doubt_what_would_end_is_not_due(store: Store, writer: Writer) -> None:
    invitation, interview = asked()
    solved = replace(issue("iss_1"), state=IssueState.RESOLVED, wake_at=soon(days=2))
    await save(
        writer,
        *person(),
        replace(invitation, wake_at=soon(hours=1)),
        replace(interview, remind_at=soon(hours=12)),
        solved,
        replace(issue("iss_2"), wake_at=soon(days=2)),
    )
    later = soon(days=7)
    by_itself, contradicted = Doubt(soon(minutes=5), later), Doubt(None, later, is_contradicted=True)
    assert len(await read.due_refs(store, later, 10)) == 4
    assert await read.due_refs(store, later, 10, by_itself) == [Ref(RefKind.ISSUE, "iss_2")]
    assert await read.due_refs(store, later, 10, contradicted) == []
    young = Doubt(soon(minutes=5), soon(hours=20))
    assert len(await read.due_refs(store, soon(hours=20), 10, young)) == 2, "an ask and a reminder end nothing"
    known = Doubt(soon(days=6), later, is_contradicted=True)
    assert len(await read.due_refs(store, later, 10, known)) == 4, "what lies before the last time known has passed"


def test_every_table_with_a_moment_to_wake_is_looked_at() -> None:
    sleeping = {table.name for table in METADATA.sorted_tables if "wake_at" in table.columns}
    by_a_job_of_their_own = {"report_runs"}  # bot/jobs/reports/scheduled_reports.py
    assert {table.name for table in DUE_TABLES.values()} | by_a_job_of_their_own == sleeping


async def test_where_nothing_is_planned_nothing_wakes_us(store: Store) -> None:
    assert await read.next_wake(store) is None
    assert await read.due_refs(store, NOW, 10) == []


# -- one thing ------------------------------------------------------------------------------------------------


async def test_a_ticket_comes_with_its_customer_and_its_last_closing(store: Store, writer: Writer) -> None:
    first, _ = asked()
    second = replace(first, id="inv_2", closing=2)
    talk = replace(asked()[1], invitation="inv_2")
    await save(writer, *person(), first, second, talk)
    found = await details.find_ticket(store, "desk", "42")
    assert found is not None
    assert found.customer.id == found.ticket.customer == "c-mei"
    assert [contact.chat for contact in found.contacts] == ["chat-mei"]
    assert found.invitation is not None
    assert found.invitation.closing == 2
    assert found.interview is not None
    assert found.interview.invitation == "inv_2"


async def test_a_ticket_may_never_have_been_closed_or_not_exist(store: Store, writer: Writer) -> None:
    await save(writer, person()[0], Ticket("desk", "1", "c-mei", TicketStatus.OPEN))
    found = await details.find_ticket(store, "desk", "1")
    assert found is not None
    assert (found.invitation, found.interview, found.contacts) == (None, None, ())
    assert await details.find_ticket(store, "desk", "2") is None


async def test_an_issue_comes_with_its_timeline_in_order(store: Store, writer: Writer) -> None:
    lines = [IssueEvent("iss_1", number, NOW, "opened") for number in (10, 2, 1)]
    await save(writer, issue(), *lines, issue("iss_2"), IssueEvent("iss_2", 1, NOW, "opened"))
    found = await details.find_issue(store, "iss_1")
    assert found is not None
    assert [line.number for line in found.timeline] == [1, 2, 10]
    assert await details.find_issue(store, "iss_9") is None


async def test_surveys_ever_asked_are_all_there(store: Store, writer: Writer) -> None:
    rows = [StoredSurvey("after_service", 1, "{}", NOW), StoredSurvey("after_service", 2, "{}", NOW)]
    await save(writer, *rows)
    assert sorted(await Reader(store).surveys(), key=lambda row: row.number) == rows


# -- how it goes ----------------------------------------------------------------------------------------------


async def test_what_failed_is_listed_oldest_first(store: Store, writer: Writer) -> None:
    def failed(key: str, at: datetime) -> InboxRow:
        return replace(inbox_row(key, InboxOutcome.FAILED), received_at=at)

    await save(writer, failed("b", soon(seconds=1)), failed("c", NOW), inbox_row("a"))
    first = await list_failed(store, None, None, 1)
    assert [kept.row.key for kept in (await list_failed(store, None, None, 10)).items] == ["c", "b"]
    assert [kept.row.key for kept in first.items] == ["c"]
    assert [kept.row.key for kept in (await list_failed(store, None, first.next, 1)).items] == ["b"]
    assert await count_failed(store) == 2


# -- a chat ---------------------------------------------------------------------------------------------------


async def test_a_sandbox_chat_reads_as_it_was_said_with_messages_in_their_last_wording(
    store: Store, writer: Writer
) -> None:
    def ours(id_: str, text: str, edits: str | None = None) -> OutboxMessage:
        return replace(message(id_, edits=edits), channel="sandbox", chat="phone", prompt=Prompt(text))

    heard = replace(inbox_row("sandbox:1"), door="sandbox:phone", received_at=soon(seconds=7), raw=b"3")
    other = replace(inbox_row("sandbox:2"), door="sandbox:team")
    await save(writer, *person(), ours("a", "快不快？"), heard, other)
    await save(writer, settles=(settle("a", SendingState.SENT, receipt="9"),))
    await save(writer, ours("b", "好不好？", "a"), ours("c", "waiting", "a"), ours("d", "谢谢"))
    await save(writer, settles=(settle("b", SendingState.SENT, receipt="9"),))
    assert await Reader(store).transcript(Address("sandbox", "phone")) == [
        TranscriptLine(soon(seconds=5), "9", Prompt("快不快？"), purpose=Purpose.SURVEY),
        TranscriptLine(soon(seconds=7), "sandbox:1", raw=b"3"),
    ]


async def test_settled_and_unsettled_things_alike_can_be_read(store: Store, writer: Writer) -> None:
    await save(writer, *person(), *asked(state=InterviewState.COMPLETED), issue())
    found = await details.find_issue(store, "iss_1")
    assert found is not None
    assert isinstance(found.issue, Issue)
