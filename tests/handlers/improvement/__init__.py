"""Decisions about findings and their measures."""
