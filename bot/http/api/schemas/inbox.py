"""Failed deliveries as the API and the command line tell of them."""

from base64 import b64encode
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from bot.http.api.schemas.field_types import Name
from bot.http.api.schemas.ticket_request import RequestBody
from bot.jobs.failed_deliveries import Retried
from storage.model.records import InboxOutcome
from storage.reads.inbox import KeptDelivery
from storage.reads.listings import Page

__all__ = [
    "DeliveryOut",
    "DeliveryPage",
    "DroppedOut",
    "RetriedOut",
    "RetriedPageOut",
    "RetryBody",
    "delivery_out",
    "delivery_page",
    "retried_page_out",
]


class RetryBody(RequestBody):
    """Who does it."""

    by: Name | None = None


class RawOut(BaseModel):
    """What came, to the byte: as text where it is UTF-8, else in Base64."""

    encoding: Literal["utf-8", "base64"]
    body: str


class DeliveryOut(BaseModel):
    """A delivery: `failed` is kept and tried again at each start, `done` is decided, `dropped` was given up.

    `why` never quotes it; `raw` is what came, where it was asked for.
    """

    id: str
    door: str = Field(description="Where it came in: a channel, or a channel and one of its chats.")
    at: datetime
    outcome: Literal["done", "failed", "dropped"]
    why: str
    size: int = Field(description="Bytes of what is kept of it.")
    attempts: int
    last_attempt_at: datetime
    raw: RawOut | None = None


class DeliveryPage(BaseModel):
    """A page of failed deliveries, oldest first."""

    items: tuple[DeliveryOut, ...]
    next: str | None


class RetriedOut(BaseModel):
    """What came of trying one again; `why` says what was in the way."""

    id: str
    outcome: InboxOutcome
    why: str


class RetriedPageOut(BaseModel):
    """What came of trying all; `next` is the cursor for those that were not tried within a few seconds."""

    items: tuple[RetriedOut, ...]
    done: int
    failed: int
    next: str | None


class DroppedOut(BaseModel):
    """A delivery that is done; `dropped` where it was given up by this call."""

    id: str
    dropped: bool


def delivery_out(kept: KeptDelivery, *, raw: bool) -> DeliveryOut:
    """Return a delivery as it is told, with what came where `raw` asks for it."""
    row = kept.row
    return DeliveryOut(
        id=row.key,
        door=row.door,
        at=row.received_at,
        outcome="dropped" if kept.is_dropped else "failed" if kept.is_failed else "done",
        why=row.why,
        size=len(row.raw),
        attempts=kept.attempts,
        last_attempt_at=kept.last_attempt_at,
        raw=_raw_out(row.raw) if raw else None,
    )


def delivery_page(page: Page[KeptDelivery], *, raw: bool = False) -> DeliveryPage:
    """Return a page as it is told."""
    return DeliveryPage(items=tuple(delivery_out(kept, raw=raw) for kept in page.items), next=page.next)


def retried_page_out(page: Page[Retried]) -> RetriedPageOut:
    """Return what came of trying several, as it is told."""
    items = tuple(map(_retried_out, page.items))
    done = sum(item.outcome is InboxOutcome.DONE for item in items)
    return RetriedPageOut(items=items, done=done, failed=len(items) - done, next=page.next)


def _retried_out(retried: Retried) -> RetriedOut:
    outcome = InboxOutcome.FAILED if retried.why else InboxOutcome.DONE
    return RetriedOut(id=retried.id, outcome=outcome, why=retried.why)


def _raw_out(raw: bytes) -> RawOut:
    try:
        return RawOut(encoding="utf-8", body=raw.decode())
    except UnicodeDecodeError:
        return RawOut(encoding="base64", body=b64encode(raw).decode())
