"""Holds the layout: floors, sizes, names, and how far one message travels."""
