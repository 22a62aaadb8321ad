"""Moments of which it is not known whether they have passed, because the wall clock is not corroborated."""

from datetime import datetime

from scoring.values import Value

__all__ = ["Doubt", "has_passed", "is_held"]


class Doubt(Value):
    """The wall clock may be wrong: what lies after `since` and before `until` may have passed or not.

    `since` is the last moment known to have passed, None where none is known. From `until` on the wall clock has been
    seen to run. `is_contradicted`: another clock disagrees with it.
    """

    since: datetime | None
    until: datetime
    is_contradicted: bool = False

    def covers(self, moment: datetime) -> bool:
        """Return whether it is unknown if this moment has passed."""
        return moment < self.until and (self.since is None or moment > self.since)


def has_passed(moment: datetime, now: datetime, doubt: Doubt | None) -> bool:
    """Return whether a moment has passed for certain, so that what cannot be undone may follow from it."""
    return moment <= now and (doubt is None or not doubt.covers(moment))


def is_held(wake_at: datetime, ends_at: datetime | None, now: datetime, doubt: Doubt | None) -> bool:
    """Return whether what fell due at `wake_at` waits until the time is corroborated.

    `ends_at` is the moment with which something ends for good: nothing ends, is skipped or closed by a time that is in
    doubt, while a message may go. Where another clock contradicts ours, nothing is done that fell due in the doubt.
    """
    if doubt is None:
        return False
    if doubt.is_contradicted and doubt.covers(wake_at):
        return True
    return ends_at is not None and ends_at <= now and doubt.covers(ends_at)
