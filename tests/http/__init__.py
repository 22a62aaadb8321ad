"""The web side, driven as the world drives it: over ASGI, on a real database."""
