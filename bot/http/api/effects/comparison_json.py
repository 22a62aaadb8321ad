"""What a change comes to, in JSON."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.http.api.schemas.figure_json import FigureLocale, FigureOut, figure_out
from bot.jobs.effects.window_comparison import WindowComparison
from bot.jobs.period_summary import PeriodSummary
from dialogs.time.periods import Period
from scoring.effects.before_after import BeforeAfter, Difference, EffectVerdict, PilotEffect
from scoring.honesty.comparison import FEWEST_TO_COMPARE
from scoring.honesty.intervals import LEVEL
from scoring.metrics.figure import RULE_VERSION, Figure
from scoring.metrics.summary import Summary

__all__ = ["ComparisonOut", "comparison_out"]


class WindowOut(BaseModel):
    """A window of time, from `from` to `to`, which is excluded."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    period: str


class DifferenceOut(BaseModel):
    """A difference in the metric's unit, with the interval of 95 %; the ends are null where nothing tells them."""

    value: float
    low: float | None
    high: float | None
    level: float
    method: str


class LineOut(BaseModel):
    """A figure before and after."""

    before: FigureOut = Field(description="its `id` is empty where it cannot be asked for alone")
    after: FigureOut
    people_before: int
    people_after: int
    in_both: int = Field(description="people on both sides, whose answers depend on each other")
    in_both_text: str = Field(description="the same in words; empty for nobody")
    difference: DifferenceOut | None
    superiority: float | None = Field(description="how probably somebody later is higher than somebody earlier")
    p: float | None = Field(description="two-sided, after Holm's correction for all that is compared here")
    method: str
    verdict: EffectVerdict
    text: str


class PilotOut(BaseModel):
    """A pilot and the rest; the difference is that of the pilot less that of the rest."""

    pilot: LineOut
    rest: LineOut
    difference: DifferenceOut | None
    p: float | None
    method: str
    verdict: EffectVerdict
    text: str


class ComparisonOut(BaseModel):
    """The same figures in two windows."""

    before: WindowOut
    after: WindowOut
    timezone: str
    by: str
    of: str
    change: str
    pilot: str
    is_over: bool = Field(description="both windows are over, and nobody who was asked may still answer")
    rule_version: int
    items: tuple[LineOut, ...]
    pilots: tuple[PilotOut, ...]
    text: str = Field(description="what a comparison does not tell")


def comparison_out(found: WindowComparison, told: FigureLocale) -> ComparisonOut:
    """Return a comparison as the API shows it."""
    wanted = found.wanted
    return ComparisonOut(
        before=_window(wanted.before, told),
        after=_window(wanted.after, told),
        timezone=told.zone.key,
        by=wanted.by,
        of=":".join(wanted.of or ()),
        change=wanted.change,
        pilot=":".join(wanted.pilot or ()),
        is_over=found.is_over,
        rule_version=RULE_VERSION,
        items=tuple(_line(each, found, told) for each in found.lines),
        pilots=tuple(_pilot(each, found, told) for each in found.pilots),
        text=told.phrases.say(told.locale, "effect.no_cause"),
    )


def _window(period: Period, told: FigureLocale) -> WindowOut:
    since, until = (at.astimezone(told.zone) for at in (period.since, period.until))
    return WindowOut(since=since, until=until, period=period.name)


def _pilot(one: PilotEffect, found: WindowComparison, told: FigureLocale) -> PilotOut:
    people = [min(sides) for sides in zip(one.pilot.people, one.rest.people, strict=True)]
    return PilotOut(
        pilot=_line(one.pilot, found, told),
        rest=_line(one.rest, found, told),
        difference=_difference(one.difference),
        p=one.p,
        method=one.method,
        verdict=one.verdict,
        text=_said(one.verdict, people, told),
    )


def _line(one: BeforeAfter, found: WindowComparison, told: FigureLocale) -> LineOut:
    wanted = found.wanted
    return LineOut(
        before=_figure(one.before, wanted.before, found, told),
        after=_figure(one.after, wanted.after, found, told),
        people_before=one.people[0],
        people_after=one.people[1],
        in_both=one.in_both,
        in_both_text=told.phrases.say(told.locale, "effect.in_both", n=one.in_both) if one.in_both else "",
        difference=_difference(one.difference),
        superiority=None if one.superiority is None else float(one.superiority),
        p=one.p,
        method=one.method,
        verdict=one.verdict,
        text=_said(one.verdict, one.people, told),
    )


def _said(verdict: EffectVerdict, people: tuple[int, ...] | list[int], told: FigureLocale) -> str:
    before, after = people
    values = {"before": before, "after": after, "fewest": FEWEST_TO_COMPARE}
    return told.phrases.say(told.locale, f"effect.{verdict}", **values)


def _figure(figure: Figure, period: Period, found: WindowComparison, told: FigureLocale) -> FigureOut:
    shown = figure_out(figure, PeriodSummary(period, Summary((), ()), found.agents), told)
    is_alone = not (found.wanted.change or found.wanted.pilot)
    return shown if is_alone else shown.model_copy(update={"id": ""})


def _difference(one: Difference | None) -> DifferenceOut | None:
    if one is None:
        return None
    interval = one.interval
    return DifferenceOut(
        value=float(one.value),
        low=None if interval is None else interval.low,
        high=None if interval is None else interval.high,
        level=float(LEVEL),
        method="" if interval is None else interval.method,
    )
