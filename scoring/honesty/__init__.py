"""How little a number may rest on: intervals, and what is withheld so that nobody can be singled out."""
