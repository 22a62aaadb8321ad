"""Which responses count twice: ordered rules find those that say the same again, and one of each group counts.

A rule groups the responses of a period by what they share and keeps the one of the source that goes before others, the
worst or the earliest. What a rule leaves goes to the next one. The outcome follows from the set of responses alone: it
does not depend on the order in which they came, and doing it again changes nothing.

The rules as shipped follow the assessment of after-sales service of a Chinese maker of household appliances: of an
installation the record from outside a screen is dropped where there is one from a screen; bad reviews of the same
telephone and address count once in a period, and so do several tickets of one user; the web goes before text messages.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from scoring.rules import mean
from scoring.scale import FIVE, Scale
from scoring.validity import ExclusionReason
from scoring.values import Value

__all__ = [
    "CHAT",
    "ENTERED_SOURCES",
    "DuplicateRule",
    "DuplicateRules",
    "FoundDuplicate",
    "KeptReview",
    "KeptSources",
    "Review",
    "ReviewPeriod",
    "SharedKey",
    "find_duplicates",
    "rated_badness",
]

ENTERED_SOURCES = tuple("web sms phone paper onsite platform".split())
"""The ways by which answers reach whoever enters them; `web` is our own page as well."""
CHAT = "chat"
"""How rules call every other way."""


class SharedKey(StrEnum):
    """What responses may share."""

    CLOSING = "closing"
    TICKET = "ticket"
    SURVEY = "survey"
    CUSTOMER = "customer"
    CONTACT = "contact"
    """The telephone number and the postal address, both the same."""


class ReviewPeriod(StrEnum):
    """How long a period is in which something counts once."""

    WEEK = "week"
    MONTH = "month"


class KeptSources(StrEnum):
    """How many of a group are kept."""

    ONE = "one"
    BEST = "best"
    """All that came by the source that goes before the others."""


class KeptReview(StrEnum):
    """Which of the responses of one source is kept."""

    EARLIEST = "earliest"
    WORST = "worst"


class Review(Value):
    """A response as the rules see it; a key that is empty is shared with nobody.

    `period` names that of its closing, `services` are words for the kind of service, `badness` is the mean of its
    ratings as a share of the scale, 0 for the lowest; `given_at` is when its last answer was given.
    """

    id: str
    source: str
    period: str
    keys: Mapping[SharedKey, str]
    badness: Fraction
    given_at: datetime
    services: frozenset[str] = frozenset()


class DuplicateRule(Value):
    """Responses of a period with the same keys count once; `services` and `bad_only` say for which it holds.

    `prefer` lists sources, those that go first in front, some of the same rank together.
    """

    name: str
    same: tuple[SharedKey, ...]
    reason: ExclusionReason = ExclusionReason.DUPLICATE
    services: frozenset[str] = frozenset()
    bad_only: bool = False
    prefer: tuple[tuple[str, ...], ...] = ()
    keep: KeptSources = KeptSources.ONE
    then: KeptReview = KeptReview.EARLIEST


class DuplicateRules(Value):
    """The rules in their order, with their version; periods that began before `effective_from` are left as they are.

    A response is bad where its mean is at or below `bad_at_or_below` on 1-5, and where that lies on another scale.
    """

    version: int = 0
    effective_from: date = date.min
    period: ReviewPeriod = ReviewPeriod.MONTH
    bad_at_or_below: Fraction = Fraction(2)
    rules: tuple[DuplicateRule, ...] = ()

    @property
    def within_tickets(self) -> "DuplicateRules":
        """The rules that look at one ticket alone, whatever the service."""
        keys = {SharedKey.CLOSING, SharedKey.TICKET}
        ours = (rule for rule in self.rules if keys & {*rule.same} and not rule.services)
        return DuplicateRules(self.version, self.effective_from, self.period, self.bad_at_or_below, tuple(ours))


class FoundDuplicate(Value):
    """A response that does not count: by which rule, and which response counts instead."""

    rule: DuplicateRule
    of: str


def rated_badness(values: Iterable[int], scale: Scale) -> Fraction | None:
    """Return the mean of ratings as a share of their scale, (mean - lowest) / (highest - lowest); None for none."""
    middle = mean(values)
    return None if middle is None else (middle - scale.lowest) / (scale.highest - scale.lowest)


def find_duplicates(reviews: Iterable[Review], rules: DuplicateRules) -> Mapping[str, FoundDuplicate]:
    """Return the responses that do not count by their ids; what they point at counts."""
    left, found = sorted(reviews, key=lambda one: one.id), dict[str, FoundDuplicate]()
    bad = (rules.bad_at_or_below - FIVE.lowest) / (FIVE.highest - FIVE.lowest)
    for rule in rules.rules:
        groups: dict[tuple[str, ...], list[Review]] = {}
        for review in left:
            if _holds(rule, review, bad):
                key = (review.period, *(review.keys.get(each, "") for each in rule.same))
                groups.setdefault(key, []).append(review)
        for group in groups.values():
            found |= _dropped(rule, group)
        left = [review for review in left if review.id not in found]
    return {one: FoundDuplicate(each.rule, _last(found, each.of)) for one, each in found.items()}


def _holds(rule: DuplicateRule, review: Review, bad: Fraction) -> bool:
    is_named = not rule.services or bool(rule.services & review.services)
    is_keyed = all(review.keys.get(each) for each in rule.same)
    return is_named and is_keyed and (not rule.bad_only or review.badness <= bad)


def _dropped(rule: DuplicateRule, group: list[Review]) -> Mapping[str, FoundDuplicate]:
    order = _order(rule)
    best = min(group, key=order)
    if rule.keep is KeptSources.BEST:
        rank = _rank(rule, best)
        group = [review for review in group if _rank(rule, review) > rank]
    return {review.id: FoundDuplicate(rule, best.id) for review in group if review is not best}


def _order(rule: DuplicateRule) -> Callable[[Review], tuple[int, Fraction, datetime, str]]:
    is_worst = rule.then is KeptReview.WORST
    return lambda one: (_rank(rule, one), one.badness if is_worst else Fraction(0), one.given_at, one.id)


def _rank(rule: DuplicateRule, review: Review) -> int:
    source = review.source if review.source in ENTERED_SOURCES else CHAT
    return next((place for place, named in enumerate(rule.prefer) if source in named), len(rule.prefer))


def _last(found: Mapping[str, FoundDuplicate], id_: str) -> str:
    while id_ in found:
        id_ = found[id_].of
    return id_
