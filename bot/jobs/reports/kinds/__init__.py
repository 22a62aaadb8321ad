"""Kinds of reports that are more than chapters of figures: repairs, peaks, sheets, and what is held of data."""
