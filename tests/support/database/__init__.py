"""Databases of tests: a PostgreSQL server, migrated templates, and looks into the rows of a running product."""
