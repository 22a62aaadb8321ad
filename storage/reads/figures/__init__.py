"""Reads of what figures are computed from."""
