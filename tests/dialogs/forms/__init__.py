"""Forms that nobody sends to customers."""
