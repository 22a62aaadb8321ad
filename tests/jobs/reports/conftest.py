"""Fixtures of scheduled reports: the product in a test's hands, with schedules, a roster and a job that looks."""

from tests.support.web.fixtures import folder, house, service

__all__ = ["folder", "house", "service"]
