"""Outgoing messages: where one stands, and what may become of it."""
