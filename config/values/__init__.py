"""Types and parsers of single settings: durations, numbers, URLs and zones, texts, days, credentials, templates."""
