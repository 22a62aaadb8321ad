"""Webhooks of help desks and chat platforms, and their signatures."""
