"""Lists that differ from company to company: words for statuses, kinds of service, peaks of the year."""

from collections.abc import Mapping
from fractions import Fraction
from unicodedata import normalize

from dialogs.time.periods import YearlyPeak
from scoring.values import Value, field

__all__ = ["CompanyLists", "folded_word"]


def folded_word(text: str) -> str:
    """Return a word in one spelling: half width, lower case, single spaces."""
    return " ".join(normalize("NFKC", text).casefold().split())


class CompanyLists(Value):
    """What words of tickets mean, by the folded word: its status, its kind of service; and the peaks of the year."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    service_types: Mapping[str, str] = field(default_factory=dict)
    peaks: tuple[YearlyPeak, ...] = ()
    source_weights: Mapping[str, Fraction] = field(default_factory=dict)
    """What each source weighs in the verdict on a ticket."""

    def status_of(self, word: str) -> str:
        """Return the status that a help desk's word stands for; empty where it is in no list."""
        return self.statuses.get(folded_word(word), "")
