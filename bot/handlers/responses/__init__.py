"""Decisions about responses as a whole: what a colleague enters for a customer."""
