"""Holds the documents: what they name exists, what they print is true."""
