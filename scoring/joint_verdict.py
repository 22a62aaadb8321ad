"""One verdict on a service from several sources, such as a text message, a call by headquarters and a dealer's report.

Each source is the mean of its responses as a share of their scales; the verdict is the mean of the sources by weights
that the company declares. A source without an answer leaves its weight to the others, and each stays visible.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from scoring.values import Value

__all__ = ["JointVerdict", "SourceScore", "joint_verdict"]

_FULL = Fraction(100)


class SourceScore(Value):
    """What one source says: its mean of 100 over so many responses, and what it weighs in the verdict, in percent."""

    source: str
    score: Fraction
    responses: int
    weight: Fraction


class JointVerdict(Value):
    """The weighted mean of the sources, None without any that weighs; `is_bad` where it lies at or below the bound."""

    sources: tuple[SourceScore, ...]
    score: Fraction | None
    is_bad: bool | None


def joint_verdict(
    given: Iterable[tuple[str, Fraction]], weights: Mapping[str, Fraction], bad_at: Fraction
) -> JointVerdict:
    """Return the verdict of responses, each with its source and its score from 0 to 100.

    `bad_at` is the score at which a verdict is bad, the bound included. A source without a declared weight weighs
    nothing.
    """
    scores: dict[str, list[Fraction]] = {}
    for source, score in given:
        scores.setdefault(source, []).append(score)
    whole = sum((weights.get(source, Fraction(0)) for source in scores), start=Fraction(0))
    sources = tuple(
        SourceScore(
            source,
            sum(found, start=Fraction(0)) / len(found),
            len(found),
            _FULL * weights.get(source, Fraction(0)) / whole if whole else Fraction(0),
        )
        for source, found in sorted(scores.items())
    )
    if not whole:
        return JointVerdict(sources, None, None)
    score = sum((one.score * one.weight for one in sources), start=Fraction(0)) / _FULL
    return JointVerdict(sources, score, score <= bad_at)
