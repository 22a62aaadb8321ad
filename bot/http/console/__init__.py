"""The web console; as yet the sandbox's page."""
