"""Finds rules that can never decide, and pairs of rules of which it is unclear which one ought to."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import prod

from dialogs.invitation.survey_rules import FIELDS, SINGULAR, RuleFacts, SurveyRule, fits

__all__ = ["MOST_COMBINATIONS", "coverers", "overlaps", "unclear"]

MOST_COMBINATIONS = 10_000
"""Above that only whether one single rule covers another is looked at: 10,000 take a tenth of a second."""

_ANY_OTHER = "\x00"
"""Stands for all that no rule names; no id and no word of a help desk holds it."""


def coverers(rule: SurveyRule, earlier: Sequence[SurveyRule]) -> list[str]:
    """Return the earlier rules that together leave nothing to this one; empty where it can decide.

    Every combination of its own values is tried, with one tag at a time, for more tags never make a rule fit less.
    """
    if prod(len(values) for field in FIELDS if (values := getattr(rule, field))) > MOST_COMBINATIONS:
        return next(([other.name] for other in earlier if _covers(other, rule)), [])
    found: dict[str, None] = {}
    for facts in _samples(rule):
        first = next((other.name for other in earlier if fits(other, facts)), None)
        if first is None:
            return []
        found[first] = None
    return list(found)


def overlaps(one: SurveyRule, other: SurveyRule) -> bool:
    """Return whether a ticket may be what both rules are about."""
    return all(_meet(field, getattr(one, field), getattr(other, field)) for field in FIELDS)


def unclear(earlier: SurveyRule, later: SurveyRule) -> bool:
    """Return whether a ticket may fit both, neither is the narrower one, and it matters which decides."""
    if not (earlier.ask or later.ask):
        return False  # nobody is asked either way
    return overlaps(earlier, later) and not _covers(earlier, later) and not _covers(later, earlier)


def _covers(wide: SurveyRule, narrow: SurveyRule) -> bool:
    """Return whether one rule is about everything that the other is about."""
    return all(_holds(field, getattr(wide, field), getattr(narrow, field)) for field in FIELDS)


def _holds(field: str, wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide:
        return True
    if field == "customers":
        return bool(narrow) and all(any(_glob_holds(glob, one) for glob in wide) for one in narrow)
    return bool(narrow) and set(narrow) <= set(wide)


def _meet(field: str, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other or field == "tags":  # a ticket may bear any two tags
        return True
    if field == "customers":
        return any(_globs_meet(left, right) for left, right in product(one, other))
    return not set(one).isdisjoint(other)


def _samples(rule: SurveyRule) -> Iterator[RuleFacts]:
    """Return closings that stand for all that the rule is about."""
    singles = list(SINGULAR)
    for values in product(*(getattr(rule, field) or (_ANY_OTHER,) for field in singles)):
        place = {SINGULAR[field]: value for field, value in zip(singles, values, strict=True)}
        place["customer"] = place["customer"].replace("*", _ANY_OTHER)
        for tag in rule.tags or (_ANY_OTHER,):
            yield RuleFacts(ticket="", closing=1, tags=(tag,), **place)


def _glob_holds(wide: str, narrow: str) -> bool:
    """Return whether every id that fits `narrow` fits `wide`: its `*` stands for what only another `*` can take."""
    only = SurveyRule("", customers=(wide,))
    return fits(only, RuleFacts("", "", 1, customer=narrow.replace("*", _ANY_OTHER)))


@cache
def _globs_meet(one: str, other: str) -> bool:
    """Return whether some id fits both."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return _globs_meet(one[1:], other) or _globs_meet(one, other[1:])
    if other[0] == "*":
        return _globs_meet(other, one)
    return one[0] == other[0] and _globs_meet(one[1:], other[1:])
