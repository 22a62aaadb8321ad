"""Migrations to what is kept of figures and of comments."""
