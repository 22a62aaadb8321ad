"""What the team is warned by, on both databases: tickets that are not closed, notes by their keys, counted ratings."""

from datetime import timedelta

from scoring.values import replace
from storage.connection.store import Store
from storage.model.note_keys import chart_key, clock_key, watch_key
from storage.model.records import Note, TicketStatus
from storage.model.service_details import ServiceDetails
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, person, save
from tests.support.database.answered import closed_visit


async def test_tickets_that_are_not_closed_come_with_the_tier_of_their_customer(store: Store, writer: Writer) -> None:
    tiers: dict[str, str] = {}
    for number, status in enumerate(TicketStatus):
        customer, contact, ticket = person(f"c{number}", f"t{number}")
        tiers[customer.id] = "vip" if number % 2 else ""
        details = ServiceDetails(contract="gold", requested_at=NOW)
        await save(writer, replace(customer, tier=tiers[customer.id]), contact)
        await save(writer, replace(ticket, status=status, closed_at=None, details=details))
    found = await Reader(store).open_tickets()
    assert {ticket.status for ticket, _ in found} == set(TicketStatus) - {TicketStatus.CLOSED}
    assert {(ticket.details.contract, ticket.details.requested_at) for ticket, _ in found} == {("gold", NOW)}
    assert [tier for _, tier in found] == [tiers[ticket.customer] for ticket, _ in found]
    assert set(tiers.values()) == {"", "vip"}


async def test_notes_are_found_by_their_keys_whatever_stands_in_them(store: Store, writer: Writer) -> None:
    keys = [chart_key("week", "北区:a", "care"), chart_key("week", "北区", "a:care"), clock_key("desk", "a:b", "done")]
    for key in keys:
        await save(writer, Note(key, f"about {key}", NOW))
    found = {note.key: note.value for note in await Reader(store).notes([*keys, watch_key("week")])}
    assert found == {key: f"about {key}" for key in keys}
    assert await Reader(store).notes([]) == []


async def test_ratings_of_a_stretch_of_days_are_counted_by_team_and_dimension(store: Store, writer: Writer) -> None:
    for number in range(6):
        visit = closed_visit(str(number), NOW + timedelta(days=number), {"attitude": 1 + number % 2}, team="north")
        await save(writer, *visit)
    found = await Reader(store).ratings(NOW, NOW + timedelta(days=4))
    assert {(one.keys["team"], one.keys["dimension"], one.value, one.n) for one in found.counts} == {
        ("north", "attitude", 1, 2),
        ("north", "attitude", 2, 2),
    }
