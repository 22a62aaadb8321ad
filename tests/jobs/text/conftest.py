"""Fixtures of the tests of what becomes of words."""

from tests.support.web.fixtures import api, folder, house, service

__all__ = ["api", "folder", "house", "service"]
