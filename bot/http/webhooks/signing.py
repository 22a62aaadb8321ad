"""Signatures of Standard Webhooks (github.com/standard-webhooks, spec): a body signed just now with the secret."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from bot.body_signatures import sign_body

__all__ = ["BadSignature", "verify"]

STALE_AFTER = timedelta(seconds=300)
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)
_LONGEST_ID = 256


class BadSignature(Exception):  # noqa: N818 (the name says what the signature is)
    """The signature is missing, wrong or stale; the text says which."""


def verify(secrets: Sequence[str], headers: Iterable[tuple[bytes, bytes]], body: bytes, now: datetime) -> str:
    """Return the event's id if one of the signatures holds by one of the secrets (`whsec_…`); raises BadSignature.

    The library signs; it also verifies, but by the machine's clock and with exceptions of any kind for odd headers.
    """
    event, stamp, given = (
        _header(headers, name) for name in (b"webhook-id", b"webhook-timestamp", b"webhook-signature")
    )
    sent_at = _moment(stamp)
    if not event or len(event) > _LONGEST_ID or not event.isprintable():
        raise BadSignature("webhook-id is missing or crooked")
    if abs(now - sent_at) > STALE_AFTER:
        raise BadSignature("webhook-timestamp is more than 300 s off")
    expected = [_sign(secret, event, sent_at, body).encode() for secret in secrets]
    pairs = [(right, one.encode()) for right in expected for one in given.split(" ")]
    if not any([compare_digest(right, one) for right, one in pairs]):  # noqa: C419 (no early end)
        raise BadSignature("no signature fits")
    return event


def _sign(secret: str, event: str, sent_at: datetime, body: bytes) -> str:
    try:
        return sign_body(secret, event, sent_at, body)
    except UnicodeDecodeError:
        raise BadSignature("the body is not UTF-8") from None


def _moment(stamp: str) -> datetime:
    if not _SECONDS.fullmatch(stamp):
        raise BadSignature("webhook-timestamp is missing or no number of seconds")
    return datetime.fromtimestamp(int(stamp), UTC)


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header as text, empty where it is missing; one that is not UTF-8 was never signed."""
    return next((value.decode(errors="replace") for key, value in headers if key == name), "")
