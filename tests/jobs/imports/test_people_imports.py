"""Contacts and filled sheets as they are imported, on both databases: what was there is filled, and freed again."""

from datetime import UTC, datetime

import pytest

from bot.control.commands import CONTROL_COMMANDS
from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_progress import ImportProgress
from bot.wiring.services import Services
from scoring.values import replace
from storage.model.filled_forms import FilledForm
from storage.model.import_records import ImportRecord
from storage.model.records import Contact, ContactState, Customer, Ticket
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Decision
from tests.jobs.imports.conftest import ANSWERS, HEAD, Run, Write, answer_rows, finished, ticket_rows
from tests.support.database.dumped import dumped

CONTACTS, TICKETS, RESPONSES, ASSESSMENTS = (
    ImportKind.CONTACTS,
    ImportKind.TICKETS,
    ImportKind.RESPONSES,
    ImportKind.ASSESSMENTS,
)
PEOPLE = ("客户编号", "姓名", "手机", "邮箱", "语言", "时区", "渠道", "聊天账号", "退订")


def people(count: int) -> list[tuple[object, ...]]:
    return [
        (f"c-{n}", f"王{n}", f"1380013{n:04}", f"w{n}@example.com", "en", "Asia/Tokyo", "telegram", 1000 + n, "是")
        for n in range(count)
    ]


async def records(services: Services, kind: type) -> list[object]:
    async with services.store.reading() as session:
        return list(await session.records(kind, all_of(kind)))


async def undone(services: Services, told: ImportProgress) -> ImportRecord:
    assert told.record is not None
    ended = await finished(services, services.imports.undo(told.record.id))
    assert ended.record is not None
    return ended.record


async def save(services: Services, *changed: Customer) -> None:
    await services.receiver.do(Needs(), lambda _: Decision(Changes(changed), None))


async def test_customers_come_with_their_chats_and_their_wish_not_to_be_asked(
    services: Services, runs: Run, writes: Write
) -> None:
    told = await runs(CONTACTS, writes("c.csv", [PEOPLE, *people(20)]))
    assert (told.added, told.refused) == (20, 0)
    customers = [one for one in await records(services, Customer) if isinstance(one, Customer)]
    (first,) = [one for one in customers if one.id == "c-7"]
    assert (first.name, first.phone, first.email) == ("王7", "13800130007", "w7@example.com")
    assert (first.locale, first.timezone) == ("en", "Asia/Tokyo")
    assert all(one.opted_out_at is not None for one in customers)
    chats = [one for one in await records(services, Contact) if isinstance(one, Contact)]
    assert {(one.customer, one.channel, one.chat) for one in chats} == {
        (f"c-{n}", "telegram", f"{1000 + n}") for n in range(20)
    }


async def test_customers_of_tickets_are_filled_and_are_empty_again_once_that_is_taken_back(
    services: Services, runs: Run, writes: Write
) -> None:
    bare = [(*row[:2], "", *row[3:]) for row in ticket_rows(0, 60)]
    await runs(TICKETS, writes("t.csv", [HEAD, *bare]))
    before = await dumped(services.store)
    told = await runs(CONTACTS, writes("c.csv", [PEOPLE, *people(40)]))
    assert told.added == 40
    names = {one.id: one.name for one in await records(services, Customer) if isinstance(one, Customer)}
    assert names["c-3"] == "王3"
    assert (await runs(CONTACTS, writes("again.csv", [PEOPLE, *people(40)]))).same == 40
    assert (await undone(services, told)).why == ""
    assert await dumped(services.store) == before


@pytest.mark.proof
async def test_rows_about_one_customer_fill_each_other(services: Services, runs: Run, writes: Write) -> None:
    head = ("customer", "name", "phone", "channel", "address", "state", "bound_at")
    rows = [
        ("c-1", "王女士", "", "telegram", "1", "", ""),
        ("c-1", "", "13800138000", "telegram", "2", "已屏蔽", "2026-03-02 10:00"),
        ("c-1", "王女士", "13800138000", "telegram", "2", "", ""),
    ]
    before = await dumped(services.store)
    told = await runs(CONTACTS, writes("c.csv", [head, *rows]))
    assert (told.added, told.same) == (2, 1)
    (customer,) = await records(services, Customer)
    assert customer == Customer("c-1", "王女士", phone="13800138000", version=1)
    chats = await records(services, Contact)
    bound = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert Contact("c-1", "telegram", "2", ContactState.BLOCKED, bound, version=1) in chats
    await undone(services, told)
    assert await dumped(services.store) == before


async def test_a_customer_who_did_something_since_stays_as_they_are_then(
    services: Services, runs: Run, writes: Write
) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, ("G1", "c-1", "", "closed", "2026-03-02", "", "")]))
    told = await runs(
        CONTACTS, writes("c.csv", [PEOPLE[:3], ("c-1", "王女士", "13800138000"), ("c-2", "李女士", "13900139000")])
    )
    for customer in await records(services, Customer):
        assert isinstance(customer, Customer)
        await save(services, replace(customer, tier="vip"))
    record = await undone(services, told)
    assert (
        record.why
        == "1 customers and 1 entries about customers are used, named by another import or were changed since, and stay"
    )
    left = {one.id: (one.name, one.tier) for one in await records(services, Customer) if isinstance(one, Customer)}
    assert left == {"c-1": ("王女士", "vip"), "c-2": ("李女士", "vip")}


# -- sheets ----------------------------------------------------------------------------------------------------------

SHEET = ("考核表", "被考核人", "考核周期", "角色", "评分人", "工作量和及时性", "服务质量")


async def items(services: Services) -> tuple[str, ...]:
    return tuple(f"values.{item.id}" for item in services.forms["appraisal_360"].items)


def filled(role: str, rater: str, points: int, count: int) -> tuple[object, ...]:
    return ("appraisal_360", "a17", "2026-Q1", role, rater, *[points] * count)


async def sheets(services: Services) -> dict[str, FilledForm]:
    return {one.rater: one for one in await records(services, FilledForm) if isinstance(one, FilledForm)}


async def test_sheets_count_as_those_that_are_typed_in(services: Services, runs: Run, writes: Write) -> None:
    named = await items(services)
    head = (*SHEET[:5], *named)
    rows = [filled("上级", "赵经理", 5, len(named)), *(filled("同事", f"同事{n}", n + 2, len(named)) for n in range(3))]
    told = await runs(ASSESSMENTS, writes("a.csv", [head, *rows]))
    assert (told.added, told.refused) == (4, 0)
    asked = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q1", "view": "full", "rules": "in_force"}
    result = await CONTROL_COMMANDS["assess results"](services, asked)
    assert isinstance(result, dict)
    assert {one["role"]: (one["raters"], one["mean"]) for one in result["roles"]} == {
        "superior": (1, 100),
        "peer": (3, 60),
    }
    assert result["total"] == 84


async def test_sheets_that_are_taken_back_leave_the_mean_of_the_others_as_it_was(
    services: Services, runs: Run, writes: Write
) -> None:
    named = await items(services)
    head = (*SHEET[:5], *named)
    await runs(ASSESSMENTS, writes("a.csv", [head, *(filled("peer", f"同事{n}", 3, len(named)) for n in range(4))]))
    before = await dumped(services.store)
    assert {one.released for one in (await sheets(services)).values()} == {"60", None}
    more = [filled("peer", f"新同事{n}", 5, len(named)) for n in range(3)]
    told = await runs(ASSESSMENTS, writes("b.csv", [head, *more]))
    assert {one.released for one in (await sheets(services)).values()} == {"60", "100", None}
    assert (await undone(services, told)).why == ""
    assert await dumped(services.store) == before


async def test_of_a_mean_that_was_changed_since_no_sheet_goes_alone(
    services: Services, runs: Run, writes: Write
) -> None:
    named = await items(services)
    head = (*SHEET[:5], *named)
    told = await runs(ASSESSMENTS, writes("a.csv", [head, filled("peer", "同事0", 3, len(named))]))
    other = await runs(
        ASSESSMENTS, writes("b.csv", [head, *(filled("peer", f"新{n}", 5, len(named)) for n in range(2))])
    )
    assert {one.released for one in (await sheets(services)).values()} == {"60", "100"}
    record = await undone(services, told)
    assert record.why == "1 sheets are used, named by another import or were changed since, and stay"
    assert len(await sheets(services)) == 3
    await undone(services, other)
    await undone(services, told)
    assert await sheets(services) == {}


async def test_items_are_known_by_their_names(runs: Run, writes: Write) -> None:
    row = ("appraisal_360", "a17", "2026-Q1", "自评", "a17", "较好", 3)
    told = await runs(ASSESSMENTS, writes("a.csv", [SHEET, row]))
    meant = dict(told.columns)
    assert (meant["考核表"], meant["被考核人"], meant["考核周期"], meant["角色"]) == (
        "form",
        "subject",
        "period",
        "role",
    )
    assert (meant["工作量和及时性"], told.refused) == ("values.amount", 0)


# -- what was in use -------------------------------------------------------------------------------------------------


@pytest.mark.some(1)
@pytest.mark.parametrize("first", ["answers", "tickets"])
async def test_what_stayed_goes_once_nothing_uses_it(services: Services, runs: Run, writes: Write, first: str) -> None:
    before = await dumped(services.store)
    brought = await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 20)]))
    answers = await runs(RESPONSES, writes("r.csv", [ANSWERS, *answer_rows(5, 3)]))
    if first == "tickets":
        record = await undone(services, brought)
        assert record.why == "3 tickets are used, named by another import or were changed since, and stay"
        assert len(await records(services, Ticket)) == 3
    await undone(services, answers)
    assert (await undone(services, brought)).why == ""
    after = await dumped(services.store)
    assert {name: rows for name, rows in after.items() if name != "rating_rollups"} == {
        name: rows for name, rows in before.items() if name != "rating_rollups"
    }


async def test_what_stayed_is_there_already_for_the_same_file_and_goes_with_it(
    services: Services, runs: Run, writes: Write
) -> None:
    path = writes("t.csv", [HEAD, *ticket_rows(0, 20)])
    brought = await runs(TICKETS, path)
    answers = await runs(RESPONSES, writes("r.csv", [ANSWERS, *answer_rows(5, 3)]))
    await undone(services, brought)
    again = await runs(TICKETS, path)
    assert (again.added, again.same) == (17, 3)
    await undone(services, answers)
    assert (await undone(services, again)).why == ""
    assert await records(services, Ticket) == []
