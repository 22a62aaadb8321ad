"""The kinds of updates that are requested, and decoding one."""

import msgspec
from telegram.constants import UpdateType

from bot.channels.telegram.api.json_repair import repaired_json
from bot.channels.telegram.inbound.structs import Update
from bot.channels.webhooks import MalformedDelivery, UnreadableDelivery

__all__ = ["ALLOWED_UPDATES", "TELEGRAM_CHANNEL", "UnreadableUpdate", "read_update", "update_key"]

TELEGRAM_CHANNEL = "telegram"

# The list persists at Telegram when it is left out (Bot API, getUpdates), so it is always sent whole.
ALLOWED_UPDATES = (
    UpdateType.MESSAGE.value,
    UpdateType.EDITED_MESSAGE.value,
    UpdateType.CALLBACK_QUERY.value,
    UpdateType.MY_CHAT_MEMBER.value,
)


class _Numbered(msgspec.Struct):
    update_id: int


_UPDATE = msgspec.json.Decoder(Update)
_NUMBERED = msgspec.json.Decoder(_Numbered)


class UnreadableUpdate(UnreadableDelivery):
    """An update of a shape that is not known; its `number` is 0 where even that cannot be read."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why, update_key(number) if number else "")
        self.number = number


def read_update(raw: bytes) -> Update:
    """Return an update decoded, repaired where only a character is wrong.

    Raises MalformedDelivery for what is no JSON, UnreadableUpdate for JSON of a shape that is not known.
    """
    try:
        return _UPDATE.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        clean = repaired_json(raw)
    except ValueError as error:
        raise MalformedDelivery(f"the body is not a Telegram update: {error}") from None
    try:
        return _UPDATE.decode(clean)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnreadableUpdate(f"the body is not a Telegram update: {error}", _number(clean)) from None


def update_key(number: int) -> str:
    """Return the key of an update."""
    return f"{TELEGRAM_CHANNEL}:{number}"


def _number(raw: bytes) -> int:
    try:
        return _NUMBERED.decode(raw).update_id
    except (msgspec.MsgspecError, RecursionError):
        return 0
