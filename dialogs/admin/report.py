"""The short figures of `/report`, each with the count behind it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from dialogs.issue.model import IssueKind
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from dialogs.survey import Survey, in_locale
from scoring.values import Value, field, replace

__all__ = ["AdminReport", "ReportPeriod", "SurveyMean", "report_message"]


class SurveyMean(Value):
    """The mean score of one survey, in the units of its scale; `number` counts the responses."""

    survey: str
    number: int
    mean: float


class ReportPeriod(Value):
    """The figures of the last `days` days.

    `closed` counts tickets whose last closing was in that time, `asked` the surveys sent, `answered` those of them with
    an answer; `low` counts issues opened for low scores; `claim` is the median time until an issue opened in that time
    was claimed, over `claimed` issues.
    """

    days: int
    closed: int = 0
    asked: int = 0
    answered: int = 0
    means: tuple[SurveyMean, ...] = ()
    low: int = 0
    claimed: int = 0
    claim: timedelta | None = None


class AdminReport(Value):
    """The figures of the report: those of each period, and the number of issues with the team, by kind."""

    periods: tuple[ReportPeriod, ...]
    open_issues: Mapping[IssueKind, int] = field(default_factory=dict)


def report_message(figures: AdminReport, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Prompt:
    """Return the figures as a message; `surveys` are the current ones, by id."""
    lines, told = [phrases.say(locale, "admin.report.head")], None
    for period in figures.periods:
        if told is not None and replace(period, days=told.days) == told:
            lines += ["", phrases.say(locale, "admin.report.same", days=period.days)]
        else:
            lines += ["", *_period(period, surveys, phrases, locale)]
        told = period
    return Prompt("\n".join((*lines, "", _open(figures.open_issues, phrases, locale))))


def _open(issues: Mapping[IssueKind, int], phrases: Phrases, locale: str) -> str:
    """Return how many issues are with the team, and of which kinds."""
    if not issues:
        return phrases.say(locale, "admin.report.none_open")
    each = (
        phrases.say(locale, "admin.report.of_kind", kind=phrases.say(locale, f"kind.{kind}"), number=issues[kind])
        for kind in IssueKind
        if kind in issues
    )
    kinds = phrases.say(locale, "admin.report.between").join(each)
    return phrases.say(locale, "admin.report.open", count=sum(issues.values()), kinds=kinds)


def _period(period: ReportPeriod, surveys: Mapping[str, Survey], phrases: Phrases, locale: str) -> Iterator[str]:
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
    yield say("answered", number=number(period.answered), share=share)
    for mean in period.means:
        survey = surveys.get(mean.survey)
        name = in_locale(survey.title, locale) if survey is not None else mean.survey
        highest = survey.scale.highest if survey is not None else "?"
        yield say("mean", survey=name, mean=number(round(mean.mean, 2)), highest=highest, number=number(mean.number))
    yield say("low", number=number(period.low))
    if period.claim is not None:
        yield say("claim", span=phrases.span(locale, period.claim), number=number(period.claimed))
