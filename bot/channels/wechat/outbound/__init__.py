"""Messages of ours: which send method is legal now, how it is written, what an error code means."""
