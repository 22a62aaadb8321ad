"""Forms: totals, grades, attainment, several raters."""
