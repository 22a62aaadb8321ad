"""`huifang text …`: how comments are read."""
