"""The clocks that run for a ticket by the targets of its times: since when, when to warn, and when time is over."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction

from scoring.metrics.metric_targets import Deadline, MetricTarget
from scoring.values import Value

__all__ = ["TicketClock", "running_clocks"]


class TicketClock(Value):
    """A target that a ticket has yet to keep."""

    target: MetricTarget
    start: datetime
    warn_at: datetime
    due_at: datetime


def running_clocks(
    targets: Iterable[MetricTarget],
    at: Mapping[str, datetime],
    keys: Mapping[str, str],
    working: Deadline,
    warn_after: Fraction,
) -> list[TicketClock]:
    """Return the clocks of an open ticket that have begun and not ended, the next to end first.

    `at` are its moments (see `MOMENTS`), `keys` what it can be cut by; `warn_after` is the share of the time after
    which to warn. Of several targets of the same time the one counts that ends first.
    """
    found: dict[str, TicketClock] = {}
    for target in targets:
        if target.ends is None or any(keys.get(key) != value for key, value in target.cut.items()):
            continue
        start, end = (at.get(name) for name in target.ends)
        if start is None or end is not None:
            continue
        due, warn = target.due_at(start, working), target.due_at(start, working, warn_after)
        known = found.get(target.metric)
        if known is None or due < known.due_at:
            found[target.metric] = TicketClock(target, start, warn, due)
    return sorted(found.values(), key=lambda clock: (clock.due_at, clock.target.metric))
