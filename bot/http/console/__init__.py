"""The web console: the sandbox's page."""
