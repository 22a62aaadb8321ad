"""What follows for a message when the call that carried it failed: one table for all channels.

`remedy_without_answer` is the rule on which at-most-once delivery rests (docs/reference/delivery.md). For what a
platform refuses with a code of its own, each channel has a table from its codes to these remedies; `delivery_for`
turns a remedy into a `Delivery`.
"""

from collections.abc import Mapping
from typing import assert_never

from bot.channels.http_client.errors import CallError, GatewayError, NeverLeftError, NoAnswerError
from bot.ports import Blocked, Delivery, Gone, Moved, Refused, Retry, Sent, Unknown
from scoring.values import Value

__all__ = [
    "AlreadySent",
    "ChatMoved",
    "EditTargetGone",
    "InDoubt",
    "PauseAll",
    "Refuse",
    "Remedy",
    "ShutOut",
    "StopForOperator",
    "TryAgain",
    "backoff",
    "delivery_for",
    "remedy_without_answer",
]

_LONGEST_PAUSE = 60.0


class TryAgain(Value):
    """Nothing arrived: the same again, a little later; `times` bounds how often, None: as long as it has time."""

    times: int | None = None


class InDoubt(Value):
    """It may have arrived: it is not sent again by itself."""


class PauseAll(Value):
    """Too much was sent: the channel sends nothing for so many seconds."""

    seconds: float


class StopForOperator(Value):
    """Only the operator can mend it: `alarm` names the setting, `fix` says what to look at. The queue is kept."""

    alarm: str
    fix: str = ""


class ShutOut(Value):
    """The chat cannot be written to: `blocked` or `no_contact`, as in `bot.ports.Blocked`."""

    reason: str


class Refuse(Value):
    """The message is wrong and would be refused again: our mistake."""


class AlreadySent(Value):
    """It had arrived before."""


class EditTargetGone(Value):
    """The message to be edited does not exist any more."""


class ChatMoved(Value):
    """The group has the new id `to`."""

    to: str


Remedy = TryAgain | InDoubt | PauseAll | StopForOperator | ShutOut | Refuse | AlreadySent | EditTargetGone | ChatMoved

_WITHOUT_ANSWER: Mapping[type[CallError], TryAgain | InDoubt] = {
    NeverLeftError: TryAgain(),  # the platform never saw it, so repeating it cannot deliver it twice
    GatewayError: TryAgain(),  # it was refused on the way, before the platform
    NoAnswerError: InDoubt(),  # it was written to the connection: the platform may have carried it out
}


def remedy_without_answer(error: CallError) -> TryAgain | InDoubt:
    """Return what follows when the platform itself has not answered. Raises KeyError for an ApiError."""
    return _WITHOUT_ANSWER[type(error)]


def delivery_for(remedy: Remedy, why: str, attempts: int, receipt: str) -> Delivery:
    """Return what became of the message; `attempts` were made before, `receipt` is its id where it has arrived."""
    delivery: Delivery
    match remedy:
        case TryAgain(times):
            is_over = times is not None and attempts >= times
            delivery = Refused(why) if is_over else Retry(backoff(attempts), why)
        case InDoubt():
            delivery = Unknown(why)
        case PauseAll(seconds):
            delivery = Retry(seconds, why, pauses_all=True)
        case StopForOperator(alarm, fix):
            delivery = Refused(f"{why}; {fix}" if fix else why, alarm)
        case ShutOut(reason):
            delivery = Blocked(reason, why)
        case Refuse():
            delivery = Refused(why)
        case AlreadySent():
            delivery = Sent(receipt)
        case EditTargetGone():
            delivery = Gone(why)
        case ChatMoved(to):
            delivery = Moved(to)
        case never:
            assert_never(never)
    return delivery


def backoff(failures: int) -> float:
    """Return the seconds to wait after so many failures before this one: 1, 2, 4 … 60."""
    return min(2.0 ** min(failures, 6), _LONGEST_PAUSE)
