"""The tables of reports that were made."""
