"""The web side: the API, the doors for others, health, and the sandbox's page."""
