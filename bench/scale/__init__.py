"""Large databases: filled at once, and what is done in them measured."""
