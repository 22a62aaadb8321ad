"""An import as it runs, on both databases: looked through first, stored in chunks, each row once, and taken back."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.control.commands import CONTROL_COMMANDS
from bot.handlers.surveys import tickets
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.imports.table_columns import ImportKind
from bot.imports.unreadable import UnreadableFile
from bot.jobs.imports.import_run import ImportOrder
from bot.wiring.services import Services
from config.surveys.canonical_json import survey_json
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from scoring.values import replace
from storage.bulk.import_register import find_import, move_import
from storage.model.errors import InUse
from storage.model.import_records import ImportState
from storage.model.records import Ticket, TicketStatus
from storage.rollups.sums import rebuild
from storage.schema import tables as t
from storage.schema.register_tables import import_chunks
from storage.unit_of_work.selects import all_of
from tests.jobs.imports.conftest import ANSWERS, HEAD, Run, Write, answer_rows, finished, ticket_rows
from tests.support.database.dumped import dumped

TICKETS, RESPONSES, REVIEWS = ImportKind.TICKETS, ImportKind.RESPONSES, ImportKind.REVIEWS
QUIET = ("issues", "issue_events", "outbox", "attempts", "prompts", "campaign_targets")
"""Tables in which something would stand if anybody were asked or alerted."""


async def records(services: Services, kind: type) -> list[object]:
    async with services.store.reading() as session:
        return list(await session.records(kind, all_of(kind)))


async def test_a_file_is_stored_chunk_by_chunk_and_nobody_is_asked(
    services: Services, runs: Run, writes: Write
) -> None:
    told = await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 100)]))
    assert (told.phase, told.rows, told.added, told.same, told.refused) == ("done", 100, 100, 0, 0)
    asks = await records(services, Invitation)
    assert len(asks) == 100
    assert {(ask.state, ask.reason, ask.wake_at) for ask in asks if isinstance(ask, Invitation)} == {
        (InvitationState.SUPPRESSED, InvitationReason.IMPORTED, None)
    }
    async with services.store.reading() as session:
        assert len(await session.fetch(select(import_chunks.c.number))) == 15
    stored = await dumped(services.store)
    assert {name: stored[name] for name in QUIET} == {name: [] for name in QUIET}


async def test_answers_raise_nothing_however_low_they_are(services: Services, runs: Run, writes: Write) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 30)]))
    rows = [(f"import/G{n}", "paper", "2026-11-20 12:00", 1, "我要投诉，退款！") for n in range(30)]
    told = await runs(RESPONSES, writes("r.csv", [ANSWERS, *rows]))
    assert told.added == 30
    stored = await dumped(services.store)
    assert {name: stored[name] for name in QUIET} == {name: [] for name in QUIET}
    assert len(stored["interviews"]) == 30


async def test_of_wrong_rows_none_is_taken_unless_it_is_said(services: Services, runs: Run, writes: Write) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 50, bad=(3, 40))])
    before = await dumped(services.store)
    told = await runs(TICKETS, path)
    assert (told.rows, told.refused, [row for row, _ in told.mistakes]) == (50, 2, [5, 42])
    assert told.record is not None
    assert (told.record.state, told.record.why) == (ImportState.REFUSED, "2 of 50 rows are wrong")
    assert await dumped(services.store) == before
    taken = await runs(TICKETS, path, take_good=True)
    assert (taken.added, taken.refused) == (48, 2)
    listed = await asyncio.to_thread(Path(taken.errors).read_text, "utf-8-sig")
    assert listed.splitlines()[1:] == [
        "5,closed_at,?,is no date and time,write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z",
        "42,closed_at,?,is no date and time,write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z",
    ]


async def test_rows_that_were_wrong_are_tried_again_with_the_same_file(
    services: Services, runs: Run, writes: Write
) -> None:
    answers = writes("r.csv", [ANSWERS, *answer_rows(0, 20)])
    await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 10)]))
    first = await runs(RESPONSES, answers, take_good=True)
    assert (first.added, first.refused) == (10, 10)
    await runs(TICKETS, writes("more.csv", [HEAD, *ticket_rows(10, 10)]))
    again = await runs(RESPONSES, answers)
    assert (again.added, again.same, again.refused) == (10, 10, 0)
    assert again.record is not None
    key = services.imports.undo(again.record.id)
    await finished(services, key)
    assert await records(services, Interview) == []


async def test_a_trial_stores_nothing_at_all(services: Services, runs: Run, writes: Write) -> None:
    before = await dumped(services.store)
    told = await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 20)]), is_trial=True)
    assert (told.record, told.rows, told.added) == (None, 20, 20)
    assert told.columns[0] == ("ticket", "ticket")
    assert told.first[0]["customer.name"] == "王0"
    assert await dumped(services.store) == before
    assert list(await services.imports.listed()) == []


async def test_the_same_file_again_and_again_changes_nothing(services: Services, runs: Run, writes: Write) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 40)])
    await runs(TICKETS, path)
    before = await dumped(services.store)
    for _ in range(3):
        told = await runs(TICKETS, path)
        assert (told.added, told.same) == (0, 40)
    assert await dumped(services.store) == before
    assert len(await services.imports.listed()) == 1


async def test_rows_twice_in_one_file_are_stored_once(services: Services, runs: Run, writes: Write) -> None:
    told = await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 10), *ticket_rows(5, 10)]), take_good=True)
    assert len(await records(services, Ticket)) == 15
    assert (told.added, told.same) == (15, 5)


async def test_an_import_that_breaks_off_goes_on_where_it_was(services: Services, runs: Run, writes: Write) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 400)])
    key = services.imports.start(ImportOrder(TICKETS, path, path.name, chunk=5))
    job = services.imports.job(key)
    assert job is not None
    while not (job.progress.phase == "storing" and job.progress.added):  # noqa: ASYNC110 (nothing tells of a chunk)
        await asyncio.sleep(0)
    await services.imports.stop()
    (record,) = await services.imports.listed()
    assert record.state is ImportState.FAILED
    assert 0 < record.position < 401
    stored = len(await records(services, Ticket))
    assert stored == record.added
    told = await runs(TICKETS, path)
    assert told.record is not None
    assert (told.added, told.record.added, told.record.state) == (400, 400, ImportState.DONE)
    assert len(await records(services, Ticket)) == 400


async def test_undo_leaves_the_database_as_it_was(services: Services, runs: Run, writes: Write) -> None:
    await rebuild(services.store, services.writer, services.receiver.policy.timezone)
    await runs(TICKETS, writes("old.csv", [HEAD, *ticket_rows(0, 20)]))
    await runs(RESPONSES, writes("paper.csv", [ANSWERS, *answer_rows(0, 10)]))
    before = await dumped(services.store)
    await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(20, 60)]))
    middle = await dumped(services.store)
    told = await runs(RESPONSES, writes("r.csv", [ANSWERS, *answer_rows(10, 60)]))
    assert told.record is not None
    await finished(services, services.imports.undo(told.record.id))
    assert await dumped(services.store) == middle
    record = (await services.imports.listed())[0]
    undone = next(one for one in await services.imports.listed() if one.file == "t.csv")
    await finished(services, services.imports.undo(undone.id))
    assert await dumped(services.store) == before
    assert record.file in {"t.csv", "r.csv"}


@pytest.mark.proof
async def test_rows_that_a_second_import_names_stay_until_it_is_taken_back_as_well(
    services: Services, runs: Run, writes: Write
) -> None:
    first = await runs(ImportKind.TICKETS, writes("one.csv", [HEAD, *ticket_rows(0, 10)]))
    file = writes("two.csv", [HEAD, *ticket_rows(5, 10)])
    told = await runs(ImportKind.TICKETS, file)
    assert first.record is not None
    assert (told.added, told.same) == (5, 5)
    await finished(services, services.imports.undo(first.record.id))
    again = await runs(ImportKind.TICKETS, file)
    assert (again.added, again.same) == (0, 10), "they are all there"
    assert again.record is not None
    await finished(services, services.imports.undo(again.record.id))
    untouched = await runs(ImportKind.TICKETS, writes("one.csv", [HEAD, *ticket_rows(0, 15)]), is_trial=True)
    assert (untouched.added, untouched.same) == (15, 0)


async def test_tickets_about_which_another_import_has_answers_stay_with_them(
    services: Services, runs: Run, writes: Write
) -> None:
    await rebuild(services.store, services.writer, services.receiver.policy.timezone)
    brought = await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 20)]))
    await runs(RESPONSES, writes("r.csv", [ANSWERS, *answer_rows(5, 3)]))
    assert brought.record is not None
    told = await finished(services, services.imports.undo(brought.record.id))
    assert told.record is not None
    assert told.record.why == "3 tickets are used, named by another import or were changed since, and stay"
    left = [one.id for one in await records(services, Ticket) if isinstance(one, Ticket)]
    assert sorted(left) == ["G5", "G6", "G7"]
    assert len(await records(services, Interview)) == 3


@pytest.mark.proof
async def test_an_import_of_which_a_part_is_taken_back_is_taken_back_first(
    services: Services, runs: Run, writes: Write
) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 30)])
    brought = await runs(TICKETS, path)
    assert brought.record is not None
    await move_import(services.writer, brought.record.id, ImportState.UNDOING)  # as a kill leaves it
    with pytest.raises(InUse, match=f"`huifang import undo {brought.record.id}` ends that first"):
        await runs(TICKETS, path)
    await finished(services, services.imports.undo(brought.record.id))
    assert (await runs(TICKETS, path)).added == 30


@pytest.mark.proof
async def test_what_is_taken_back_while_it_runs_is_taken_back_whole(services: Services, writes: Write) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 200)])
    job = services.imports.job(services.imports.start(ImportOrder(TICKETS, path, path.name, chunk=7)))
    assert job is not None
    while job.progress.record is None or job.progress.added < 20:  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(0)
    undone = await finished(services, services.imports.undo(job.progress.record.id))
    assert undone.record is not None
    assert (job.is_over, undone.record.state) == (True, ImportState.UNDONE)
    assert await records(services, Ticket) == []


async def test_a_ticket_of_an_import_is_its_help_desks_again_once_that_tells_of_it(
    services: Services, runs: Run, writes: Write
) -> None:
    row = ("G1", "c-1", "王女士", "处理中", "", "north", "空调不制冷")
    await runs(TICKETS, writes("t.csv", [HEAD, row]))
    assert await services.reader.open_tickets() == []  # no clock of it runs
    event = TicketEvent("import", "G1", TicketStatus.OPEN, CustomerEvent("c-1"), subject="空调还是不制冷")
    policy = services.receiver.policy
    await services.receiver.do(tickets.needs(event, policy), lambda context: tickets.put(context, event))
    ((ticket, _),) = await services.reader.open_tickets()
    assert (ticket.imported, ticket.subject) == ("", "空调还是不制冷")


async def test_what_is_closed_after_the_import_is_asked_about(services: Services, runs: Run, writes: Write) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, ("G1", "c-1", "王女士", "closed", "2026-03-02", "north", "")]))
    policy = services.receiver.policy
    for status in (TicketStatus.REOPENED, TicketStatus.CLOSED):
        event = TicketEvent("import", "G1", status, CustomerEvent("c-1", contacts=(("sandbox", "1"),)))
        await services.receiver.do(tickets.needs(event, policy), partial(tickets.put, event=event))
    asks = {ask.closing: ask.state for ask in await records(services, Invitation) if isinstance(ask, Invitation)}
    assert asks == {1: InvitationState.SUPPRESSED, 2: InvitationState.SCHEDULED}


async def test_reviews_count_once_by_their_number(services: Services, runs: Run, writes: Write) -> None:
    head = ("平台", "评论编号", "星级", "评论内容", "评论时间")
    rows = [("jd", f"R{n}", n % 5 + 1, "很好", "2026-03-05") for n in range(20)]
    assert (await runs(REVIEWS, writes("v.csv", [head, *rows]))).added == 20
    assert (await runs(REVIEWS, writes("more.csv", [head, *rows, ("tmall", "R1", 1, "差", "2026-03-05")]))).added == 1
    interviews = await records(services, Interview)
    assert {one.channel for one in interviews if isinstance(one, Interview)} == {"platform"}


async def test_only_one_import_runs_at_a_time(services: Services, writes: Write) -> None:
    orders = [ImportOrder(TICKETS, writes(f"{n}.csv", [HEAD, *ticket_rows(n * 10, 10)]), f"{n}.csv") for n in range(3)]
    keys = [services.imports.start(order) for order in orders]
    told = [await finished(services, key) for key in keys]
    assert [one.added for one in told] == [10, 10, 10]


async def test_a_job_is_asked_after_as_the_control_socket_does(services: Services, writes: Write) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 5, bad=(2,))])
    started = await CONTROL_COMMANDS["import start"](
        services, {"kind": "tickets", "path": str(path), "by": "李工", "take_good": True}
    )
    assert isinstance(started, dict)
    await finished(services, started["job"])
    told = await CONTROL_COMMANDS["import look"](services, started)
    assert isinstance(told, dict)
    assert (told["is_over"], told["added"], told["refused"], told["rows"]) == (True, 4, 1, 5)
    assert told["mistakes"] == [
        {
            "row": 4,
            "column": "closed_at",
            "value": "?",
            "problem": "is no date and time",
            "fix": "write it as 2026-11-22 10:30 or 2026-11-22T02:30:00Z",
        }
    ]
    assert told["import"]["by"] == "李工"
    listed = await CONTROL_COMMANDS["import list"](services, {})
    assert isinstance(listed, dict)
    assert [one["id"] for one in listed["items"]] == [told["import"]["id"]]


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("import start", {"kind": "colours", "path": "/x"}, "there is no kind 'colours', only tickets, responses"),
        ("import start", {"kind": "tickets", "path": "/none"}, "/none is no file that the service can read"),
        ("import undo", {"id": "imp_none"}, "there is no import imp_none; huifang import list shows them"),
        ("import look", {"job": "1"}, "the service was started anew meanwhile"),
    ],
)
async def test_what_cannot_be_is_told(services: Services, name: str, arguments: dict[str, str], sentence: str) -> None:
    with pytest.raises(Exception, match=sentence):
        await CONTROL_COMMANDS[name](services, arguments)


async def test_a_file_that_cannot_be_read_fails_with_its_sentence(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"\x89PNG\0\0")
    key = services.imports.start(ImportOrder(TICKETS, path, "t.csv"))
    with pytest.raises(UnreadableFile, match=r"t\.csv is no text"):
        await finished(services, key)
    (record,) = await services.imports.listed()
    assert record.state is ImportState.FAILED
    found = await find_import(services.store, record.id)
    assert found is not None
    assert found.ended_at is not None
    assert found.why == "t.csv is no text; save it as CSV in UTF-8, or as an .xlsx workbook"


@pytest.mark.parametrize("bad", [(), (3,)])
async def test_where_wrong_rows_cannot_be_told_that_is_said_and_nothing_is_stored(
    services: Services, writes: Write, tmp_path: Path, bad: tuple[int, ...]
) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 20, bad=bad)])
    (tmp_path / "taken").mkdir()
    nowhere = tmp_path / "taken" if not bad else tmp_path / "gone" / "t.csv.errors.csv"
    order = ImportOrder(TICKETS, path, path.name, take_good=True, errors=nowhere)
    with pytest.raises(UnreadableFile, match=r"which rows are wrong cannot be written into .*; import a copy"):
        await finished(services, services.imports.start(order))
    assert await records(services, Ticket) == []
    again = await finished(services, services.imports.start(replace(order, errors=None)))
    assert (again.added, again.refused) == (20 - len(bad), len(bad))


async def test_an_erased_customer_does_not_come_back(services: Services, runs: Run, writes: Write) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(1, 1)]))
    await CONTROL_COMMANDS["customer forget"](services, {"customer": "c-1"})
    told = await runs(TICKETS, writes("more.csv", [HEAD, ("G99", "c-1", "王女士", "closed", "2026-03-02", "", "")]))
    assert [one.problem for _, one in told.mistakes] == ["was erased, and nothing of them is kept"]
    async with services.store.reading() as session:
        names = {name for (name,) in await session.fetch(select(t.customers.c.name))}
    assert names == {""}


async def test_answers_of_a_survey_that_only_an_export_knows_follow_its_versions(
    services: Services, runs: Run, writes: Write
) -> None:
    shipped = services.receiver.policy.survey("feedback")
    versions = [replace(shipped, id="shop", version=number) for number in (3, 4)]
    answers = writes(
        "r.csv",
        [
            ("customer", "survey", "version", "given_at", "answers.overall"),
            *((f"c-{number}", "shop", number, "2026-03-02 10:30", 4) for number in (3, 4)),
        ],
    )
    told = await runs(RESPONSES, answers)
    assert [(row, one.problem) for row, one in told.mistakes] == [
        (2, "is no survey that is known here"),
        (3, "is no survey that is known here"),
    ]
    assert told.mistakes[0][1].fix.startswith("import the surveys.csv of that export first, or write one of ")
    table = [("survey", "version", "definition"), *((one.id, one.version, survey_json(one)) for one in versions)]
    told = await runs(ImportKind.SURVEYS, writes("s.csv", table))
    assert (told.added, told.same, told.refused) == (2, 0, 0)
    told = await runs(RESPONSES, answers)
    assert (told.added, told.refused) == (2, 0)
    found = [one.survey for one in await records(services, Interview) if isinstance(one, Interview)]
    assert sorted(found) == [("shop", 3), ("shop", 4)]
    assert (await runs(ImportKind.SURVEYS, writes("t.csv", table[:2]))).same == 1


async def test_rows_are_told_by_their_number_on_the_clocks_of_the_owner(runs: Run, writes: Write) -> None:
    head = ("ticket", "customer", "closed_at", "contacts", "customer_signed", "tags")
    row = ("G1", "c-1", "2026-03-02T16:00:00Z", "telegram:1001;telegram:1002", "是", "急;急件")
    told = await runs(TICKETS, writes("t.csv", [("工单明细",), head, row]))
    assert told.first == [
        {
            "row": "3",
            "ticket": "G1",
            "customer": "c-1",
            "closed_at": "2026-03-03 00:00:00",
            "contacts": "telegram:1001;telegram:1002",
            "customer_signed": "true",
            "tags": "急;急件",
        }
    ]


async def test_of_very_many_wrong_rows_each_is_counted_once(runs: Run, writes: Write) -> None:
    bad = [("", f"c-{number}", "2026-03-02") for number in range(500)]
    path = writes("t.csv", [("ticket", "customer", "closed_at"), *bad, ("G1", "c-1", "2026-03-02")])
    told = await runs(TICKETS, path, take_good=True)
    assert (told.rows, told.refused, told.added, len(told.mistakes)) == (501, 500, 1, 10)
    assert (await asyncio.to_thread(Path(told.errors).read_text, "utf-8-sig")).count("\n") == 501
