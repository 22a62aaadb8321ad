"""Migrations to what is kept of figures."""
