"""One file per change of the tables, never edited after its release."""
