"""What a test has to know of one help desk: its payload in each state, its headers, and how it signs."""

import base64
import copy
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Case", "Sent", "Sheet", "edited", "mac64", "mac_hex", "payload"]

_PAYLOADS = Path(__file__).parents[2] / "payloads"


@dataclass(frozen=True, slots=True)
class Case:
    """One delivery to be made: of ticket number so and so, in a state, told at a moment of the help desk's clock.

    `state` is `open`, `solved`, `reopened` or `auto_closed`; `chat` the customer's chat in a field of the ticket's.
    """

    number: int
    state: str
    at: datetime
    chat: str = ""
    event: str = ""
    person: int = 0

    @property
    def customer(self) -> int:
        """Return the help desk's number of the customer."""
        return self.person or 3000 + self.number

    def stamp(self, plus: timedelta = timedelta()) -> str:
        """Return the moment as most help desks write it."""
        return (self.at + plus).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    @property
    def is_closed(self) -> bool:
        """Return whether the ticket is closed in this state."""
        return self.state in {"solved", "auto_closed"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One help desk. `sign` returns the headers that prove a body at a moment; `event` those of the delivery."""

    name: str
    secret: str
    make: Callable[[Case], dict[str, Any]]
    sign: Callable[[str, bytes, datetime], Mapping[str, str]]
    ticket: Callable[[int], str]
    event: Callable[[Case], Mapping[str, str]] = field(default=lambda _: {})
    has_chat_fields: bool = True
    has_updated_at: bool = True
    signs: bool = True
    """Its proof is made of the body."""

    @property
    def path(self) -> str:
        """Return the address that it calls."""
        return f"/hooks/tickets/{self.name}"

    def send(
        self, case: Case, *, secret: str = "", body: Mapping[str, Any] | None = None, now: datetime | None = None
    ) -> Sent:
        """Return a delivery, signed now by the secret."""
        raw = json.dumps(dict(body)).encode() if body is not None else _with_own_addresses(self.make(case), case)
        proof = self.sign(secret or self.secret, raw, now or case.at)
        return Sent({"content-type": "application/json", **self.event(case), **proof}, raw)

    def unsigned(self, case: Case) -> Sent:
        """Return a delivery that proves nothing."""
        sent = self.send(case)
        proof = self.sign(self.secret, sent.body, case.at)
        return replace(sent, headers={name: value for name, value in sent.headers.items() if name not in proof})


def _with_own_addresses(made: Mapping[str, Any], case: Case) -> bytes:
    """Return a delivery with an e-mail address and a telephone of this customer's own: one of both is one person."""
    text = json.dumps(made).replace("wang@mail.example", f"wang{case.customer}@mail.example")
    own = f"{case.customer:04}"[-4:]
    return text.replace("138 0013 8000", f"138 0013 {own}").replace("13800138000", f"1380013{own}").encode()


@cache
def _read(vendor: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_PAYLOADS / vendor / f"{name}.json").read_text("utf-8"))
    return found


def payload(vendor: str, name: str = "closed") -> dict[str, Any]:
    """Return a recorded payload to be changed."""
    return copy.deepcopy(_read(vendor, name))


def edited(body: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what stands at paths with dots, and return the body."""
    for path, value in changes.items():
        holder: Any = body
        *way, last = path.split(".")
        for step in way:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        holder[last] = value
    return body


def mac_hex(secret: str, content: bytes, digest: str) -> str:
    """Return an HMAC in hexadecimal digits."""
    return hmac.new(secret.encode(), content, getattr(hashlib, digest)).hexdigest()


def mac64(secret: bytes, content: bytes, digest: str) -> str:
    """Return an HMAC in base64."""
    return base64.b64encode(hmac.new(secret, content, getattr(hashlib, digest)).digest()).decode()
