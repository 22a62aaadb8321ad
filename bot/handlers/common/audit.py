"""The audit log: one line for each action of an admin, in the same commit as the action."""

import msgspec

from bot.handlers.common.context import DecisionContext
from dialogs.ids import derive
from storage.model.registers import AuditEntry

__all__ = ["audit_entry"]


def audit_entry(
    context: DecisionContext, by: str, action: str, subject: str, cause: str, **detail: object
) -> AuditEntry:
    """Return the line that says who did what to which thing; the same `cause` twice makes one line."""
    id_ = derive("aud", action, subject, cause)
    return AuditEntry(id_, context.now, by, action, subject, msgspec.json.encode(detail).decode())
