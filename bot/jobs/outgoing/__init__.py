"""Outgoing webhooks are sent here."""
