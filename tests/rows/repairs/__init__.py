"""Rows about repairs: done again, rework, claims, faults."""
