"""Rows of what a change comes to."""
