"""Decisions about campaigns: commands, occurrences, distribution, the calendar of the rules file."""
