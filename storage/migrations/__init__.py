"""Alembic's folder: how the tables came to be what `storage.tables` says they are."""
