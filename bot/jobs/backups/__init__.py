"""Backups that are made by themselves, and what is decided once after a restore."""
