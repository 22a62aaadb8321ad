"""What a number, and a sentence, means: scales, metrics and alert rules, pure."""
