"""Targets as an owner writes them: `csat >= 95`, `time_on_site <= 24h area=town`."""

import re
from fractions import Fraction

from config.errors import InvalidValue
from config.values.durations import read_duration, read_list
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricUnit
from scoring.metrics.metric_targets import TIMED_METRICS, MetricTarget

__all__ = ["read_targets"]

_FORM = re.compile(r"(\w+)\s*(>=|<=|≥|≤)\s*(\S+)(?:\s+for\s+(\d+(?:\.\d+)?)\s*%?)?((?:\s+\w+=\S+)*)")
_HOW = "Write it as csat >= 95, or time_on_site <= 24h for 95 area=town."


def read_targets(value: object) -> tuple[MetricTarget, ...]:
    """Return targets from a list. Raises InvalidValue."""
    if isinstance(value, tuple) and all(isinstance(one, MetricTarget) for one in value):
        return value
    return tuple(map(_target, read_list(value)))


def _target(text: str) -> MetricTarget:
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise InvalidValue(f"{text!r} is no target.", _HOW)
    name, sign, limit, share, places = found.groups()
    if name not in CATALOGUE:
        raise InvalidValue(f"{text!r}: there is no metric {name!r}.", "Take one of huifang metrics.")
    metric, is_most = CATALOGUE[name], sign in ("<=", "≤")
    cut = dict(place.split("=", 1) for place in places.split())
    for key in cut:
        if key not in METRIC_KEYS[metric.source]:
            known = ", ".join(METRIC_KEYS[metric.source])
            raise InvalidValue(f"{text!r}: {name} has no key {key!r}.", f"Take one or two of {known}.")
    if metric.unit is MetricUnit.SECONDS:
        if name not in TIMED_METRICS or not is_most:
            raise InvalidValue(f"{text!r} limits no case.", f"Take at most (<=) of {', '.join(sorted(TIMED_METRICS))}.")
        seconds = Fraction(read_duration(limit).total_seconds())
        return MetricTarget(text.strip(), name, seconds, is_most, Fraction(share) if share else None, cut)
    if share:
        raise InvalidValue(f"{text!r}: only a length of time is kept by a share of cases.", _HOW)
    try:
        return MetricTarget(text.strip(), name, Fraction(limit.rstrip("%")), is_most, None, cut)
    except ValueError:
        raise InvalidValue(f"{text!r}: {limit!r} is no number.", _HOW) from None
