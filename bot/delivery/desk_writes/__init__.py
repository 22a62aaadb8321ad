"""Writes into the tickets of help desks what the outbox holds for them."""
