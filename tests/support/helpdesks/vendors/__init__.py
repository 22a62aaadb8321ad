"""Help desks as their APIs are: tickets that can be written to, for those who have a token."""
