"""Fixtures of the web side."""

from tests.support.web.fixtures import api, empty_database, folder, house, service

__all__ = ["api", "empty_database", "folder", "house", "service"]
