"""`huifang export` and `huifang import`: everything that is stored in files that others can read, and their way in."""
