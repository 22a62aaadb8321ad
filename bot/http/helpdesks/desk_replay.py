"""A help desk's deliveries as they are listed, and one of them read and decided once more."""

from datetime import datetime

from msgspec.structs import asdict
from pydantic import BaseModel, Field

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import BrokenPayload, read_payload
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, NotFound
from bot.handlers.surveys.tickets import needs
from bot.http.context import Desks
from bot.http.helpdesks.desk_storage import decide_understood, understand_delivery
from bot.http.helpdesks.kept_delivery import DeskOutcome, KeptDesk
from scoring.values import replace
from storage.housekeeping.deliveries import LISTED
from storage.model.records import InboxOutcome, InboxRow
from storage.schema.literals import DESK_DOORS
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["DeskDeliveryOut", "DeskDeliveryPage", "list_deliveries", "replay_delivery"]


class DeskDeliveryOut(BaseModel):
    """A delivery of a help desk, and what became of it."""

    id: str
    connector: str
    at: datetime
    outcome: str = Field(
        description="`stored`, `excluded`, `unchanged`, `repeated`, `ignored`, `test`, `failed`, or `forgotten` where"
        " its content is not kept any more."
    )
    reason: str
    ticket: str | None = Field(description="The ticket as `source/id`, where one was read.")
    size: int = Field(description="Bytes of what is kept of it.")


class RefusedDeliveryOut(BaseModel):
    """A delivery that was answered with an error; nothing of it is kept."""

    connector: str
    at: datetime
    status: int
    reason: str
    sender: str = Field(description="The address it came from; of IPv6 the network.")


class DeskDeliveryPage(BaseModel):
    """The last deliveries, the latest first.

    `refused` are the last 20 of each connector that were not taken, such as by a wrong secret, since this process
    started.
    """

    items: tuple[DeskDeliveryOut, ...]
    refused: tuple[RefusedDeliveryOut, ...] = ()


async def list_deliveries(desks: Desks, connector: str = "") -> DeskDeliveryPage:
    """Return the last 50 deliveries of a connector, or of each; KeyError for one that there is not."""
    names = (CONNECTORS[connector].name,) if connector else tuple(CONNECTORS)
    rows = [row for name in names for row in await desks.reader.desk_deliveries(CONNECTORS[name].address, LISTED)]
    refused = [RefusedDeliveryOut(**asdict(one)) for one in desks.refused.last(connector)]
    items = map(_out, sorted(rows, key=lambda row: row.received_at, reverse=True))
    return DeskDeliveryPage(items=tuple(items), refused=tuple(refused))


async def replay_delivery(desks: Desks, key: str, by: str) -> DeskDeliveryOut | NotFound | Conflict:
    """Decide a delivery that is kept once more, by the settings as they are now, and return what became of it.

    One that failed is done then; of others only the ticket changes. Raises what the writer raises.
    """
    found = await desks.reader.delivery(key)
    row = found.row if found is not None and found.row.door.startswith(DESK_DOORS) else None
    name = row.door.removeprefix(DESK_DOORS) if row is not None else ""
    if row is None or name not in CONNECTORS:
        return NotFound(f"delivery {key}")
    read_before = KeptDesk.read(row)
    if read_before is None:
        return Conflict("Its content is not kept any more: it cannot be decided again.")
    kept, connector = read_before[0], CONNECTORS[name]
    delivery = DeskDelivery(kept.headers, kept.body, desks.clock.now())
    try:
        read = await understand_delivery(desks, connector, delivery, read_payload(kept.body))
    except BrokenPayload as broken:
        return Conflict(f"The body {broken}.")
    about = needs(read.ticket.event, desks.receiver.policy) if read.ticket else Needs()

    def decide(context: DecisionContext) -> Decision[DeskOutcome]:
        decision = decide_understood(context, read)
        answer, told = decision.answer
        entry = audit_entry(context, by, "delivery.replayed", key, context.now.isoformat(), outcome=told.outcome)
        changes = decision.changes + Changes((entry,))
        before = context.snapshot.inbox_row(key)
        if before is not None and before.outcome is InboxOutcome.FAILED:
            done = replace(before, outcome=InboxOutcome.DONE, raw=kept.written(told), answer=answer, why="")
            changes += Changes((done,))
        return Decision(changes, told)

    told = await desks.receiver.do(about | Needs(inbox=frozenset({key})), decide)
    return _told(row, told)


def _out(row: InboxRow) -> DeskDeliveryOut:
    kept = KeptDesk.read(row)
    return _told(row, kept[1] if kept is not None else DeskOutcome("forgotten", "its content is not kept any more"))


def _told(row: InboxRow, told: DeskOutcome) -> DeskDeliveryOut:
    name = row.door.removeprefix(DESK_DOORS)
    return DeskDeliveryOut(
        id=row.key,
        connector=name,
        at=row.received_at,
        outcome=told.outcome,
        reason=row.why or told.reason,
        ticket=f"{name}/{told.ticket}" if told.ticket else None,
        size=len(row.raw),
    )
