"""Rows of where answers come from, and of what counts twice."""
