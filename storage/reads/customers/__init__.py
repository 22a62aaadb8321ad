"""Reads that find customers."""
