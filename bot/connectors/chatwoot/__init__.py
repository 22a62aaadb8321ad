"""Chatwoot: a webhook on conversations."""
