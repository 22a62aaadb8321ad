"""The storage suite: everything here runs on SQLite and on PostgreSQL."""
