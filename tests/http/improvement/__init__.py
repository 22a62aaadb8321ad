"""Findings by API."""
