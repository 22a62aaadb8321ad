"""What is kept of people's rights and of admins' deeds: requests, tombstones, the audit log, nameless answers."""

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref, RefKind
from scoring.values import Value

__all__ = ["AnonymousAnswers", "AuditEntry", "Request", "RequestKind", "Tombstone", "tombstone_of"]


class RequestKind(StrEnum):
    """What a person may ask for."""

    ACCESS = "access"
    ERASURE = "erasure"


class Request(Value):
    """Somebody asked for their data, or to be forgotten: when, by which door, until when it must be done.

    `customer` becomes the nameless id once they are forgotten, and the chat goes empty. `version` 0 is new.
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
    """Keeps a forgotten person from coming back with a delivery that is repeated: a keyed hash, and no name.

    `stands_for` is the nameless id to which the person's tickets belong now; empty for a chat.
    """

    hash: str
    stands_for: str
    at: datetime


def tombstone_of(key: bytes, *name: str) -> str:
    """Return the hash by which a forgotten customer id, or channel and chat, is known again; with the key only.

    The parts are told apart by their lengths, and from links, which the same key signs, by the first word.
    """
    parts = "".join(f"{len(part)}:{part}" for part in name)
    return hmac.digest(key, f"tombstone {parts}".encode(), hashlib.sha256).hex()


class AuditEntry(Value):
    """One deed of an admin, append-only. Never names a customer. `detail` is JSON."""

    id: str
    at: datetime
    by: str
    action: str
    subject: str = ""
    detail: str = "{}"


class AnonymousAnswers(Value):
    """The answers to an anonymous survey: no customer, no ticket, no message, and of the time only the day.

    `id` is drawn, not derived, so that nobody can work out whose it is; `day` is `2026-11-22`, `answers` JSON.
    """

    id: str
    survey: str
    survey_number: int
    day: str
    answers: str
    comment: str | None = None
