"""Fixtures of reports: the web side on a database of its own."""

from tests.support.web.fixtures import api, folder, house, service

__all__ = ["api", "folder", "house", "service"]
