"""The words by which comments are read."""
