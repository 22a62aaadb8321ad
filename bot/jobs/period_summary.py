"""The figures of a period: read what happened, give each rating its scale and its dimension, and compute."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.admin.report import REPORT_METRICS, AdminReport, ReportPeriod
from dialogs.survey import Survey, SurveyKey
from dialogs.time.periods import Period, days_of, month_so_far, named_period
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, Metric
from scoring.metrics.facts import Facts, RatingCount
from scoring.metrics.summary import MOST_KEYS, Summary, metrics_for, summarize
from scoring.scale import FIVE
from scoring.values import Value
from storage.reads.figure_facts import PeriodFacts, StoredRatingCount
from storage.reads.reader import Reader

__all__ = [
    "FigureCut",
    "FigureRequestError",
    "PeriodSummary",
    "admin_report",
    "period_summary",
    "read_cut",
    "read_period",
]

_REPORT_DAYS = (7, 30)
SurveyLookup = Callable[[Iterable[SurveyKey]], Awaitable[Mapping[SurveyKey, Survey]]]
"""Returns these survey versions, without those that cannot be read."""


class FigureRequestError(ValueError):
    """What is asked for is no figure: which `field` is wrong, and what about it."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.field = field
        self.problem = problem


class FigureCut(Value):
    """Which metrics are wanted, and by which keys."""

    by: tuple[str, ...]
    metrics: tuple[Metric, ...]


class PeriodSummary(Value):
    """The figures of a period; `agents` are the names of those whom cuts call by an id."""

    period: Period
    summary: Summary
    agents: Mapping[str, str]


def read_cut(by: str, metrics: str) -> FigureCut:
    """Return a cut from lists with commas; without metrics, all that can be cut so. Raises FigureRequestError."""
    keys, wanted = _listed(by), _listed(metrics)
    known = tuple(dict.fromkeys(key for several in METRIC_KEYS.values() for key in several))
    for key in keys:
        if key not in known:
            raise FigureRequestError("by", f"has {key!r}, which is none of {', '.join(known)}")
    if len(keys) > MOST_KEYS:
        raise FigureRequestError("by", f"has {len(keys)} keys; give at most {MOST_KEYS}")
    for metric in wanted:
        if metric not in CATALOGUE:
            raise FigureRequestError("metric", f"has {metric!r}, which is not in the catalogue (/api/v1/metrics)")
    fitting = metrics_for(keys)
    for metric in wanted:
        if CATALOGUE[metric] not in fitting:
            possible = ", ".join(METRIC_KEYS[CATALOGUE[metric].source])
            raise FigureRequestError("by", f"is {by}, and {metric} can only be cut by {possible}")
    return FigureCut(keys, tuple(CATALOGUE[metric] for metric in wanted) or fitting)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def read_period(since: date | None, until: date | None, name: str, now: datetime, zone: ZoneInfo) -> Period:
    """Return a period by its name, or by its first day and the day after its last; the current month without either.

    Raises FigureRequestError.
    """
    if name and (since or until):
        raise FigureRequestError("period", "is given beside from and to; give one of the two")
    if name:
        try:
            return named_period(name, zone)
        except ValueError as wrong:
            raise FigureRequestError("period", str(wrong)) from None
    month = month_so_far(now, zone)
    first = since or month.since.astimezone(zone).date()
    after = until or month.until.astimezone(zone).date()
    if after <= first:
        raise FigureRequestError("to", f"is {after}, which is not after from, {first}; the day of `to` is excluded")
    return days_of(first, after, zone)


async def admin_report(reader: Reader, surveys: SurveyLookup, now: datetime) -> AdminReport:
    """Return the figures of `/report`: those of the last 7 and the last 30 days, and the issues with the team."""
    periods = [await _last_days(reader, surveys, days, now) for days in _REPORT_DAYS]
    return AdminReport(tuple(periods), await reader.admins.open_issues())


async def _last_days(reader: Reader, surveys: SurveyLookup, days: int, now: datetime) -> ReportPeriod:
    found = await reader.figure_facts(now - timedelta(days=days), now)
    facts = _facts_of(found, await surveys({row.survey for row in found.ratings}))
    metrics = [CATALOGUE[metric] for metric in REPORT_METRICS]
    figures = summarize(facts, (), metrics, is_over=False).figures
    means = summarize(facts, ("survey",), [CATALOGUE["mean"]], is_over=False).figures
    return ReportPeriod(days, {figure.metric: figure for figure in figures}, tuple(one for one in means if one.n))


async def period_summary(
    reader: Reader, surveys: SurveyLookup, period: Period, cut: FigureCut, now: datetime
) -> PeriodSummary:
    """Return the figures of a period for a cut."""
    found = await reader.figure_facts(period.since, period.until)
    known = await surveys({row.survey for row in found.ratings})
    summary = summarize(_facts_of(found, known), cut.by, cut.metrics, is_over=period.is_over(now))
    return PeriodSummary(period, summary, found.agents)


def _facts_of(found: PeriodFacts, surveys: Mapping[SurveyKey, Survey]) -> Facts:
    """Return what is counted; answers to a survey that cannot be read are excluded as `unreadable_survey`."""
    return Facts(tuple(_ratings(found.ratings, surveys)), found.asks, found.issues)


def _ratings(rows: Sequence[StoredRatingCount], surveys: Mapping[SurveyKey, Survey]) -> Iterator[RatingCount]:
    dimensions = {
        (key, question.id): question.measures for key, survey in surveys.items() for question in survey.questions
    }
    for row in rows:
        survey = surveys.get(row.survey)
        keys = {
            "team": row.team,
            "agent": row.agent,
            "survey": row.survey[0],
            "channel": row.channel,
            "question": row.question,
            "dimension": dimensions.get((row.survey, row.question), row.question),
        }
        if survey is None:
            yield RatingCount(keys, FIVE, row.value, row.n, "unreadable_survey")
        else:
            yield RatingCount(keys, survey.scale, row.value, row.n, row.excluded)
