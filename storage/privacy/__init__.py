"""Retention, erasure, export of personal data."""
