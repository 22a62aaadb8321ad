"""When an answer becomes a problem: limits on ratings and their mean, and words that alarm."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import floor

from scoring.scale import FIVE, Scale
from scoring.values import Value

__all__ = ["AlertRule", "Assessment", "Severity", "alert_words", "assess", "mean"]


class Severity(StrEnum):
    """How loud an issue is, quietest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    def at_least(self, other: "Severity") -> "Severity":
        """Return the louder of the two."""
        order = list(Severity)
        return max(self, other, key=order.index)


class AlertRule(Value):
    """Limits stated on `scale`; `words` alarm wherever a customer writes them."""

    rating_at_or_below: Fraction = Fraction(2)
    mean_below: Fraction = Fraction(3)
    words: tuple[str, ...] = ()
    scale: Scale = FIVE

    def on(self, scale: Scale) -> "AlertRule":
        """State the same limits on another scale, mapped linearly."""
        if scale is self.scale:
            return self
        return AlertRule(
            scale.limit_from(self.scale, self.rating_at_or_below),
            scale.limit_from(self.scale, self.mean_below),
            self.words,
            scale,
        )


class Assessment(Value):
    """Why a response is a problem (`reasons`, readable in any language) and how loud."""

    reasons: tuple[str, ...] = ()
    severity: Severity = Severity.NORMAL

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self.reasons)


def mean(ratings: Iterable[int]) -> Fraction | None:
    """Return the exact arithmetic mean in the scale's units, None when nothing was rated."""
    values = tuple(ratings)
    return Fraction(sum(values), len(values)) if values else None


def alert_words(text: str, rule: AlertRule) -> tuple[str, ...]:
    """List the rule's words that a text contains, letter case ignored."""
    folded = text.casefold()
    return tuple(word for word in rule.words if word.casefold() in folded)


def assess(scale: Scale, ratings: Mapping[str, int], texts: Iterable[str], rule: AlertRule) -> Assessment:
    """Find what is wrong in a response; `rule` may be stated on any scale."""
    limits = rule.on(scale)
    low = _low_ratings(ratings, limits)
    reasons = low if len(ratings) == len(low) == 1 else (*low, *_low_mean(ratings, limits))
    words = tuple(dict.fromkeys(word for text in texts for word in alert_words(text, limits)))
    worst = scale.lowest in ratings.values() or bool(words)
    return Assessment((*reasons, *(f"word {word}" for word in words)), Severity.HIGH if worst else Severity.NORMAL)


def _low_ratings(ratings: Mapping[str, int], limits: AlertRule) -> tuple[str, ...]:
    limit = limits.rating_at_or_below
    highest = floor(limit)  # whole numbers compare quickly, and ratings are whole
    low = [(question, value) for question, value in ratings.items() if value <= highest]
    return tuple(f"{question} {value} ≤ {_plain(limit)}" for question, value in low)


def _low_mean(ratings: Mapping[str, int], limits: AlertRule) -> tuple[str, ...]:
    below, total = limits.mean_below, sum(ratings.values())
    if not ratings or total * below.denominator >= below.numerator * len(ratings):
        return ()
    return (f"mean {_plain(Fraction(total, len(ratings)))} < {_plain(below)}",)


def _plain(number: Fraction) -> str:
    return f"{float(number):.4g}"
