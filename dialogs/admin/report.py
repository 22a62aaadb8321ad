"""The short figures of `/report`, each with the count behind it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from dialogs.survey import Survey, in_locale
from scoring.values import Value

__all__ = ["Mean", "Period", "Report", "report_message"]


class Mean(Value):
    """The mean score of one survey, of so many answers, on its own scale."""

    survey: str
    number: int
    mean: float


class Period(Value):
    """The last so many days.

    `closed` counts tickets whose last closing was then, `asked` people asked then, `answered` those of them who have
    finished; `low` issues opened then for low scores; `claim` is the median time until an issue opened then was
    claimed, over `claimed` issues.
    """

    days: int
    closed: int = 0
    asked: int = 0
    answered: int = 0
    means: tuple[Mean, ...] = ()
    low: int = 0
    claimed: int = 0
    claim: timedelta | None = None


class Report(Value):
    """Two periods, and the issues that are unsettled now."""

    periods: tuple[Period, ...]
    open_issues: int = 0


def report_message(figures: Report, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Prompt:
    """Return the figures as a message; `surveys` are the current ones, by id."""
    lines = [phrases.say(locale, "admin.report.head")]
    for period in figures.periods:
        lines += ["", *_period(period, surveys, phrases, locale)]
    lines += ["", phrases.say(locale, "admin.report.open", count=figures.open_issues)]
    return Prompt("\n".join(lines))


def _period(period: Period, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Iterator[str]:
    def say(key: str, **values: object) -> str:
        return phrases.say(locale, f"admin.report.{key}", **values)

    def number(value: float) -> str:
        return phrases.number(locale, value)

    yield say("days", days=period.days)
    yield say("closed", number=number(period.closed), asked=number(period.asked))
    if not period.asked:
        yield say("nobody_asked")
        return
    share = round(100 * period.answered / period.asked)
    yield say("answered", number=number(period.answered), asked=number(period.asked), share=share)
    for mean in period.means:
        survey = surveys.get(mean.survey)
        name = in_locale(survey.title, locale) if survey is not None else mean.survey
        highest = survey.scale.highest if survey is not None else "?"
        yield say("mean", survey=name, mean=number(round(mean.mean, 2)), highest=highest, number=number(mean.number))
    yield say("low", number=number(period.low))
    if period.claim is not None:
        yield say("claim", span=phrases.span(locale, period.claim), number=number(period.claimed))
