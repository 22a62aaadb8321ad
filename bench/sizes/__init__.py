"""What a year of tickets takes of a machine, and what watching it costs."""
