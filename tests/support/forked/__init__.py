"""Tests in several processes, forked after the collection, which is done once and takes as long as 500 tests.

This is loaded before all other plugins (pyproject.toml), one of which brings numpy in: as the product does, it computes
with one thread. Threads of several processes that wait for each other at full speed take twenty times as long.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tests.support.forked.loop import ForkedLoop, add_option

__all__ = ["ForkedLoop", "add_option"]
