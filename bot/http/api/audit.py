"""The audit log by API: every action of an admin, oldest first, read-only."""

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.schemas.field_types import Moment
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from storage.model.registers import AuditEntry

__all__ = ["audit_entry_out", "router"]

router = api_router("audit")


class AuditEntryOut(BaseModel):
    """One action: by whom, what (`campaign.started`), on which subject, with what details."""

    id: str
    at: datetime
    by: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditPage(BaseModel):
    """A page of the audit log; `next` is the cursor of the page after it."""

    items: tuple[AuditEntryOut, ...]
    next: str | None


@router.get("", response_model=AuditPage, responses=problems(401, 422, 503))
async def list_audit_entries(
    web: TheWeb, *, since: Moment | None = None, cursor: Cursor | None = None, limit: Limit = 50
) -> Response:
    """List what admins have done, oldest first."""
    page = await paged(web.reader.admins.audit_entries(since, cursor, limit))
    return ok_answer(AuditPage(items=tuple(audit_entry_out(entry) for entry in page.items), next=page.next)).response()


def audit_entry_out(entry: AuditEntry) -> AuditEntryOut:
    """Return a line of the audit log as the API shows it."""
    detail = msgspec.json.decode(entry.detail, type=dict[str, Any])
    return AuditEntryOut(
        id=entry.id, at=entry.at, by=entry.by, action=entry.action, subject=entry.subject, detail=detail
    )
