"""Counts of ratings by local day and month: kept up, checked against the ratings, and read for the figures of a period.

What changes a rating notes the change (`storage.schema.rollup_tables`); in the background the changes are added up.
"""
