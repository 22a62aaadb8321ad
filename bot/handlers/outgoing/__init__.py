"""Outgoing webhooks: what a decision tells whoever listens, and the endpoints themselves."""
