"""Reads about what is to be improved."""
