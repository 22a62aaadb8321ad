"""How sure a share of so many answers is, and how many answers it takes, in JSON and in words."""

from fractions import Fraction

from pydantic import BaseModel

from dialogs.phrases import Phrases
from scoring.honesty.intervals import LEVEL, answers_needed, wilson

__all__ = ["MOST_ANSWERS", "AnswersNeeded", "ShareInterval", "needed_answers", "share_interval"]

MOST_ANSWERS = 10**9
"""The most answers that can be asked about."""
_METHOD = "Wilson"
_LEAST, _MOST = 0.1, 50.0


class ShareInterval(BaseModel):
    """A share of answers and its interval, in percent."""

    of: int
    n: int
    share: float
    low: float
    high: float
    level: float
    method: str
    text: str


class AnswersNeeded(BaseModel):
    """How many answers it takes until a share's interval is no wider than `within` points to either side."""

    within: float
    share: float
    n: int
    level: float
    method: str
    text: str


def share_interval(of: int, n: int, phrases: Phrases, locale: str) -> ShareInterval:
    """Return the interval of `of` in `n` answers. Raises ValueError for more than there are."""
    if of > n:
        raise ValueError(f"is {of}, which is more than n, {n}")
    low, high = (100 * end for end in wilson(of, n))
    share = 100 * of / n
    shown = {name: _number(value, phrases, locale) for name, value in (("share", share), ("low", low), ("high", high))}
    text = phrases.say(locale, "sample.interval", of=of, n=n, **shown)
    return ShareInterval(of=of, n=n, share=share, low=low, high=high, level=float(LEVEL), method=_METHOD, text=text)


def needed_answers(within: float, share: float, phrases: Phrases, locale: str) -> AnswersNeeded:
    """Return how many answers a share, in percent, needs to be known to within so many points.

    Raises ValueError for what is no number of points or no share.
    """
    if not _LEAST <= within <= _MOST:
        raise ValueError(f"within is {within:g}; give {_LEAST:g} to {_MOST:g} points")
    if not 0 <= share <= 100:  # noqa: PLR2004 (percent)
        raise ValueError(f"share is {share:g}; give 0 to 100 percent")
    n = answers_needed(Fraction(share) / 100, Fraction(within) / 100)
    shown = {"within": _number(within, phrases, locale), "share": _number(share, phrases, locale)}
    text = phrases.say(locale, "sample.needed", n=n, **shown)
    return AnswersNeeded(within=within, share=share, n=n, level=float(LEVEL), method=_METHOD, text=text)


def _number(value: float, phrases: Phrases, locale: str) -> str:
    return phrases.number(locale, round(value, 1))
