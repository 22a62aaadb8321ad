"""A database with many open interviews, to see what they cost a process that sits on them."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from dialogs.ids import derive
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationState
from storage.connection.store import Store
from storage.model.records import Contact, Customer, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["make_crowd"]

_AT_ONCE = 2000
_LONG = timedelta(days=3)


async def make_crowd(database: Path, people: int) -> None:
    """Store so many customers who were asked just now and have not answered."""
    now = datetime.now(UTC)
    async with Store.open(f"sqlite:///{database}") as store:
        writer = Writer(store, lambda: now)
        for start in range(0, people, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, people))
            some = Changes(tuple(record for number in numbers for record in _person(number, now)))
            await writer.decide(Job(Needs(), partial(_decided, some)))
        await writer.stop()


def _decided(changes: Changes, _rows: Snapshot, _now: datetime) -> Decision[None]:
    return Decision(changes, None)


def _person(number: int, now: datetime) -> tuple[Record, ...]:
    customer, ticket = f"crowd-{number}", str(number)
    invitation = Invitation(
        derive("inv", "crowd", ticket, 1), "crowd", ticket, 1, customer, "after_service",
        now, now + _LONG, now, InvitationState.ASKED, channel="telegram", asked_at=now, sent_at=now,
    )  # fmt: skip
    interview = Interview(
        derive("int", invitation.id), invitation.id, customer, "telegram", str(9_000_000 + number),
        ("after_service", 2), "zh-Hans", now, now + _LONG, at="response_speed", remind_at=now + _LONG,
    )  # fmt: skip
    return (
        Customer(customer, "王女士"),
        Contact(customer, "telegram", str(9_000_000 + number)),
        Ticket("crowd", ticket, customer, TicketStatus.CLOSED, 1, closed_at=now, subject="空调不制冷"),
        invitation,
        interview,
    )
