"""Figures that are kept, and whatever makes them out of date."""
