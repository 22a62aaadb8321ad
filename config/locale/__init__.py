"""What languages bring: phrases, formats of dates and numbers, working days."""
