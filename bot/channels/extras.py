"""Importing a library without its optional extras."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

__all__ = ["without_extras"]


@contextmanager
def without_extras(*packages: str) -> Iterator[None]:
    """Let packages count as not installed while the block imports; those that are loaded already stay as they are.

    A name with None in `sys.modules` raises ModuleNotFoundError when it is imported (Python reference, 5.3.1), which is
    how libraries find out whether an extra of theirs is there.
    """
    absent = [package for package in packages if package not in sys.modules]
    sys.modules.update(cast("dict[str, ModuleType]", dict.fromkeys(absent)))
    try:
        yield
    finally:
        for package in absent:
            del sys.modules[package]
