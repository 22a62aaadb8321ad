"""Fixtures of the rows about periods."""

from tests.support.web.fixtures import api, folder, house, service

__all__ = ["api", "folder", "house", "service"]
