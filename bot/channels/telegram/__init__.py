"""Telegram: customers in private chats, the team in its group."""
