"""Freshdesk: an automation rule's webhook."""
