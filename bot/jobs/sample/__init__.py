"""The sample company: a year of records that its seed determines, loaded into an empty database and removed again."""
