"""What each failure of a Bot API call means for the message; the texts are the Bot API server's own."""

from collections.abc import Callable
from http import HTTPStatus

from telegram.error import TelegramError

from bot.channels.telegram.transport_errors import ApiError, GatewayError, NeverLeftError
from bot.ports import Blocked, Delivery, Gone, Moved, Refused, Retry, Sent, Unknown

__all__ = ["CONFLICT", "TOKEN", "alarm_of", "backoff", "delivery_of"]

TOKEN = "telegram.token"  # noqa: S105 (an alarm's name)
CONFLICT = "telegram.conflict"
_LONGEST_PAUSE = 60.0


def _out(why: str) -> Delivery:
    return Blocked("blocked", why)


def _stranger(why: str) -> Delivery:
    return Blocked("no_contact", why)


# Looked for in the description, lower case, in this order; what fits no row goes by its code.
_TEXTS: tuple[tuple[str, Callable[[str], Delivery]], ...] = (
    ("message to edit not found", Gone),
    ("message can't be edited", Gone),
    ("there is no text in the message to edit", Gone),
    ("message_id_invalid", Gone),
    ("chat not found", _stranger),
    ("peer_id_invalid", _stranger),
    ("user not found", _stranger),
    ("can't initiate conversation", _stranger),
    ("bot was blocked by the user", _out),
    ("user is deactivated", _out),
    ("bot was kicked", _out),
    ("bot is not a member", _out),
    ("group chat was deleted", _out),
    ("not enough rights to send", _out),
    ("have no rights to send", _out),
    ("chat_write_forbidden", _out),
)

_ALARMS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: TOKEN,
    HTTPStatus.NOT_FOUND: TOKEN,  # a token of the wrong form is an address that does not exist
    HTTPStatus.CONFLICT: CONFLICT,
}


def delivery_of(error: TelegramError, edits: str, attempts: int) -> Delivery:
    """Return what became of a message whose call failed; `edits` is the receipt it edits, `attempts` those before."""
    if isinstance(error, ApiError):
        return _passing(error, attempts) or _lasting(error, edits)
    if isinstance(error, NeverLeftError | GatewayError):
        return Retry(backoff(attempts), str(error))
    return Unknown(str(error))


def alarm_of(error: TelegramError) -> str:
    """Name the alarm for what only the operator can mend, empty for the rest."""
    return _ALARMS.get(error.code, "") if isinstance(error, ApiError) else ""


def backoff(failures: int) -> float:
    """Return the seconds to wait after so many failures before: 1, 2, 4 … 60."""
    return min(2.0 ** min(failures, 6), _LONGEST_PAUSE)


def _passing(error: ApiError, attempts: int) -> Delivery | None:
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        return Retry(float(error.retry_after) or backoff(attempts), str(error), pauses_all=True)
    return None if error.is_refusal else Retry(backoff(attempts), str(error))


def _lasting(error: ApiError, edits: str) -> Delivery:
    why, said = str(error), error.description.lower()
    if error.migrate_to:
        return Moved(str(error.migrate_to))
    if edits and "message is not modified" in said:
        return Sent(edits)
    meaning = next((meaning for text, meaning in _TEXTS if text in said), None)
    if meaning is not None:
        return meaning(why)
    return _out(why) if error.code == HTTPStatus.FORBIDDEN else Refused(why, alarm_of(error))
