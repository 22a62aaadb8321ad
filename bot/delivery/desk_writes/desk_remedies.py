"""What follows from a help desk's answer to a call: done, again later, never, or once the operator has mended it."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.channels.http_client.client import HttpAnswer
from bot.ports import Blocked, Delivery, Refused, Retry

__all__ = ["CLOSED_TO_US", "again_after", "given_up", "remedy_of", "wants_operator"]

CLOSED_TO_US = 600.0
"""Seconds without a call after the token was refused: every one of them would be refused, too."""
_WITHOUT_RIGHT = 3600.0
_FIRST, _LONGEST = 15.0, 3600.0
_MOST_DOUBLINGS = 8
_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_NOT_NOW = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def remedy_of(answer: HttpAnswer, attempts: int, now: datetime) -> Delivery | None:
    """Return what becomes of a message whose call was answered so; None where the call has succeeded."""
    status, why, waits = answer.status, f"HTTP {answer.status}", _asked_to_wait(answer.retry_after, now)
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status in _BUSY or (status == HTTPStatus.FORBIDDEN and waits is not None):
        return Retry(waits or again_after(attempts), f"{why}: too many calls", pauses_all=True)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Retry(again_after(attempts), why)
    if status < HTTPStatus.BAD_REQUEST:
        return Refused(f"{why}: its API is elsewhere, and the token does not follow; correct the address")
    return _refusal(status, why, attempts)


def _refusal(status: int, why: str, attempts: int) -> Delivery:
    if status in _NOT_NOW:
        return Retry(again_after(attempts), why)
    if status == HTTPStatus.UNAUTHORIZED:
        return Retry(CLOSED_TO_US, f"{why}: the token is refused", pauses_all=True)
    if status == HTTPStatus.FORBIDDEN:
        return Retry(_WITHOUT_RIGHT, f"{why}: the token has not the right to do this")
    if status in _GONE:
        return given_up(f"{why}: the ticket is not there, or not for this token")
    return Refused(f"{why}: it does not take what is written")


def wants_operator(answer: HttpAnswer, remedy: Delivery | None) -> bool:
    """Return whether only the operator can mend it: the token is refused, or has not the right."""
    is_token = answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    return is_token and isinstance(remedy, Retry) and remedy.after >= CLOSED_TO_US and not answer.retry_after


def given_up(why: str) -> Blocked:
    """Return the end of a message that this ticket will never take."""
    return Blocked("no_contact", why)


def again_after(attempts: int) -> float:
    """Return the seconds before the next try after so many: 15, 30, 60 … an hour."""
    return min(_FIRST * 2.0 ** min(attempts, _MOST_DOUBLINGS), _LONGEST)


def _asked_to_wait(header: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, a number or a date (RFC 9110, 10.2.3), at most an hour."""
    text = header.strip()
    try:
        wanted = float(text) if text.isdecimal() else (parsedate_to_datetime(text) - now).total_seconds()
    except (TypeError, ValueError):
        return None
    return min(max(wanted, 1.0), _LONGEST)
