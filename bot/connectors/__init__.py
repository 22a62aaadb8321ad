"""Help desks that deliver tickets in their own format: a folder each, listed in the registry."""
