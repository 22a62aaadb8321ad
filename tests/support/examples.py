"""How many examples the tests with invented input try: a fifth of them in `make test`, all of them in `make proof`."""

from typing import Any

from hypothesis import settings

__all__ = ["register_profiles", "tries"]

_ALL = 100
"""Examples of a test that names no number of its own, in `make proof`."""


def register_profiles() -> None:
    """Register the profiles `quick`, which is loaded, and `proof`."""
    # No deadline: a slow moment of a shared machine is no bug of the product.
    settings.register_profile("quick", deadline=None, max_examples=_ALL // 5)
    settings.register_profile("proof", deadline=None, max_examples=_ALL)
    settings.load_profile("quick")


def tries(examples: int, **others: Any) -> settings:  # noqa: ANN401 (fields of hypothesis.settings)
    """Let a test try so many examples in `make proof`, and its share of them in `make test`."""
    return settings(max_examples=max(5, examples * settings().max_examples // _ALL), **others)
