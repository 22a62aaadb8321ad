"""Reads of reports that were made."""
