"""The kinds of updates that are requested, and decoding one."""

import logging

import msgspec
from telegram.constants import UpdateType

from bot.channels.telegram.inbound.structs import Update
from bot.channels.webhooks import MalformedDelivery

__all__ = ["ALLOWED_UPDATES", "read_update"]

# The list persists at Telegram when it is left out (Bot API, getUpdates), so it is always sent whole.
ALLOWED_UPDATES = (
    UpdateType.MESSAGE.value,
    UpdateType.EDITED_MESSAGE.value,
    UpdateType.CALLBACK_QUERY.value,
    UpdateType.MY_CHAT_MEMBER.value,
)

logger = logging.getLogger(__name__)


class _Numbered(msgspec.Struct):
    update_id: int


_UPDATE = msgspec.json.Decoder(Update)
_NUMBERED = msgspec.json.Decoder(_Numbered)


def read_update(raw: bytes) -> Update:
    """Return an update decoded; one of an unknown shape keeps only its number. Raises MalformedDelivery."""
    try:
        return _UPDATE.decode(raw)
    except (msgspec.MsgspecError, RecursionError) as error:
        number = _number(raw)
        logger.warning("update %d has a shape that is not known: %s", number, error)
        return Update(number)


def _number(raw: bytes) -> int:
    try:
        return _NUMBERED.decode(raw).update_id
    except (msgspec.MsgspecError, RecursionError) as error:
        raise MalformedDelivery(f"the body is not a Telegram update: {error}") from error
