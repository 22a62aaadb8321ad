"""What each error code of the robot means for the message; a table.

Codes: developer.work.weixin.qq.com, global error codes.
"""

from collections.abc import Mapping

from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.remedies import (
    InDoubt,
    PauseAll,
    Refuse,
    Remedy,
    StopForOperator,
    TryAgain,
    delivery_for,
    remedy_without_answer,
)
from bot.ports import Delivery, Sent

__all__ = ["OF_THE_CONTENT", "ROBOT_URL", "robot_delivery"]

ROBOT_URL = "wecom.robot_url"
"""The alarm for what only the operator can mend."""
_OF_A_FILE = frozenset({40004, 40006, 40007, 40009, 41005, 45001})
OF_THE_CONTENT = frozenset({40008, 40058, 44004, 45002, 47001}) | _OF_A_FILE
"""Codes that refuse the message itself, and always would: kind, shape, empty, too long, no JSON; or its file."""

_BY_CODE: Mapping[int, Remedy] = {
    -1: TryAgain(),  # busy
    45009: PauseAll(60.0),  # more than twenty messages in a minute
    130101: PauseAll(600.0),  # told to slow down, which lasts about ten minutes
    **dict.fromkeys(OF_THE_CONTENT, Refuse()),
}


def robot_delivery(error: CallError | None, receipt: str, attempts: int) -> Delivery:
    """Return what became of a message; `error` is None where it was taken, `attempts` were made before.

    A code that is not in the table is not the message's fault: it waits for the operator and is never given up.
    """
    if error is None:
        return Sent(receipt)
    return delivery_for(_remedy(error, attempts), str(error), attempts, receipt)


def _remedy(error: CallError, attempts: int) -> Remedy:
    if isinstance(error, ApiError):
        return _BY_CODE.get(error.code, StopForOperator(ROBOT_URL))
    remedy = remedy_without_answer(error)
    # An alert that the group reads twice does less harm than one that nobody reads, so a doubt is repeated: the first
    # one soon (`bot.handlers.deliveries`), the later ones with growing pauses, like what surely did not arrive.
    return TryAgain() if attempts and isinstance(remedy, InDoubt) else remedy
