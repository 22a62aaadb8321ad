"""Commands on deliveries that could not be decided: listed, or dropped for good."""

from collections.abc import Mapping
from typing import Any

from bot.control.arguments import BY, result_of, text_argument
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import NotFound
from bot.wiring.services import Services
from scoring.values import replace
from storage.model.records import InboxOutcome, InboxRow
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["drop_failed", "list_failed"]

Json = dict[str, Any]
_MOST = 1000


async def list_failed(services: Services, _arguments: Mapping[str, Any]) -> list[Json]:
    """List at most 1000 deliveries that are kept as failed, oldest first; without what they hold."""
    return [_described(row) for row in await services.reader.failed_inbox(_MOST)]


async def drop_failed(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Empty a failed delivery and take it for done: it is known for good, and never tried again."""
    key = text_argument(arguments, "id")

    def drop(context: DecisionContext) -> Decision[InboxRow | NotFound]:
        row = context.snapshot.inbox_row(key)
        if row is None or row.outcome is not InboxOutcome.FAILED:
            return Decision(Changes(), NotFound(f"failed delivery {key}"))
        dropped = replace(row, raw=b"", outcome=InboxOutcome.DONE)
        entry = audit_entry(context, BY, "inbox.dropped", key, context.now.isoformat(), why=row.why)
        return Decision(Changes((dropped, entry)), row)

    answer = await services.receiver.do(Needs(inbox=frozenset({key})), drop)
    return _described(result_of(InboxRow, answer))


def _described(row: InboxRow) -> Json:
    size = len(row.raw)
    return {"id": row.key, "at": row.received_at.isoformat(), "door": row.door, "why": row.why, "size": size}
