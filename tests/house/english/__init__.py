"""Holds the language: words, docstrings, and texts that people read."""
