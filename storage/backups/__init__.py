"""Backups: a database at one moment as one file, and back.

`make_backup` and `restore_backup` are all that others call; both look at the kind of database.
"""
