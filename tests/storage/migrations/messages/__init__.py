"""Migrations of messages and of those to whom they go."""
