"""Lists that differ from company to company: words for statuses, kinds of service, peaks, who is on probation."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from unicodedata import normalize

from dialogs.time.periods import YearlyPeak
from scoring.values import Value, field

__all__ = ["CompanyLists", "Probation", "folded_word"]


def folded_word(text: str) -> str:
    """Return a word in one spelling: half width, lower case, single spaces."""
    return " ".join(normalize("NFKC", text).casefold().split())


class Probation(Value):
    """Who is on probation until the `last` day, as tickets and sheets know them; from the beginning without `first`."""

    agent: str
    last: date
    first: date | None = None

    def covers(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return day <= self.last and (self.first is None or self.first <= day)


class CompanyLists(Value):
    """What words of tickets mean, by the folded word: its status, its kind of service; and the peaks of the year.

    Whoever is on `probation` for most of a period, by its middle day, is left out of its results and bands.
    """

    statuses: Mapping[str, str] = field(default_factory=dict)
    service_types: Mapping[str, str] = field(default_factory=dict)
    peaks: tuple[YearlyPeak, ...] = ()
    source_weights: Mapping[str, Fraction] = field(default_factory=dict)
    """What each source weighs in the verdict on a ticket."""
    probation: tuple[Probation, ...] = ()

    def status_of(self, word: str) -> str:
        """Return the status that a help desk's word stands for; empty where it is in no list."""
        return self.statuses.get(folded_word(word), "")
