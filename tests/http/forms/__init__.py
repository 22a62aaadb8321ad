"""Filled sheets over the API."""
