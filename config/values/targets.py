"""Targets as an owner writes them: `csat >= 95`, `time_on_site <= 24h area=town`."""

import re
from fractions import Fraction

from config.errors import InvalidValue
from config.values.durations import read_duration, read_list
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricSource, MetricUnit
from scoring.metrics.metric_targets import MOMENTS, TIMED_METRICS, MetricTarget

__all__ = ["read_targets"]

_FORM = re.compile(
    r"(\w+(?:\.\.\w+)?)\s*(>=|<=|≥|≤)\s*(\S+?)(\s+working)?(?:\s+for\s+(\d+(?:\.\d+)?)\s*%?)?((?:\s+\w+=\S+)*)"
)
_HOW = "Write it as csat >= 95, or time_on_site <= 24h for 95 area=town, or assigned..onsite <= 2h working."


def read_targets(value: object) -> tuple[MetricTarget, ...]:
    """Return targets from a list. Raises InvalidValue."""
    if isinstance(value, tuple) and all(isinstance(one, MetricTarget) for one in value):
        return value
    return tuple(map(_target, read_list(value)))


def _target(text: str) -> MetricTarget:
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InvalidValue(f"{text!r} is no target.", _HOW)
    name, sign, limit, working, share, places = found.groups()
    ends = _ends(text, name)
    source = MetricSource.VISITS if ends else CATALOGUE[name].source
    cut, is_most = dict(place.split("=", 1) for place in places.split()), sign in ("<=", "≤")
    for key in cut:
        if key not in METRIC_KEYS[source]:
            known = ", ".join(METRIC_KEYS[source])
            raise InvalidValue(f"{text!r}: {name} has no key {key!r}.", f"Take one or two of {known}.")
    if working and not ends:
        raise InvalidValue(f"{text!r}: only the times of a visit are counted in working time.", _HOW)
    if ends or CATALOGUE[name].unit is MetricUnit.SECONDS:
        if not is_most or not (ends or name in TIMED_METRICS):
            raise InvalidValue(f"{text!r} limits no case.", f"Take at most (<=) of {', '.join(sorted(TIMED_METRICS))}.")
        seconds, portion = Fraction(read_duration(limit).total_seconds()), Fraction(share) if share else None
        return MetricTarget(text.strip(), name, seconds, is_most, portion, cut, ends, bool(working))
    if share:
        raise InvalidValue(f"{text!r}: only a length of time is kept by a share of cases.", _HOW)
    try:
        return MetricTarget(text.strip(), name, Fraction(limit.rstrip("%")), is_most, None, cut)
    except ValueError:
        raise InvalidValue(f"{text!r}: {limit!r} is no number.", _HOW) from None


def _ends(text: str, name: str) -> tuple[str, str] | None:
    """Return the moments of a visit between which a time lies, None for what is none. Raises InvalidValue."""
    first, between, last = name.partition("..")
    if not between:
        if name not in CATALOGUE:
            raise InvalidValue(f"{text!r}: there is no metric {name!r}.", "Take one of huifang metrics.")
        return TIMED_METRICS.get(name)
    for moment in (first, last):
        if moment not in MOMENTS:
            raise InvalidValue(f"{text!r}: {moment!r} is no moment of a visit.", f"Take two of {', '.join(MOMENTS)}.")
    return first, last
