"""The HTTP doors of a real process, used and attacked."""
