"""What counts: nothing is deleted, so every rating given is counted or excluded, and raw = counted + excluded."""

from collections.abc import Iterator
from enum import StrEnum

from scoring.values import Value

__all__ = [
    "AUTOMATIC",
    "BY_RULE",
    "COUNTING_RULES",
    "Effort",
    "ExclusionReason",
    "RaisedFlag",
    "ResponseFlag",
    "effort_flags",
]

COUNTING_RULES = 1
"""The version of the rules by which a rating counts or not; stored with each, and higher after each change of them."""


class ExclusionReason(StrEnum):
    """Why a rating that was given does not count."""

    REOPENED = "reopened"
    """The ticket was opened again before the interview had ended: the visit that it is about was not over."""
    TEST = "test"
    """The customer is one of the owner's own."""
    DUPLICATE = "duplicate"
    """The closing was answered by the same customer before."""
    DUPLICATE_OFFLINE = "duplicate_offline"
    """The same is there from a screen, and this came from outside one."""
    DUPLICATE_SOURCE = "duplicate_source"
    """The same is there from a source that goes before this one."""
    DUPLICATE_PERSON = "duplicate_person"
    """The same person's review in this period counts already."""
    TOO_FAST = "too_fast"
    STRAIGHT_LINE = "straight_line"
    CONTRADICTION = "contradiction"
    """The words say the opposite of the ratings."""
    MALICIOUS = "malicious"
    """Given to harm: abuse, no visit, again and again."""
    OFF_TOPIC = "off_topic"
    """It is clearly about something else."""


class ResponseFlag(StrEnum):
    """What makes a response doubtful; most flags are for people to look at, and exclude nothing."""

    INCOMPLETE = "incomplete"
    """It ended with questions that were neither rated nor skipped: these are missing, the others count."""
    TOO_FAST = "too_fast"
    """Given in less than a second per rating, which is no time to read."""
    STRAIGHT_LINE = "straight_line"
    """Every rating is the same, of five at least, given too fast and without a word: little effort."""
    DUPLICATE = "duplicate"
    """The same customer has answered the same survey about the same closing before: the first counts."""
    TEST = "test"
    """The customer is one of the owner's own, for trying."""
    CONTRADICTION = "contradiction"
    """The words say the opposite of the ratings, and the customer has not said which of them is meant."""


AUTOMATIC = {ResponseFlag.DUPLICATE: ExclusionReason.DUPLICATE, ResponseFlag.TEST: ExclusionReason.TEST}
"""The flags that exclude a response by themselves."""

BY_RULE = (
    ExclusionReason.DUPLICATE,
    ExclusionReason.DUPLICATE_OFFLINE,
    ExclusionReason.DUPLICATE_SOURCE,
    ExclusionReason.DUPLICATE_PERSON,
)
"""The reasons that rules of what counts once may have."""

_FASTEST = 1
"""Seconds per rating (an absolute floor, since a share of the median would depend on whom it judges)."""
_LINE = 5
"""Five equal ratings are what a satisfied customer gives, so they are never a flag alone."""


class RaisedFlag(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A flag with its figures: `why` is read by people who judge the response.

    A duplicate that a rule has found names the `rule`, the reason, and the response `of` which it is one.
    """

    flag: ResponseFlag
    why: str = ""
    reason: ExclusionReason | None = None
    rule: str = ""
    of: str = ""

    @property
    def excludes(self) -> ExclusionReason | None:
        """Why the response does not count for it, None where it is only to be looked at."""
        return self.reason or AUTOMATIC.get(self.flag)


class Effort(Value):
    """How a response was given: its ratings in the scale's units, of so many items `asked`, `missing` at its end.

    `gestures` is the number of moments at which something was rated (one text may rate all), `seconds` the time from
    the first to the last.
    """

    ratings: tuple[int, ...]
    asked: int
    missing: int
    gestures: int
    seconds: float
    has_words: bool


def effort_flags(effort: Effort) -> Iterator[RaisedFlag]:
    """Yield the flags of a response that has ended: incomplete, too fast, a straight line."""
    if effort.ratings and effort.missing:
        yield RaisedFlag(ResponseFlag.INCOMPLETE, f"{effort.missing} of {effort.asked} items are missing")
    is_fast = effort.gestures > 1 and effort.seconds < _FASTEST * (effort.gestures - 1)
    if is_fast:
        yield RaisedFlag(ResponseFlag.TOO_FAST, f"{effort.gestures} ratings within {effort.seconds:.1f} s")
    is_line = len(effort.ratings) >= _LINE and len(set(effort.ratings)) == 1
    if is_fast and is_line and not effort.has_words:
        yield RaisedFlag(ResponseFlag.STRAIGHT_LINE, f"{len(effort.ratings)} times {effort.ratings[0]}, without a word")
