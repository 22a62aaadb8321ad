"""The documents at `/docs`."""
