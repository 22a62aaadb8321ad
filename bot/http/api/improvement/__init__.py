"""Findings and their measures by API."""
