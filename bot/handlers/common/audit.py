"""The audit log: one line per deed of an admin, in the same commit as the deed."""

import msgspec

from bot.handlers.common.context import DecisionContext
from dialogs.ids import derive
from storage.model.registers import AuditEntry

__all__ = ["audit"]


def audit(context: DecisionContext, by: str, action: str, subject: str, cause: str, **detail: object) -> AuditEntry:
    """Write down who did what to which thing; `cause` names the deed, so that it stands there once."""
    id_ = derive("aud", action, subject, cause)
    return AuditEntry(id_, context.now, by, action, subject, msgspec.json.encode(detail).decode())
