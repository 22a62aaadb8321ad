"""Figures in JSON and in CSV, and the catalogue of metrics."""

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.http.api.schemas.assessment import FormResultOut, form_result_out
from bot.jobs.figure_explanation import FigureExplanation, SubjectScore, figure_id
from bot.jobs.period_summary import PeriodSummary
from dialogs.admin.figure_text import figure_text, metric_formula, metric_name, sampling_text
from dialogs.phrases import Phrases
from scoring.honesty.bands import Band, Standing
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.metrics.catalogue import (
    CATALOGUE,
    METRIC_KEYS,
    Metric,
    MetricSource,
    MetricUnit,
    PlacingInstant,
    TimeCounting,
)
from scoring.metrics.facts import AskCount, RatingCount, VisitFact
from scoring.metrics.figure import RULE_VERSION, Figure, SampleSize, Weighting
from scoring.values import Value
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.reads.figures.figure_facts import FigureInput

__all__ = [
    "ExplanationOut",
    "FigureLocale",
    "FigureOut",
    "MetricList",
    "ScoreOut",
    "SummaryOut",
    "catalogue_out",
    "explanation_out",
    "figure_out",
    "score_out",
    "summary_out",
]


class FigureLocale(Value):
    """The language in which figures are named, the zone on whose clocks periods are shown, and the time."""

    phrases: Phrases
    locale: str
    zone: ZoneInfo
    now: datetime


class MetricOut(BaseModel):
    """One metric: what it is called and how it is computed, by language, and what it may be cut by."""

    id: str
    name: dict[str, str]
    formula: dict[str, str]
    source: MetricSource
    unit: MetricUnit
    instant: PlacingInstant = Field(description="the moment that says into which period something falls")
    hours: TimeCounting | None = Field(description="how lengths of time are counted; null where it measures none")
    lower_is_better: bool
    by: tuple[str, ...]


class MetricList(BaseModel):
    """The catalogue."""

    rule_version: int
    items: tuple[MetricOut, ...]


class IntervalOut(BaseModel):
    """The ends of an interval in the figure's unit, null where it is open, and its method."""

    low: float | None
    high: float | None
    level: float
    method: str


class ChangeOut(BaseModel):
    """A figure beside an earlier period of the same length."""

    before: float
    n: int
    low: float | None = Field(description="the interval then; null where it has none, or is open")
    high: float | None
    verdict: ChangeVerdict = Field(description="higher or lower: clear at 5 % after Holm; otherwise it may be chance")
    text: str
    effect: float | None = Field(description="how probably a later answer is higher than an earlier one; ties half")
    p: float | None
    method: str


class BenchmarkOut(BaseModel):
    """What others reach, as somebody has entered it."""

    value: float
    origin: str
    dated: str
    by: str


class EnteredOut(BaseModel):
    """Where an entered figure comes from."""

    origin: str
    dated: str | None
    by: str
    at: datetime


class RemarkOnFigureOut(BaseModel):
    """What somebody concludes from a figure, and the measures that follow."""

    conclusion: str
    measures: str
    by: str
    at: datetime


class FigureOut(BaseModel):
    """One value with all that it rests on."""

    id: str = Field(description="by which `/api/v1/reports/explain` tells where it comes from")
    metric: str
    name: str
    cut: dict[str, str] = Field(description="the keys of `by` with their values; empty for all")
    label: dict[str, str] = Field(description="as `cut`, with names in place of the ids of agents")
    value: float | None = Field(description="null where `state` says why there is none")
    text: str
    unit: MetricUnit
    numerator: float | None
    denominator: float | None
    n: int
    people: int
    interval: IntervalOut | None
    state: SampleSize
    excluded: dict[str, int]
    sources: dict[str, int] = Field(description="ratings by the way on which they came, such as telegram or paper")
    provisional: bool
    instant: PlacingInstant
    formula: str
    rule_version: int
    share: float | None = Field(description="of a count: what it is of all in this cut, in percent")
    weighting: Weighting = Field(
        description="of a weighted figure: `given`, by the importance that customers gave, or `equal`, as none gave any"
    )
    low_item: bool | None = Field(description="of a mean: whether it is below 3.5 on 1-5, or that point of its scale")
    benchmark: BenchmarkOut | None = Field(description="the latest that was entered for it")
    entered: EnteredOut | None = Field(description="of a figure that nobody counts: where it comes from")
    remark: RemarkOnFigureOut | None
    change: ChangeOut | None = Field(description="the period before; null where nothing was to be compared")
    year_change: ChangeOut | None = Field(description="the same period of the year before")


class SummaryOut(BaseModel):
    """The figures of a period, from `from` to `to`, which is excluded."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    period: str = Field(description="its name; empty for one given by its ends")
    timezone: str
    by: tuple[str, ...]
    provisional: bool = Field(description="the period is not over")
    rule_version: int
    figures: tuple[FigureOut, ...]
    sampling: dict[str, int] = Field(
        description="where rules drew different shares of their closings, each with one in how many, 0 for none"
    )
    sampling_text: str = Field(description="that figures over all lean by it, in a sentence; empty where they do not")


def catalogue_out(phrases: Phrases) -> MetricList:
    """Return the catalogue in every language."""
    return MetricList(rule_version=RULE_VERSION, items=tuple(_metric(each, phrases) for each in CATALOGUE.values()))


def _metric(metric: Metric, phrases: Phrases) -> MetricOut:
    return MetricOut(
        id=metric.id,
        name={locale: metric_name(metric.id, phrases, locale) for locale in phrases.texts},
        formula={locale: metric_formula(metric.id, phrases, locale) for locale in phrases.texts},
        source=metric.source,
        unit=metric.unit,
        instant=metric.instant,
        hours=metric.hours,
        lower_is_better=metric.lower_is_better,
        by=METRIC_KEYS[metric.source],
    )


def summary_out(found: PeriodSummary, told: FigureLocale) -> SummaryOut:
    """Return the figures of a period as the API shows them."""
    return SummaryOut(
        since=found.period.since.astimezone(told.zone),
        until=found.period.until.astimezone(told.zone),
        period=found.period.name,
        timezone=told.zone.key,
        by=found.summary.by,
        provisional=not found.period.is_over(told.now),
        rule_version=RULE_VERSION,
        figures=tuple(figure_out(each, found, told) for each in found.summary.figures),
        sampling={one.rule: one.one_in for one in found.summary.unequal},
        sampling_text=sampling_text(found.summary.unequal, told.phrases, told.locale),
    )


def figure_out(
    figure: Figure, found: PeriodSummary | FigureExplanation | SubjectScore, told: FigureLocale
) -> FigureOut:
    """Return one figure as the API shows it, with what was entered about it."""
    metric, interval, agents, period = CATALOGUE[figure.metric], figure.interval, found.agents, found.period
    entries = {one.kind: one for one in found.entries if one.metric == metric.id and dict(one.cut) == figure.cut}
    others = [one for one in found.entries if (one.metric, one.kind, one.cut) == (metric.id, EnteredKind.BENCHMARK, ())]
    return FigureOut(
        id=figure_id(figure, period, told.zone),
        metric=metric.id,
        name=metric_name(metric.id, told.phrases, told.locale),
        cut=dict(figure.cut),
        label={key: agents.get(value) or value if key == "agent" else value for key, value in figure.cut.items()},
        value=_number(figure.value),
        text=figure_text(figure, told.phrases, told.locale),
        unit=metric.unit,
        numerator=_number(figure.numerator),
        denominator=_number(figure.denominator),
        n=figure.n,
        people=figure.people,
        interval=None
        if interval is None
        else IntervalOut(low=interval.low, high=interval.high, level=0.95, method=interval.method),
        state=figure.state,
        excluded=dict(figure.excluded),
        sources=dict(figure.sources),
        provisional=figure.provisional,
        instant=metric.instant,
        formula=metric_formula(metric.id, told.phrases, told.locale),
        rule_version=figure.rule_version,
        share=_number(figure.share),
        weighting=figure.weighting,
        low_item=figure.is_low,
        benchmark=_benchmark(entries.get(EnteredKind.BENCHMARK) or next(reversed(others), None)),
        entered=_entered(entries.get(EnteredKind.FIGURE)),
        remark=_remark(entries.get(EnteredKind.REMARK)),
        change=_change(figure.change, "figure.change", told),
        year_change=_change(figure.year_change, "figure.year_change", told),
    )


def _benchmark(one: EnteredFigure | None) -> BenchmarkOut | None:
    if one is None:
        return None
    return BenchmarkOut(value=float(one.numerator), origin=one.origin, dated=one.dated, by=one.by)


def _entered(one: EnteredFigure | None) -> EnteredOut | None:
    if one is None:
        return None
    return EnteredOut(origin=one.origin, dated=one.dated or None, by=one.by, at=one.at)


def _remark(one: EnteredFigure | None) -> RemarkOnFigureOut | None:
    if one is None:
        return None
    return RemarkOnFigureOut(conclusion=one.conclusion, measures=one.measures, by=one.by, at=one.at)


def _change(change: Change | None, key: str, told: FigureLocale) -> ChangeOut | None:
    if change is None:
        return None
    return ChangeOut(
        before=float(change.before or 0),
        n=change.n,
        low=None if change.interval is None else change.interval.low,
        high=None if change.interval is None else change.interval.high,
        verdict=change.verdict,
        text=told.phrases.say(told.locale, f"{key}.{change.verdict}"),
        effect=_number(change.effect),
        p=change.p,
        method=change.method,
    )


class InputOut(BaseModel):
    """One thing behind a figure, and what it adds to numerator and denominator, or its seconds; nothing if excluded."""

    ticket: str | None
    id: str = Field(description="of the response or the issue; empty for a closing of which there is none")
    question: str | None
    value: int | None
    importance: int | None
    status: str | None
    excluded: str | None
    numerator: int | None
    denominator: int | None
    seconds: float | None
    again: str | None = Field(description="the ticket by which the same fault, or the same problem, came again")
    first: str | None = Field(description="the ticket that this one repeats")


class ExplanationOut(BaseModel):
    """Where a figure comes from; `more` inputs than these stand behind it, or none is told of so few people."""

    figure: FigureOut
    inputs: tuple[InputOut, ...]
    more: bool


class StandingOut(BaseModel):
    """CSAT among peers with thirty responses and more: drawn towards the common share, with its interval and band."""

    csat: float
    low: float
    high: float
    band: Band = Field(description="A: clearly above the common share, C: clearly below, B: not told apart from it")
    common: float
    peers: int
    pseudo_answers: float


class ScoreOut(BaseModel):
    """Everything about one subject in a period, each figure with what it rests on."""

    model_config = ConfigDict(serialize_by_alias=True)

    subject: str
    name: str
    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    period: str
    provisional: bool
    standing: StandingOut | None = Field(description="null for fewer than thirty responses, or without peers")
    figures: tuple[FigureOut, ...]
    forms: tuple[FormResultOut, ...] = Field(description="what the sheets about it come to, by form")


def explanation_out(found: FigureExplanation, told: FigureLocale) -> ExplanationOut:
    """Return where a figure comes from as the API shows it."""
    figure = figure_out(found.figure, found, told)
    return ExplanationOut(figure=figure, inputs=tuple(_input(*each) for each in found.inputs), more=found.more)


def _input(one: FigureInput, parts: tuple[int, int] | Fraction | None) -> InputOut:
    fact = one.fact
    excluded = fact.excluded if isinstance(fact, RatingCount) else ""
    again, first = (fact.repaired_again or fact.asked_again, fact.first) if isinstance(fact, VisitFact) else ("", "")
    numerator, denominator = parts if isinstance(parts, tuple) else (None, None)
    return InputOut(
        ticket=f"{one.source}/{one.ticket}" if one.ticket else None,
        id=one.thing,
        question=fact.keys["question"] if isinstance(fact, RatingCount) else None,
        value=fact.value if isinstance(fact, RatingCount) else None,
        importance=(fact.importance or None) if isinstance(fact, RatingCount) else None,
        status=(fact.reason or fact.status) if isinstance(fact, AskCount) else None,
        excluded=excluded or None,
        numerator=numerator,
        denominator=denominator,
        seconds=float(parts) if isinstance(parts, Fraction) else None,
        again=again or None,
        first=first or None,
    )


def score_out(found: SubjectScore, told: FigureLocale) -> ScoreOut:
    """Return the score of a subject as the API shows it."""
    key, value = found.subject
    return ScoreOut(
        subject=f"{key}:{value}",
        name=found.agents.get(value, value) if key == "agent" else value,
        since=found.period.since.astimezone(told.zone),
        until=found.period.until.astimezone(told.zone),
        period=found.period.name,
        provisional=not found.period.is_over(told.now),
        standing=None if found.standing is None else _standing(found.standing, found.peers),
        figures=tuple(figure_out(each, found, told) for each in found.figures),
        forms=tuple(form_result_out(*each, told.locale) for each in found.forms),
    )


def _standing(one: Standing, peers: int) -> StandingOut:
    return StandingOut(
        csat=float(100 * one.shrunken),
        low=100 * one.low,
        high=100 * one.high,
        band=one.band,
        common=float(100 * one.common),
        peers=peers,
        pseudo_answers=float(one.pseudo),
    )


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
