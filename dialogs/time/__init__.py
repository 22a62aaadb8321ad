"""Calendar time: contact hours, working days, recurrence."""
