"""Migrations to what is kept of figures, comments and files."""
