"""When an answer becomes a problem: limits on ratings and their mean, and words that alarm."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import floor

from scoring.scale import FIVE, Scale
from scoring.values import Value

__all__ = [
    "AlertKind",
    "AlertReason",
    "AlertRule",
    "AlertSubject",
    "AlertWord",
    "Assessment",
    "LowMean",
    "LowRating",
    "Severity",
    "alert_words",
    "assess",
    "mean",
]


class Severity(StrEnum):
    """How severe an issue is, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    def at_least(self, other: "Severity") -> "Severity":
        """Return the higher of the two."""
        order = list(Severity)
        return max(self, other, key=order.index)


class AlertRule(Value):
    """Limits stated on `scale`; `words` alarm wherever a customer writes them."""

    rating_at_or_below: Fraction = Fraction(2)
    mean_below: Fraction = Fraction(3)
    words: tuple[str, ...] = ()
    scale: Scale = FIVE

    def on(self, scale: Scale) -> "AlertRule":
        """Return the same limits on another scale, mapped linearly."""
        if scale is self.scale:
            return self
        return AlertRule(
            scale.limit_from(self.scale, self.rating_at_or_below),
            scale.limit_from(self.scale, self.mean_below),
            self.words,
            scale,
        )


class AlertKind(StrEnum):
    """What in a response alarms; the `kind` by which a reason is told from others where it is stored."""

    RATING = "rating"
    MEAN = "mean"
    WORD = "word"


class AlertSubject(Value):
    """What a reason is about, whatever its figures: a question's rating, the mean, a word."""

    kind: AlertKind
    of: str = ""

    def __str__(self) -> str:
        """Return it as the export of a person's data tells it: `response_speed`, `mean`, `word refund`."""
        return {AlertKind.RATING: self.of, AlertKind.MEAN: "mean"}.get(self.kind, f"word {self.of}")


class LowRating(Value, tag_field="kind", tag=AlertKind.RATING.value):
    """A question was rated at or below the limit; both in the survey's own units."""

    question: str
    value: int
    limit: float

    @property
    def subject(self) -> AlertSubject:
        """The question."""
        return AlertSubject(AlertKind.RATING, self.question)

    def __str__(self) -> str:
        """Return it as the API tells it: `response_speed 2 ≤ 2`."""
        return f"{self.question} {self.value} ≤ {self.limit:.4g}"


class LowMean(Value, tag_field="kind", tag=AlertKind.MEAN.value):
    """The mean of the ratings is below the limit; both in the survey's own units, to four digits."""

    value: float
    limit: float

    @property
    def subject(self) -> AlertSubject:
        """The mean."""
        return AlertSubject(AlertKind.MEAN)

    def __str__(self) -> str:
        """Return it as the API tells it: `mean 2.8 < 3`."""
        return f"mean {self.value:.4g} < {self.limit:.4g}"


class AlertWord(Value, tag_field="kind", tag=AlertKind.WORD.value):
    """The customer wrote a word that alarms."""

    word: str

    @property
    def subject(self) -> AlertSubject:
        """The word."""
        return AlertSubject(AlertKind.WORD, self.word)

    def __str__(self) -> str:
        """Return it as the API tells it: `word refund`."""
        return f"word {self.word}"


AlertReason = LowRating | LowMean | AlertWord


class Assessment(Value):
    """Why a response is a problem, and how severe."""

    reasons: tuple[AlertReason, ...] = ()
    severity: Severity = Severity.NORMAL

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self.reasons)


def mean(ratings: Iterable[int]) -> Fraction | None:
    """Return the exact arithmetic mean in the scale's units, None when nothing was rated."""
    values = tuple(ratings)
    return Fraction(sum(values), len(values)) if values else None


def alert_words(text: str, rule: AlertRule) -> tuple[str, ...]:
    """Return the rule's words that a text contains, letter case ignored."""
    folded = text.casefold()
    return tuple(word for word in rule.words if word.casefold() in folded)


def assess(scale: Scale, ratings: Mapping[str, int], texts: Iterable[str], rule: AlertRule) -> Assessment:
    """Return what is wrong in a response; `rule` may be stated on any scale."""
    limits = rule.on(scale)
    low = _low_ratings(ratings, limits)
    means = () if len(ratings) == len(low) == 1 else _low_mean(ratings, limits)
    words = tuple(dict.fromkeys(word for text in texts for word in alert_words(text, limits)))
    worst = scale.lowest in ratings.values() or bool(words)
    return Assessment((*low, *means, *map(AlertWord, words)), Severity.HIGH if worst else Severity.NORMAL)


def _low_ratings(ratings: Mapping[str, int], limits: AlertRule) -> tuple[LowRating, ...]:
    limit = limits.rating_at_or_below
    highest = floor(limit)  # whole numbers compare quickly, and ratings are whole
    low = [(question, value) for question, value in ratings.items() if value <= highest]
    return tuple(LowRating(question, value, _rounded(limit)) for question, value in low)


def _low_mean(ratings: Mapping[str, int], limits: AlertRule) -> tuple[LowMean, ...]:
    below, total = limits.mean_below, sum(ratings.values())
    if not ratings or total * below.denominator >= below.numerator * len(ratings):
        return ()
    return (LowMean(_rounded(Fraction(total, len(ratings))), _rounded(below)),)


def _rounded(number: Fraction) -> float:
    """Round to the four digits that are shown, so that what reads the same is the same reason."""
    return float(f"{float(number):.4g}")
