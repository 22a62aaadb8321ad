"""Decisions of the survey page."""
