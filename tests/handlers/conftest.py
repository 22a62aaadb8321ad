"""Fixtures for decisions that are asked for by HTTP, on a database of their own."""

from tests.support.web.fixtures import api, empty_database, folder, house, service

__all__ = ["api", "empty_database", "folder", "house", "service"]
