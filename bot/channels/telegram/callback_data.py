"""The bytes of an inline button: `callback_data`, 1 to 64 bytes (Bot API, InlineKeyboardButton)."""

from telegram.constants import InlineKeyboardButtonLimit

from bot.channels.button_data import compact_codec

__all__ = ["CALLBACK_DATA"]

CALLBACK_DATA = compact_codec("button", int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA))
