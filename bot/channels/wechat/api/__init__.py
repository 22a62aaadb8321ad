"""Requests to the platform: how they are written, sent and authorised."""
