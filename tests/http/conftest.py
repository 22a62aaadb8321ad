"""Fixtures of the web side."""

from tests.support.web.fixtures import api, folder, house, service

__all__ = ["api", "folder", "house", "service"]
