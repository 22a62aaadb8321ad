"""What follows for a delivery from the answer that it met: arrived, tried again later, or an end of its endpoint."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus

from scoring.values import Value, replace
from storage.model.outgoing.hook_records import HookDelivery, HookDeliveryStatus

__all__ = [
    "GIVES_UP_AFTER",
    "AttemptKind",
    "AttemptResult",
    "HookAnswer",
    "after_attempt",
    "failed_alone",
    "retry_delay",
]

GIVES_UP_AFTER = timedelta(hours=24)
"""For so long a delivery is tried, from its first attempt on."""
_FIRST, _LONGEST = timedelta(seconds=1), timedelta(hours=1)
_SPREAD = 0.2
_WAITS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class AttemptKind(StrEnum):
    """What an attempt met, as metrics count it."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    FAILED = "failed"
    UNREACHED = "unreached"


class AttemptResult(Value):
    """A delivery after an attempt; `ends` tells why its endpoint is sent nothing any more, empty where it goes on.

    `waits` is for how long the whole endpoint asked to be left alone.
    """

    delivery: HookDelivery
    kind: AttemptKind
    ends: str = ""
    waits: timedelta = timedelta()

    @property
    def may_be_alone(self) -> bool:
        """Whether what ends here may be the delivery, which its endpoint never takes, and not the endpoint."""
        return bool(self.ends) and self.delivery.code != HTTPStatus.GONE


class HookAnswer(Value):
    """What an attempt met: the answer's `status`, 0 for none because of the `problem`, and how it begins.

    `retry_after` is the header's value, empty without one.
    """

    status: int = 0
    begins: str = ""
    retry_after: str = ""
    problem: str = ""
    milliseconds: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the event has arrived."""
        return _kind(self.status) is AttemptKind.DELIVERED


def after_attempt(delivery: HookDelivery, answer: HookAnswer, now: datetime) -> AttemptResult:
    """Return how a delivery stands after the attempt that has just ended."""
    status, kind = answer.status, _kind(answer.status)
    seen = replace(delivery, code=status, answer=answer.begins, milliseconds=answer.milliseconds)
    if kind is AttemptKind.DELIVERED:
        return AttemptResult(replace(seen, state=HookDeliveryStatus.DELIVERED, why=""), kind)
    waits = _asked(answer.retry_after, now) if status in _WAITS else timedelta()
    due_at = now + max(retry_delay(delivery.event, delivery.attempts), waits)
    failed = replace(seen, state=HookDeliveryStatus.WAITING, due_at=due_at, why=answer.problem or _told(status))
    return AttemptResult(failed, kind, _end(failed, now), waits)


def failed_alone(result: AttemptResult) -> AttemptResult:
    """Return what follows where an endpoint takes others: this delivery is sent no more, and the others go on."""
    why = f"for 24 hours it was not taken, while others were: {result.delivery.why}"
    return replace(result, delivery=replace(result.delivery, state=HookDeliveryStatus.FAILED, why=why), ends="")


def retry_delay(event: str, attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: from 1 s twice as long each time up to 1 h, spread by a fifth.

    The spread is drawn from the event, so that many that failed together do not come back together.
    """
    plain = min(_FIRST * (1 << min(max(attempts, 1) - 1, 20)), _LONGEST)
    drawn = int.from_bytes(sha256(f"{event}:{attempts}".encode()).digest()[:4]) / 2**32
    return plain * (1 + _SPREAD * (2 * drawn - 1))


def _kind(status: int) -> AttemptKind:
    if not status:
        return AttemptKind.UNREACHED
    by_hundreds = {2: AttemptKind.DELIVERED, 3: AttemptKind.REDIRECTED, 4: AttemptKind.REFUSED}
    return by_hundreds.get(status // 100, AttemptKind.FAILED)


def _told(status: int) -> str:
    redirected = "; redirects are not followed" if _kind(status) is AttemptKind.REDIRECTED else ""
    return f"it answered {status}{redirected}"


def _end(delivery: HookDelivery, now: datetime) -> str:
    if delivery.code == HTTPStatus.GONE:
        return "it answered 410 Gone"
    if delivery.since is not None and now - delivery.since >= GIVES_UP_AFTER:
        return f"for 24 hours {delivery.type} did not arrive there: {delivery.why}"
    return ""


def _asked(retry_after: str, now: datetime) -> timedelta:
    """Return for how long `Retry-After` asks, in seconds or until a date (RFC 9110, 10.2.3); a day at most."""
    try:
        asked = timedelta(seconds=int(retry_after)) if retry_after.isdecimal() else _until(retry_after, now)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(asked, timedelta()), GIVES_UP_AFTER)


def _until(date: str, now: datetime) -> timedelta:
    moment = parsedate_to_datetime(date)
    return moment - now if moment.tzinfo is not None else timedelta()
