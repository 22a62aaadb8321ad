"""The registers: data requests, tombstones of erased customers, the audit log, anonymous answers."""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from scoring.values import Value

__all__ = ["AnonymousAnswers", "AuditEntry", "Request", "RequestKind", "Tombstone", "tombstone_of"]


class RequestKind(StrEnum):
    """What a person may request about their own data (GDPR, articles 15 and 17)."""

    ACCESS = "access"
    ERASURE = "erasure"


class Request(Value):
    """A request for one's data or its erasure: when it came, through which `door`, and by when it must be fulfilled.

    Erasure replaces `customer` by the anonymous id and empties the chat. `version` 0 is new.
    """

    id: str
    kind: RequestKind
    customer: str
    asked_at: datetime
    due_at: datetime
    door: str = ""
    channel: str = ""
    chat: str = ""
    done_at: datetime | None = None
    wake_at: datetime | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        """How messages and the scheduler refer to it."""
        return Ref(RefKind.REQUEST, self.id)


class Tombstone(Value):
    """The keyed hash of an erased customer id or chat: a repeated delivery must not create the person again.

    `stands_for` is the anonymous id that owns the person's tickets now; empty for a chat.
    """

    hash: str
    stands_for: str
    at: datetime


def tombstone_of(key: bytes, *name: str) -> str:
    """Return the keyed hash (HMAC-SHA256, hex) of an erased customer id, or of a channel and chat.

    Each item is prefixed by its length, so that different names give different texts; the first word keeps them apart
    from the links that the same key signs.
    """
    encoded = "".join(f"{len(item)}:{item}" for item in name)
    return hmac.digest(key, f"tombstone {encoded}".encode(), hashlib.sha256).hex()


class AuditEntry(Value):
    """One action of an admin, append-only. Never names a customer. `detail` is JSON."""

    id: str
    at: datetime
    by: str
    action: str
    subject: str = ""
    detail: str = "{}"


class AnonymousAnswers(Value):
    """One person's answers to an anonymous survey: no customer, no ticket, no message, and as time only the month.

    `id` is random, not derived from anything; `day` is the first of the month, such as `2026-11-01`; `answers` is JSON.
    """

    id: str
    survey: str
    survey_number: int
    day: str
    answers: str
    comment: str | None = None
