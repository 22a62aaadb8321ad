"""How a real process starts, ends, and keeps time."""
