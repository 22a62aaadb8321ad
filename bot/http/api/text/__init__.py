"""What customers write, by API: the phrases of a period, and what is decided about new ones."""
