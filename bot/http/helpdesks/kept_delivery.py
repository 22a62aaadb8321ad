"""What is kept of a help desk's delivery in its inbox row: one line about it, then its body to the byte."""

import json
from collections.abc import Mapping

from bot.connectors.descriptor import ConnectorDescriptor
from bot.connectors.desk_delivery import DeskDelivery
from scoring.values import Value
from storage.model.records import InboxRow

__all__ = ["DeskOutcome", "KeptDesk"]


class DeskOutcome(Value):
    """What became of a delivery: `stored`, `excluded`, `unchanged`, `repeated`, `ignored`, `test` or `failed`, and why.

    `ticket` is the ticket's id, where it was read, `customer` whose it is; `excluded` why nobody shall be asked.
    """

    outcome: str
    reason: str
    ticket: str = ""
    customer: str = ""
    excluded: str = ""


class KeptDesk(Value):
    """A delivery as it is kept: of its headers only those that say what its body is."""

    headers: Mapping[str, str]
    body: bytes

    @staticmethod
    def of(connector: ConnectorDescriptor, delivery: DeskDelivery) -> "KeptDesk":
        """Return what is kept of a delivery."""
        named = (*connector.event_headers, *connector.read_headers)
        return KeptDesk({name: delivery.header(name) for name in named if delivery.header(name)}, delivery.body)

    def written(self, told: DeskOutcome) -> bytes:
        """Return it as it is stored, with what became of it."""
        about = {"outcome": told.outcome, "reason": told.reason, "ticket": told.ticket, "customer": told.customer}
        return json.dumps({**about, "headers": dict(self.headers)}, ensure_ascii=False).encode() + b"\n" + self.body

    @staticmethod
    def read(row: InboxRow) -> tuple["KeptDesk", DeskOutcome] | None:
        """Return what a row keeps, and what became of it; None where it has been emptied."""
        line, found, body = row.raw.partition(b"\n")
        if not found:
            return None
        about = json.loads(line)
        told = DeskOutcome(about["outcome"], about["reason"], about["ticket"], about["customer"])
        return KeptDesk(about["headers"], body), told
