"""Telegram: customers in private chats, the team in its group."""

from bot.channels.telegram.channel import TelegramChannel, connect

__all__ = ["TelegramChannel", "connect"]
