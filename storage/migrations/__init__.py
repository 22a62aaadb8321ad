"""Alembic's folder: how the tables came to be what `storage.schema.tables` says they are."""
