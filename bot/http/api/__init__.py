"""`/api/v1`: tickets in, answers and issues out."""
