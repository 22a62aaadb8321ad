"""Conversations as people read them: `name>` lines are the script, the rest is what the product says."""
