"""What is written into the tickets of help desks: links for customers, notes, tags, and that it is open again."""
