"""What figures, and time, bring to findings."""
