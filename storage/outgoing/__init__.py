"""Outgoing webhooks in the database: what is to be delivered, who delivers it, and what became of it."""
