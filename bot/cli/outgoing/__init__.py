"""Outgoing webhooks on the command line."""
