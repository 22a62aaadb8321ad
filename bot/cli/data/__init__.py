"""`huifang export`: everything that is stored, in files that others can read."""
