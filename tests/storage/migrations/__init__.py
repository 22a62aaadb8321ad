"""Migrating a filled database of an earlier version: everything that it tells is the same afterwards.

`v0_1/` holds what version 0.1 (tables `0005_outbox_about`) left on each engine after 15 months of invented work: every
survey, kind of issue, state of a message, reason, campaign and request that it could reach, cut off in the middle by a
kill. The dumps are SQL, and `expected.json` is what that version itself told of them. None of these is ever made again.
"""
