"""Tests in several processes, forked after the collection, which is done once and takes as long as 500 tests."""

from tests.support.forked.loop import ForkedLoop, add_option

__all__ = ["ForkedLoop", "add_option"]
