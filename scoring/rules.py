"""When a response calls for an issue: limits on ratings and their mean, and alert words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import floor
from re import Pattern
from unicodedata import normalize

from scoring.scale import FIVE, Scale
from scoring.text.alert_phrases import AlertDoubts, Renouncing, is_meant, may_have
from scoring.values import Value, field, replace

__all__ = [
    "AlertKind",
    "AlertReading",
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


_APOSTROPHES = str.maketrans("", "", "'’")


class Severity(StrEnum):
    """The severity of an issue, lowest first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"

    def at_least(self, other: "Severity") -> "Severity":
        """Return the higher of the two."""
        order = list(Severity)
        return max(self, other, key=order.index)

    @property
    def raised(self) -> "Severity":
        """The next higher one; the highest stays."""
        order = list(Severity)
        return order[min(order.index(self) + 1, len(order) - 1)]


class AlertRule(Value):
    """Limits in the units of `scale`, and the alert `words`, which count in any text that a customer writes.

    `forms` are further ways to say a word, folded; `simplified` maps traditional characters, so that both scripts
    count; `renouncing` is how a word is taken back. `any_form`, where it is given, fits every folded text that has any
    of the words or forms: most texts have none, and need no closer look. `doubts` tell which texts with one of their
    forms need nobody all the same.
    """

    rating_at_or_below: Fraction = Fraction(2)
    mean_below: Fraction = Fraction(3)
    words: tuple[str, ...] = ()
    scale: Scale = FIVE
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    simplified: Mapping[int, str] = field(default_factory=dict)
    renouncing: Renouncing = Renouncing()
    any_form: Pattern[str] | None = None
    doubts: AlertDoubts | None = None

    def fold(self, text: str) -> str:
        """Return a text as it is compared: in one case, width and script, without apostrophes."""
        return normalize("NFKC", text).translate(_APOSTROPHES).casefold().translate(self.simplified)

    def on(self, scale: Scale) -> "AlertRule":
        """Return the same limits on another scale, mapped linearly."""
        if scale is self.scale:
            return self
        return replace(
            self,
            rating_at_or_below=scale.limit_from(self.scale, self.rating_at_or_below),
            mean_below=scale.limit_from(self.scale, self.mean_below),
            scale=scale,
        )


class AlertKind(StrEnum):
    """The kind of an alert reason; stored with it as its `kind`."""

    RATING = "rating"
    MEAN = "mean"
    WORD = "word"
    READING = "reading"

    @property
    def is_written(self) -> bool:
        """Whether it stands in what was written, so that a rating taken back takes nothing of it."""
        return self in (AlertKind.WORD, AlertKind.READING)


class AlertSubject(Value):
    """What a reason is about, without its figures: the rating of a question, the mean, a word, all that was written."""

    kind: AlertKind
    of: str = ""

    def __str__(self) -> str:
        """Return the text in the export of a person's data: `response_speed`, `mean`, `reading`, `word refund`."""
        told = {AlertKind.RATING: self.of, AlertKind.MEAN: "mean", AlertKind.READING: "reading"}
        return told.get(self.kind, f"word {self.of}")


class LowRating(Value, tag_field="kind", tag=AlertKind.RATING.value):
    """A question was rated at or below the limit; both in the units of the survey's scale."""

    question: str
    value: int
    limit: float

    @property
    def subject(self) -> AlertSubject:
        """The question."""
        return AlertSubject(AlertKind.RATING, self.question)

    def __str__(self) -> str:
        """Return the text in the API: `response_speed 2 ≤ 2`."""
        return f"{self.question} {self.value} ≤ {self.limit:.4g}"


class LowMean(Value, tag_field="kind", tag=AlertKind.MEAN.value):
    """The mean of the ratings is below the limit; both in the units of the survey's scale, to four digits."""

    value: float
    limit: float

    @property
    def subject(self) -> AlertSubject:
        """The mean."""
        return AlertSubject(AlertKind.MEAN)

    def __str__(self) -> str:
        """Return the text in the API: `mean 2.8 < 3`."""
        return f"mean {self.value:.4g} < {self.limit:.4g}"


class AlertWord(Value, tag_field="kind", tag=AlertKind.WORD.value):
    """The customer wrote an alert word."""

    word: str

    @property
    def subject(self) -> AlertSubject:
        """The word."""
        return AlertSubject(AlertKind.WORD, self.word)

    def __str__(self) -> str:
        """Return the text in the API: `word refund`."""
        return f"word {self.word}"


class AlertReading(Value, tag_field="kind", tag=AlertKind.READING.value):
    """Who read all that the customer wrote found that somebody should see it today, whatever its words."""

    @property
    def subject(self) -> AlertSubject:
        """What was written, as a whole."""
        return AlertSubject(AlertKind.READING)

    def __str__(self) -> str:
        """Return the text in the API: `reading`."""
        return "reading"


AlertReason = LowRating | LowMean | AlertWord | AlertReading


class Assessment(Value):
    """The reasons why a response calls for an issue, and its severity; no reasons where it does not."""

    reasons: tuple[AlertReason, ...] = ()
    severity: Severity = Severity.NORMAL

    def __bool__(self) -> bool:
        """Return whether there is any reason."""
        return bool(self.reasons)


def mean(ratings: Iterable[int]) -> Fraction | None:
    """Return the exact arithmetic mean in the units of the scale, None where nothing was rated."""
    values = tuple(ratings)
    return Fraction(sum(values), len(values)) if values else None


def alert_words(text: str, rule: AlertRule) -> tuple[str, ...]:
    """Return the rule's words that a text contains and means, compared without regard to case, width and script."""
    folded = rule.fold(text)
    if rule.any_form is not None and not rule.any_form.search(folded):
        return ()
    forms = ((word, rule.fold(word)) for word in rule.words)
    meant = {word: _meant((plain, *rule.forms.get(plain, ())), folded, rule) for word, plain in forms}
    doubts = rule.doubts
    if doubts is not None and any(meant.values()) and doubts.denies(folded):
        return tuple(word for word, said in meant.items() if any(form not in doubts.forms for form in said))
    return tuple(word for word, said in meant.items() if said)


def _meant(forms: Iterable[str], folded: str, rule: AlertRule) -> list[str]:
    return [form for form in forms if may_have(folded, form) and is_meant(folded, form, rule.renouncing)]


def assess(scale: Scale, ratings: Mapping[str, int], texts: Iterable[str], rule: AlertRule) -> Assessment:
    """Return the assessment of a response: ratings by question on `scale`, and texts; `rule` may be on any scale.

    High where a rating is the lowest of the scale or a text contains an alert word, otherwise normal.
    """
    limits = rule.on(scale)
    low = _low_ratings(ratings, limits)
    means = () if len(ratings) == len(low) == 1 else _low_mean(ratings, limits)  # of one rating, it would say the same
    words = tuple(dict.fromkeys(word for text in texts for word in alert_words(text, limits)))
    worst = scale.lowest in ratings.values() or bool(words)
    return Assessment((*low, *means, *map(AlertWord, words)), Severity.HIGH if worst else Severity.NORMAL)


def _low_ratings(ratings: Mapping[str, int], limits: AlertRule) -> tuple[LowRating, ...]:
    limit = limits.rating_at_or_below
    highest = floor(limit)  # ratings are whole numbers, and int compares faster than Fraction
    low = [(question, value) for question, value in ratings.items() if value <= highest]
    return tuple(LowRating(question, value, _rounded(limit)) for question, value in low)


def _low_mean(ratings: Mapping[str, int], limits: AlertRule) -> tuple[LowMean, ...]:
    below, total = limits.mean_below, sum(ratings.values())
    if not ratings or total * below.denominator >= below.numerator * len(ratings):
        return ()
    return (LowMean(_rounded(Fraction(total, len(ratings))), _rounded(below)),)


def _rounded(number: Fraction) -> float:
    """Round to the four significant digits that are shown, so that reasons that read the same are equal."""
    return float(f"{float(number):.4g}")
