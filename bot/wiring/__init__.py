"""The composition of the service from its settings."""
