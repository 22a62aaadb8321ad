"""Sending: the queue, the rate limits, the sender."""
