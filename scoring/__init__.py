"""What a number means: scales, limits and alert rules, pure."""
