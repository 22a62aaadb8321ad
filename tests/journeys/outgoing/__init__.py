"""Outgoing webhooks, through a real process."""
