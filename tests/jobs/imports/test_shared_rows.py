"""What two imports name stays when one of them is taken back, and goes with the other; fields likewise."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_progress import ImportProgress
from bot.wiring.services import Services
from storage.model.filled_forms import FilledForm
from storage.model.import_records import ImportRecord
from storage.model.records import Contact, Customer
from storage.unit_of_work.selects import all_of
from tests.jobs.imports.conftest import ANSWERS, HEAD, Run, Write, answer_rows, finished, ticket_rows
from tests.support.database.dumped import dumped
from tests.support.traces import traces

TICKETS, CONTACTS, RESPONSES = ImportKind.TICKETS, ImportKind.CONTACTS, ImportKind.RESPONSES
PEOPLE = ("customer", "name", "phone", "channel", "address")
BOTH = [("c-1", "王女士", "13800138000", "telegram", "1"), ("c-2", "李女士", "13900139000", "telegram", "2")]
Table = tuple[ImportKind, Sequence[Sequence[object]], Sequence[Sequence[object]]]
TABLES: dict[str, Table] = {
    "chats": (CONTACTS, [PEOPLE, *BOTH], [PEOPLE, BOTH[0], ("c-3", "赵女士", "", "telegram", "3")]),
    "tickets": (TICKETS, [HEAD, *ticket_rows(0, 20)], [HEAD, *ticket_rows(10, 20)]),
    "chats of tickets": (
        TICKETS,
        [(*HEAD, "contacts"), *((*row, f"telegram:{1000 + n}") for n, row in enumerate(ticket_rows(0, 9)))],
        [(*HEAD, "contacts"), *((*row, f"telegram:{1000 + n}") for n, row in enumerate(ticket_rows(30, 9)))],
    ),
}


async def undone(services: Services, told: ImportProgress) -> ImportRecord:
    assert told.record is not None
    ended = await finished(services, services.imports.undo(told.record.id))
    assert ended.record is not None
    return ended.record


async def keys(services: Services, kind: type) -> set[str]:
    """Return what there is of a kind, by id or chat."""
    async with services.store.reading() as session:
        found: list[Any] = await session.records(kind, all_of(kind))
    return {getattr(one, "chat", "") or one.id for one in found}


@pytest.mark.some(2)
@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("first", [0, 1])
async def test_in_whichever_order_two_are_taken_back_nothing_of_both_is_left(
    services: Services, runs: Run, writes: Write, name: str, first: int
) -> None:
    kind, *tables = TABLES[name]
    before = await dumped(services.store)
    told = [await runs(kind, writes(f"{n}.csv", table)) for n, table in enumerate(tables)]
    alone = await dumped(services.store)
    await undone(services, told[first])
    assert await dumped(services.store) != alone
    again = await runs(kind, writes(f"{first}.csv", tables[first]))
    assert {len(rows) for rows in (await dumped(services.store)).values()} == {len(rows) for rows in alone.values()}
    for one in (again, told[1 - first]):
        await undone(services, one)
    assert await dumped(services.store) == before


async def test_a_chat_that_the_other_one_names_stays_and_one_that_it_does_not_goes(
    services: Services, runs: Run, writes: Write
) -> None:
    kind, brings, names = TABLES["chats"]
    told = await runs(kind, writes("a.csv", brings))
    other = await runs(kind, writes("b.csv", names))
    assert (other.added, other.same) == (1, 1)
    record = await undone(services, told)
    assert record.why == "1 customers and 1 chats are used, named by another import or were changed since, and stay"
    assert await keys(services, Contact) == {"1", "3"}
    assert await keys(services, Customer) == {"c-1", "c-3"}
    assert (await undone(services, other)).why == ""
    assert (await keys(services, Contact), await keys(services, Customer)) == (set(), set())


async def test_of_a_customer_those_fields_stay_that_the_other_one_tells_too(
    services: Services, runs: Run, writes: Write
) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, ("G1", "c-1", "", "closed", "2026-03-02", "", "")]))
    before = await dumped(services.store)
    told = await runs(CONTACTS, writes("a.csv", [PEOPLE[:3], BOTH[0][:3]]))
    other = await runs(CONTACTS, writes("b.csv", [PEOPLE[:2], BOTH[0][:2]]))
    record = await undone(services, told)
    assert record.why == "1 entries about customers are used, named by another import or were changed since, and stay"
    async with services.store.reading() as session:
        (customer,) = await session.records(Customer, all_of(Customer))
    assert (customer.name, customer.phone) == ("王女士", "")
    await undone(services, other)
    assert await dumped(services.store) == before


async def test_answers_that_both_bring_stay_with_their_ratings_and_sums(
    services: Services, runs: Run, writes: Write
) -> None:
    await runs(TICKETS, writes("t.csv", [HEAD, *ticket_rows(0, 20)]))
    before = await dumped(services.store)
    told = await runs(RESPONSES, writes("a.csv", [ANSWERS, *answer_rows(0, 20)]))
    other = await runs(RESPONSES, writes("b.csv", [ANSWERS, *answer_rows(0, 7)]))
    assert (other.added, other.same) == (0, 7)
    assert (await undone(services, told)).why.startswith("7 responses are used, named by another import")
    half = await dumped(services.store)
    assert (len(half["interviews"]), len(half["ratings"]), len(half["invitations"])) == (7, 7, 27)
    assert sum(int(str(row[-1])) for row in half["rating_rollups"] if row[0] == "day") == 7
    await undone(services, other)
    assert await dumped(services.store) == before


async def test_a_sheet_that_both_bring_stays(services: Services, runs: Run, writes: Write) -> None:
    named = tuple(f"values.{item.id}" for item in services.forms["appraisal_360"].items)
    head = ("form", "subject", "period", "role", "rater", *named)
    rows = [("appraisal_360", "a17", "2026-Q1", "superior", f"经理{n}", *[4] * len(named)) for n in range(2)]
    told = await runs(ImportKind.ASSESSMENTS, writes("a.csv", [head, *rows]))
    other = await runs(ImportKind.ASSESSMENTS, writes("b.csv", [head, rows[0]]))
    assert other.same == 1
    await undone(services, told)
    assert len(await keys(services, FilledForm)) == 1
    await undone(services, other)
    assert await keys(services, FilledForm) == set()


async def test_claims_hold_no_word_of_whom_they_are_about(services: Services, runs: Run, writes: Write) -> None:
    kind, brings, names = TABLES["chats"]
    for number, table in enumerate((brings, names)):
        await runs(kind, writes(f"{number}.csv", table))
    found = await traces(services.store, "c-1", "13800138000")
    assert not [one for one in found if one.startswith("import_claims")]
