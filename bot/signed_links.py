"""Signed links to pages: for one interview, one issue, one customer; they expire, and cannot be forged."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from enum import StrEnum, unique

from scoring.values import Value

__all__ = ["LinkPurpose", "Links", "Stale"]

_SIGNATURE = 16  # bytes of HMAC-SHA-256: 128 bits
_TIME = 5  # bytes of seconds since 1970


@unique
class LinkPurpose(StrEnum):
    """What a link opens; a link made for one thing opens no other."""

    SURVEY = "s"
    """An interview: the customer answers it on the page."""
    BINDING = "b"
    """A customer's WeChat code, to be scanned."""
    WEB = "w"
    """A customer who is asked on the page and nowhere else; its subject is the secret of a `Token`."""
    TEAM = "t"
    """An issue: a person of the team takes it."""
    CLOSURE = "c"
    """A closure: the customer reads the sentence whole, and says whether it is solved."""
    HOLDER = "h"
    """An issue, for whoever holds it: the page shows how to reach the customer."""
    MEMBER = "m"
    """A person of the team: the browser that opens it is theirs on the team's page."""
    DATA = "d"
    """A request for one's data: the file with everything that is kept of a person."""
    RATER = "f"
    """A form about a subject and period, to be filled by one rater: their page."""
    REPORT = "p"
    """A revision in the archive of reports, and the number that its links have: its page, for anybody."""
    FILE = "a"
    """A message: the file that goes with it."""
    PLACE = "q"
    """A team, a station, a product or a device: whoever scans its code rates it on the page."""
    TICKET = "i"
    """A ticket whose customer has no chat with us: the page on which they choose one."""


class Stale(Exception):  # noqa: N818 (it is what happened to the link)
    """The link has expired."""


_DOORS = {
    LinkPurpose.TEAM: "t",
    LinkPurpose.HOLDER: "t",
    LinkPurpose.MEMBER: "t",
    LinkPurpose.DATA: "d",
    LinkPurpose.RATER: "f",
    LinkPurpose.FILE: "a",
    LinkPurpose.REPORT: "r",
    LinkPurpose.TICKET: "b",
}


class Links(Value):
    """Makes and reads links under `base`, the address of the web side; `key` is the installation's secret."""

    base: str
    key: bytes

    def url(self, purpose: LinkPurpose, subject: str, expires_at: datetime) -> str:
        """Return an address: `/t/…` the team's page, `/f/…` a rater's, `/d/…`, `/a/…` a file, others a customer's."""
        door = _DOORS.get(purpose, "s")
        return f"{self.base.rstrip('/')}/{door}/{self.token(purpose, subject, expires_at)}"

    def token(self, purpose: LinkPurpose, subject: str, expires_at: datetime) -> str:
        """Return the last part of such an address."""
        seconds = int(expires_at.timestamp()).to_bytes(_TIME)
        body = purpose.value.encode() + seconds + subject.encode()
        return urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def read(self, token: str, now: datetime) -> tuple[LinkPurpose, str]:
        """Return what a link opens. Raises LookupError for a forged one, Stale for one that has expired."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError:
            raise LookupError("this is no link of ours") from None
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise LookupError("nobody here has signed this link")
        if datetime.fromtimestamp(int.from_bytes(body[1 : 1 + _TIME]), UTC) <= now:
            raise Stale
        return LinkPurpose(body[:1].decode()), body[1 + _TIME :].decode()

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self.key, body, hashlib.sha256)[:_SIGNATURE]
