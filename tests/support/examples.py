"""What `make test` leaves to `make proof`: nine of ten examples of invented input, and cases that differ in little.

Every test with a database of either kind runs on one of both, most on SQLite, which is there without a server; where
the databases themselves are tried, it runs on both. A test marked `some(count)` runs with so many of its cases.
Where each case opens a service, a database or a chat, two cases of a test are run that is not marked.
The choice depends on names alone: it is the same in every run, and each file meets each value.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings

__all__ = ["CaseChoice", "register_profiles", "tries"]

_ALL = 100
"""Examples of a test that names no number of its own, in `make proof`."""

_REST = "rest"
"""The mark of a case that `make test` leaves to `make proof`."""
_KINDS = ("sqlite", "postgres")
_IN_FIVE = 5
"""One test of so many runs on PostgreSQL."""
_ON_BOTH = ({"storage", "connection"}, {"test_query_plans.py"})
"""Folders and files of tests about the databases themselves."""
_OPENING = {*"channels cli control delivery handlers http jobs reports rows storage wiring".split()}
"""Folders of tests each case of which opens something that takes a hundred times as long as what it says."""
_FEW = 2
"""Cases that are run there of a test with more."""


def register_profiles() -> None:
    """Register the profiles `quick`, which is loaded, and `proof`."""
    # No deadline: a slow moment of a shared machine is no bug of the product.
    settings.register_profile("quick", deadline=None, max_examples=_ALL // 10)
    settings.register_profile("proof", deadline=None, max_examples=_ALL)
    settings.load_profile("quick")


def tries(examples: int, **others: Any) -> settings:  # noqa: ANN401 (fields of hypothesis.settings)
    """Let a test try so many examples in `make proof`, and its share of them in `make test`."""
    return settings(max_examples=max(5, examples * settings().max_examples // _ALL), **others)


class CaseChoice:
    """Marks the cases that are left, before pytest looks at marks; a plugin."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark what is left of each test that has several cases."""
        cases = defaultdict[str, list[pytest.Function]](list)
        for item in items:
            if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
                cases[item.nodeid.partition("[")[0]].append(item)
        for of_one in cases.values():
            for item in _left(of_one):
                item.add_marker(_REST)


def _left(cases: list[pytest.Function]) -> Iterable[pytest.Function]:
    if some := cases[0].get_closest_marker("some"):
        taken = _taken(cases, *some.args)
        return [case for case in cases if case not in taken]
    places = {*cases[0].path.parts, cases[0].path.name}
    if any(names <= places for names in _ON_BOTH):
        return ()
    left = set(_on_the_other_kind(cases))
    tried = [case for case in cases if case not in left]
    return left | {*tried} - {*_taken(tried, _FEW)} if _OPENING & places else left


def _taken(cases: Iterable[pytest.Function], count: int) -> Collection[pytest.Function]:
    """Choose cases that have as many values of each parameter as so many cases can have."""
    left = sorted(cases, key=lambda case: crc32(case.nodeid.encode()))
    seen, taken = set[tuple[str, int]](), list[pytest.Function]()
    while left and len(taken) < count:
        best = max(left, key=lambda case: len(_values(case) - seen))
        left.remove(best)
        taken.append(best)
        seen |= _values(best)
    return taken


def _values(case: pytest.Function) -> set[tuple[str, int]]:
    return {(name, id(value)) for name, value in case.callspec.params.items()}


def _on_the_other_kind(cases: Iterable[pytest.Function]) -> list[pytest.Function]:
    """Return of each pair of cases, which differ in the kind of database only, one."""
    pairs = defaultdict[str, dict[str, pytest.Function]](dict)
    for case in cases:
        for kind in {*_KINDS} & {value for value in case.callspec.params.values() if isinstance(value, str)}:
            pairs[case.nodeid.replace(kind, "*")][kind] = case
    return [
        pair[_KINDS[crc32(name.encode()) % _IN_FIVE > 0]]  # of the two the second one, for four names of five
        for name, pair in pairs.items()
        if len(pair) == len(_KINDS)
    ]
