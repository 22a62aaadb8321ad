"""Forms: weighted sections, totals, grades; pure functions."""
