"""Where a figure comes from: the figure as it is published, and the answers, closings or issues behind it."""

from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import assert_never
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from bot.jobs.assessment_results import ResultWanted, SubjectWanted, read_subject_results
from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import FigureRequestError, period_summary, read_cut, read_period
from dialogs.forms.joined_result import PeriodResult
from dialogs.forms.model import Form, SubjectKind
from dialogs.known_words import Probation
from dialogs.time.local_time import wall_of
from dialogs.time.named_days import is_calendar_name
from dialogs.time.periods import CompanyCalendar, Period
from scoring.honesty.bands import Standing, standings
from scoring.metrics.asks import ask_parts
from scoring.metrics.cases import case_parts
from scoring.metrics.catalogue import GIVEN_SOURCES, SUBJECT_KEYS, Metric, MetricSource
from scoring.metrics.facts import AskCount, IssueFact, RatingCount, VisitFact
from scoring.metrics.figure import FEWEST_FOR_A_RANK, Figure, SampleSize
from scoring.metrics.importance import importance_parts
from scoring.metrics.ratings import rating_parts
from scoring.values import Value, field
from storage.model.entered_figures import EnteredFigure
from storage.reads.figures.figure_facts import FigureInput
from storage.reads.reader import Reader

__all__ = [
    "FigureExplanation",
    "SubjectScore",
    "agents_on_probation",
    "comparable_shares",
    "explain_figure",
    "figure_id",
    "subject_score",
]

_MOST = 500
_FORM = "csat:2026-11 or csat:2026-11:team=north,question=attitude"


class FigureExplanation(Value):
    """A figure and its inputs, the first of them where there are `more`; none of a figure that is not told."""

    figure: Figure
    period: Period
    agents: Mapping[str, str]
    entries: tuple[EnteredFigure, ...]
    inputs: tuple[tuple[FigureInput, tuple[int, int] | Fraction | None], ...]
    more: bool


def figure_id(figure: Figure, period: Period, zone: ZoneInfo) -> str:
    """Return what names a figure: its metric, its period and its cut."""
    ends = (at.astimezone(zone).date().isoformat() for at in (period.since, period.until))
    cut = ",".join(f"{key}={quote(value, safe='')}" for key, value in figure.cut.items())
    return ":".join(filter(None, (figure.metric, period.name or "..".join(ends), cut)))


async def explain_figure(reader: Reader, named: str, now: datetime, calendar: CompanyCalendar) -> FigureExplanation:
    """Return where a figure comes from. Raises FigureRequestError."""
    metric, period, wanted = _read_id(named, now, calendar)
    found = await period_summary(reader, period, FigureCut(tuple(wanted), (metric,)), now)
    figure = next((one for one in found.summary.figures if one.cut == wanted), None)
    if figure is None:
        raise FigureRequestError("figure", f"is {named}, and there is nothing of that kind in the period")
    is_hidden = metric.source in GIVEN_SOURCES and figure.state in (SampleSize.FEW, SampleSize.WITHHELD)
    ends = (period.since, period.until)
    inputs = [] if is_hidden else await reader.figure_inputs(ends, metric.source, wanted, _MOST + 1)
    told = tuple((one, _parts(metric, figure, one)) for one in inputs[:_MOST])
    return FigureExplanation(figure, period, found.agents, found.entries, told, len(inputs) > _MOST)


def _read_id(named: str, now: datetime, calendar: CompanyCalendar) -> tuple[Metric, Period, dict[str, str]]:
    id_, _, rest = named.partition(":")
    period, _, cut = rest.partition(":")
    pairs = [part.partition("=") for part in cut.split(",") if part]
    if not (id_ and period) or any(not between for _, between, _ in pairs):
        raise FigureRequestError("figure", f"is {named!r}; write it as {_FORM}")
    wanted = {key: unquote(value) for key, _, value in pairs}
    (metric,) = read_cut(",".join(wanted), id_).metrics
    return metric, _read_period(period, now, calendar), wanted


def _read_period(text: str, now: datetime, calendar: CompanyCalendar) -> Period:
    first, between, until = text.partition("..")
    if not between:
        return read_period(None, None, text, now, calendar)
    try:
        days = [datetime.fromisoformat(day).date() for day in (first, until)]
    except ValueError:
        raise FigureRequestError(
            "figure", f"has the period {text!r}; write its days as 2026-11-01..2026-12-01"
        ) from None
    return read_period(days[0], days[1], "", now, calendar)


def _parts(metric: Metric, figure: Figure, one: FigureInput) -> tuple[int, int] | Fraction | None:
    """Return what one input adds: numerator and denominator, or its seconds; None where it does not count."""
    match one.fact:
        case RatingCount() as rating if metric.source is MetricSource.IMPORTANCE:
            return importance_parts(metric.id, rating, figure.weighting)
        case RatingCount() as rating:
            return rating_parts(metric.id, rating)
        case AskCount() as ask:
            return ask_parts(metric.id, ask)
        case IssueFact() | VisitFact() as case:
            return case_parts(metric.id, case)
        case other:
            assert_never(other)


class SubjectScore(Value):
    """Everything about one subject in a period: its figures, those by question, and where it stands among its peers.

    `forms` are the results of the sheets about it, where the period has a name.

    `standing` is about CSAT, None where it has fewer than thirty responses or no peer has as many; `peers` counts them.
    """

    subject: tuple[str, str]
    period: Period
    agents: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[EnteredFigure, ...] = ()
    figures: tuple[Figure, ...] = ()
    standing: Standing | None = None
    peers: int = 0
    forms: tuple[tuple[ResultWanted, PeriodResult], ...] = ()


async def subject_score(reader: Reader, forms: Mapping[str, Form], subject: str, wanted: SubjectWanted) -> SubjectScore:
    """Return the score of a subject such as `agent:a17`, whose id stands in `wanted`. Raises FigureRequestError."""
    key, _, value = subject.partition(":")
    period, now = wanted.period, wanted.now
    if key not in (*SUBJECT_KEYS, SubjectKind.DEPARTMENT) or not value:
        keys = ", ".join((*SUBJECT_KEYS, SubjectKind.DEPARTMENT))
        raise FigureRequestError("subject", f"is {subject!r}; write it as agent:ID, with one of {keys}")
    sheets = await _sheets_about(reader, forms, key, wanted)
    if key not in SUBJECT_KEYS:
        return _anything(SubjectScore(subject=(key, value), period=period, forms=sheets))
    every = await period_summary(reader, period, read_cut(key, ""), now)
    mine = [figure for figure in every.summary.figures if figure.cut[key] == value]
    by_question = await period_summary(reader, period, read_cut(f"{key},question", "csat,mean"), now)
    asked = [figure for figure in by_question.summary.figures if figure.cut[key] == value]
    apart = agents_on_probation(wanted.probation, period, wanted.zone) if key == SubjectKind.AGENT else frozenset[str]()
    ranked = standings(comparable_shares(every.summary.figures, key, apart))
    score = SubjectScore(
        subject=(key, value),
        period=period,
        agents=every.agents,
        entries=every.entries,
        figures=(*mine, *asked),
        standing=ranked.get(value),
        peers=len(ranked),
        forms=sheets,
    )
    return _anything(score)


def _anything(score: SubjectScore) -> SubjectScore:
    """Return a score in which there is something. Raises FigureRequestError for another one."""
    if not (score.figures or score.forms):
        named = ":".join(score.subject)
        raise FigureRequestError("subject", f"is {named!r}, of whom there is nothing in the period")
    return score


async def _sheets_about(
    reader: Reader, forms: Mapping[str, Form], key: str, wanted: SubjectWanted
) -> tuple[tuple[ResultWanted, PeriodResult], ...]:
    if key not in {*SubjectKind} or not is_calendar_name(wanted.period.name):
        return ()
    return tuple(await read_subject_results(reader, forms, SubjectKind(key), wanted))


def agents_on_probation(listed: Iterable[Probation], period: Period, zone: ZoneInfo) -> frozenset[str]:
    """Return who is on probation for most of a period, by its middle day."""
    middle = wall_of(period.since + (period.until - period.since) / 2, zone).date()
    return frozenset(one.agent for one in listed if one.covers(middle))


def comparable_shares(figures: Iterable[Figure], key: str, apart: Container[str] = ()) -> dict[str, tuple[int, int]]:
    """Return the satisfied of those with enough responses to be compared; the answers of one person count as one.

    Those who stand `apart` are compared with nobody.
    """
    csat = [figure for figure in figures if figure.metric == "csat" and figure.value is not None]
    csat = [figure for figure in csat if figure.cut[key] not in apart]
    enough = [figure for figure in csat if figure.people >= FEWEST_FOR_A_RANK]
    return {one.cut[key]: (round(one.people * (one.value or 0) / 100), one.people) for one in enough}
