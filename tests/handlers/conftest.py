"""Fixtures for decisions that are asked for by HTTP, on a database of their own."""

from tests.support.web.fixtures import api, folder, house, service

__all__ = ["api", "folder", "house", "service"]
