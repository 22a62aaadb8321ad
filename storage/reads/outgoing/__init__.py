"""Reads of outgoing webhooks."""
