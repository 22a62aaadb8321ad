"""The verification of a database: nothing is found in a sound one, and in a damaged one each damage by its row."""
