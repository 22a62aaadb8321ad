"""Imports as they run: a file is checked row by row, then stored chunk by chunk, or taken back."""
