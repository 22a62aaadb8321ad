"""Files on their way from the database to a chat."""
