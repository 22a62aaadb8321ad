"""Decisions about customers: binding, consent, commands, data requests."""
