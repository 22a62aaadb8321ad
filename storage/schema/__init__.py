"""The database schema: tables, columns, column types, constants in SQL."""
