"""Keeps the syntax trees of the whole house no longer than its tests run, and out of garbage collection meanwhile."""

import gc
from collections.abc import Iterator

import pytest

from tests.house.tree import nodes, syntax


@pytest.fixture(scope="package", autouse=True)
def _trees() -> Iterator[None]:
    """Free the trees afterwards: half a million nodes, which each full collection of the run would look at."""
    gc.disable()
    yield
    nodes.cache_clear()
    syntax.cache_clear()
    gc.enable()
