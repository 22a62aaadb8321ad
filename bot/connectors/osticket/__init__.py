"""osTicket: a plugin of a few lines."""
