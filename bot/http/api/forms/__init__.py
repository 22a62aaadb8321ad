"""Filled forms by API."""
