"""Forms that nobody sends to customers: what they ask, and what a filled sheet earns."""
