"""Decisions about campaigns."""
