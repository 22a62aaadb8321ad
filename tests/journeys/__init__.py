"""Journeys: the real process against a fake Telegram over real HTTP, from a closed ticket to a closed issue."""
