"""A row of tickets becomes a ticket with customer and closing, about which nobody is asked, or says what is wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.handlers.imported.row_outcomes import ImportTerms, RefusedRow, TakenRow
from bot.handlers.imported.ticket_rows import judge_ticket, ticket_keys
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from storage.bulk.stored_rows import RowKeys, StoredRows
from storage.model.fact_records import Closing
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.model.service_details import Rework, ServiceDetails
from tests.support.stage.scene import NOW, POLICY

TERMS = ImportTerms("imp_1", POLICY, NOW, "李工")
CLOSED = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
ROW: dict[str, Any] = {"source": "desk", "ticket": "G1", "customer": "c-1", "closed_at": CLOSED}


def taken(stored: StoredRows | None = None, /, **cells: object) -> dict[type, Any]:
    outcome = judge_ticket(TERMS, ROW | cells, stored or StoredRows())
    assert isinstance(outcome, TakenRow)
    return {type(record): record for record in (*outcome.records, *outcome.followers())}


def wrong(stored: StoredRows | None = None, /, **cells: object) -> list[tuple[str, str, str]]:
    given = {name: value for name, value in (ROW | cells).items() if value is not None}
    outcome = judge_ticket(TERMS, given, stored or StoredRows())
    assert isinstance(outcome, RefusedRow)
    return [(one.column, one.value, one.problem) for one in outcome.mistakes]


def test_a_closed_ticket_is_stored_with_its_closing_and_nobody_is_asked() -> None:
    found = taken(None, **{"customer.name": "王女士", "agent.id": "a1", "agent.name": "李工", "team": "north"})
    assert list(found) == [Customer, Ticket, Closing, Invitation]
    assert found[Customer] == Customer("c-1", "王女士")
    ticket = found[Ticket]
    assert (ticket.status, ticket.closing, ticket.closed_at, ticket.imported) == (
        TicketStatus.CLOSED,
        1,
        CLOSED,
        "imp_1",
    )
    closing = found[Closing]
    assert (closing.number, closing.closed_at, closing.agent_id, closing.team) == (1, CLOSED, "a1", "north")
    ask = found[Invitation]
    assert (ask.state, ask.reason, ask.wake_at) == (InvitationState.SUPPRESSED, InvitationReason.IMPORTED, None)
    assert (ask.agent_id, ask.agent_name, ask.team, ask.closed_at) == ("a1", "李工", "north", CLOSED)


def test_an_open_ticket_has_no_closing() -> None:
    found = taken(status="处理中", closed_at=CLOSED)
    assert list(found) == [Customer, Ticket]
    assert (found[Ticket].status, found[Ticket].closing) == (TicketStatus.OPEN, 0)


def test_the_status_follows_from_the_closing_where_it_is_not_told() -> None:
    assert taken()[Ticket].status is TicketStatus.CLOSED
    row = {name: value for name, value in ROW.items() if name != "closed_at"}
    outcome = judge_ticket(TERMS, row, StoredRows())
    assert isinstance(outcome, TakenRow)
    assert [type(one) for one in outcome.records] == [Customer, Ticket]


@pytest.mark.row("S3-09")
@pytest.mark.row("S0-09")
@pytest.mark.row("S1-70")
@pytest.mark.row("S1-76")
@pytest.mark.row("S3-12")
@pytest.mark.row("S3-30")
@pytest.mark.row("S4-03")
def test_what_a_service_report_says_comes_with_the_ticket() -> None:
    told: dict[str, Any] = {
        "requested_at": CLOSED - timedelta(hours=9),
        "assigned_at": CLOSED - timedelta(hours=8),
        "onsite_at": CLOSED - timedelta(hours=2),
        "solved_at": CLOSED,
        "area": "suburb",
        "station": "east",
        "contract": "gold-4h",
        "device": "SN-1",
        "fault": "不制冷",
        "service_type": "repair",
        "source_channel": "phone",
        "order_no": "O-1",
        "repair_form_no": "R-1",
        "customer_signed": True,
        "warranty": "整机两年",
        "cause": "leak",
        "measure": "refilled",
        "resent": False,
        "solved_first_time": True,
        "rework": Rework.EXTERNAL,
        "rework_of": "G0",
        "report_reviewed": CLOSED,
        "outcome": "派人",
        "contact_problem": "电话",
    }
    details = taken(None, **told, **{"fields.parts": "compressor", "fields.n": 2})[Ticket].details
    assert details == ServiceDetails(**told, fields={"parts": "compressor", "n": 2})


def test_a_workshops_own_word_for_the_status_is_kept() -> None:
    assert taken(status="完工")[Ticket].details.stage == "完工"
    assert taken(status="closed")[Ticket].details.stage is None


def test_chats_of_the_customer_are_stored_with_them() -> None:
    found = judge_ticket(TERMS, ROW | {"contacts": (("telegram", "10001"), ("telegram", "10001"))}, StoredRows())
    assert isinstance(found, TakenRow)
    assert [one for one in found.records if isinstance(one, Contact)] == [Contact("c-1", "telegram", "10001")]


@pytest.mark.parametrize(
    ("chats", "problem"),
    [
        ((("pigeon", "1"),), ("contacts", "pigeon", "is no channel")),
        ((("telegram", "-5"),), ("contacts", "-5", "")),
    ],
)
def test_a_chat_in_which_nobody_can_be_asked_is_told(
    chats: tuple[tuple[str, str], ...], problem: tuple[str, str, str]
) -> None:
    ((column, value, told),) = wrong(contacts=chats)
    assert (column, value) == problem[:2]
    assert problem[2] in told


def test_a_ticket_without_a_source_is_of_the_import() -> None:
    row = {name: value for name, value in ROW.items() if name != "source"}
    keys = RowKeys()
    ticket_keys(TERMS, row, keys)
    assert keys.tickets == {("import", "G1")}
    outcome = judge_ticket(TERMS, row, StoredRows())
    assert isinstance(outcome, TakenRow)
    assert {one.source for one in outcome.records if isinstance(one, Ticket)} == {"import"}


@pytest.mark.parametrize(
    ("cells", "mistake"),
    [
        ({"status": "closed", "closed_at": None}, ("closed_at", "", "is missing for a closed ticket")),
        ({"status": "紫色"}, ("status", "紫色", "stands in no list")),
        ({"closed_at": NOW + timedelta(days=1)}, ("closed_at", "2026-11-24 10:00:00", "lies in the future")),
        ({"opened_at": NOW + timedelta(days=1)}, ("opened_at", "2026-11-24 10:00:00", "lies in the future")),
        (
            {"requested_at": CLOSED, "onsite_at": CLOSED - timedelta(hours=1)},
            ("onsite_at", "2026-03-02 09:30:00", "lies before requested_at"),
        ),
        ({f"fields.f{n}": n for n in range(51)}, ("fields", "", "are 51")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_row_that_cannot_be_says_why(cells: dict[str, object], mistake: tuple[str, str, str]) -> None:
    ((column, value, problem),) = wrong(**cells)
    assert (column, value) == mistake[:2]
    assert mistake[2] in problem


def test_a_customer_who_was_erased_does_not_come_back() -> None:
    assert wrong(StoredRows(erased={"c-1"})) == [("customer", "", "was erased, and nothing of them is kept")]


def test_a_row_is_about_its_ticket_and_its_customer() -> None:
    keys = RowKeys()
    ticket_keys(TERMS, ROW, keys)
    assert keys == RowKeys(tickets={("desk", "G1")}, customers={"c-1"}, people={"c-1"})
    ticket_keys(TERMS, ROW | {"ticket": "G2", "contacts": (("telegram", "1"),)}, keys)
    assert (keys.tickets, keys.contacts) == ({("desk", "G1"), ("desk", "G2")}, {"c-1"})


def test_a_customer_who_is_known_stays_as_they_are() -> None:
    known = Customer("c-1", "王梅", tier="gold")
    found = taken(StoredRows(customers={"c-1": known}), **{"customer.name": "王女士"})
    assert Customer not in found
    assert found[Closing].tier == "gold"


def test_the_same_ticket_again_changes_nothing() -> None:
    stored = StoredRows()
    first = judge_ticket(TERMS, ROW | {"subject": "空调不制冷", "tags": ("vip",)}, stored)
    assert isinstance(first, TakenRow)
    stored.add(first.records)
    ticket = next(one for one in first.records if isinstance(one, Ticket))
    same = TakenRow(named=((Ticket, (ticket.source, ticket.id), ()), (Customer, (ticket.customer,), ())))
    assert judge_ticket(TERMS, ROW | {"subject": "空调不制冷", "tags": ("vip",)}, stored) == same
    assert judge_ticket(TERMS, ROW, stored) == same  # what is left out is no difference


@pytest.mark.parametrize(
    ("cells", "column", "kept"),
    [
        ({"subject": "other"}, "subject", "空调不制冷"),
        ({"team": "south"}, "team", "nothing"),
        ({"customer": "c-2"}, "customer", "c-1"),
        ({"agent.id": "a9"}, "agent_id", "nothing"),
        ({"fault": "leak"}, "fault", "nothing"),
        ({"closed_at": CLOSED + timedelta(hours=1)}, "closed_at", "2026-03-02 10:30:00"),
    ],
)
def test_a_ticket_that_is_stored_otherwise_is_told_with_what_is_stored(
    cells: dict[str, object], column: str, kept: str
) -> None:
    stored = StoredRows()
    first = judge_ticket(TERMS, ROW | {"subject": "空调不制冷"}, stored)
    assert isinstance(first, TakenRow)
    stored.add(first.records)
    ((told, _, problem),) = wrong(stored, **cells)
    assert (told, problem) == (column, f"this ticket is stored with {kept} there")


def test_the_same_home_has_one_key_in_its_closings() -> None:
    home = {"customer.phone": "+86 138 0013 8000", "customer.postal_address": "幸福路 1 号"}
    spelled = {"customer.phone": "13800138000", "customer.postal_address": "幸福路1号"}
    one = taken(None, **home)[Closing].contact_key
    other = taken(None, customer="c-2", **spelled)[Closing].contact_key
    assert one
    assert other == one
