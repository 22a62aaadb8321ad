"""The updates we ask for, and reading one."""

import logging

import msgspec
from telegram.constants import UpdateType

from bot.channels.telegram.inbound.structs import Update

__all__ = ["ALLOWED_UPDATES", "Malformed", "read_update"]

# The list persists at Telegram when it is left out (Bot API, getUpdates), so it is always sent whole.
ALLOWED_UPDATES = (
    UpdateType.MESSAGE.value,
    UpdateType.EDITED_MESSAGE.value,
    UpdateType.CALLBACK_QUERY.value,
    UpdateType.MY_CHAT_MEMBER.value,
)

logger = logging.getLogger(__name__)


class Malformed(ValueError):  # noqa: N818 (the name says what the body is)
    """The body is not JSON or not an update; Telegram never sends such a thing."""


class _Numbered(msgspec.Struct):
    update_id: int


_UPDATE = msgspec.json.Decoder(Update)
_NUMBERED = msgspec.json.Decoder(_Numbered)


def read_update(raw: bytes) -> Update:
    """Decode an update; one of a shape that is not known keeps its number only. Raises Malformed."""
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
        raise Malformed(f"the body is not a Telegram update: {error}") from error
