"""Decisions about issues."""
