"""`huifang finding …`: what is to be improved, and what became of it."""
