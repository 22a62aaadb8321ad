"""What is asked of a period: figures, how its surveys were answered, what it tells; computed, and written as text.

The text is JSON in which a fraction stands as `3/4`, so that what is read from it is what was computed, to the bit.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from dialogs.reports.cross_tables import MOST_LISTED, RepairAgain
from dialogs.time.periods import Period
from scoring.metrics.catalogue import CATALOGUE, Metric, MetricSource
from scoring.metrics.facts import VisitFact
from scoring.metrics.repeats import REPAIRED_AGAIN_WITHIN
from scoring.metrics.review import ReviewPart
from scoring.metrics.summary import Comparable, comparable, metrics_for, shown_levels, summarize
from scoring.values import Value, field, replace
from storage.reads.figures.figure_facts import PeriodFacts
from storage.reads.figures.visit_counts import ToldOfPeriod

__all__ = [
    "AskedFigures",
    "FigureCut",
    "GivenFigures",
    "RepeatedRepairs",
    "SurveyLevels",
    "asked_of",
    "compute_figures",
    "cut_of",
    "read_figures",
    "write_figures",
]

_NOW = timedelta(0)
_COMPUTED_BY = ("scoring", "dialogs", "storage", "bot.jobs.figures")
"""Whatever they import, and more: a version that changes none of it computes as the one before."""


class FigureCut(Value):
    """Which metrics are wanted, and by which keys."""

    by: tuple[str, ...]
    metrics: tuple[Metric, ...]


class AskedFigures(Value):
    """Metrics of a period by keys, or its `levels`: how each survey was answered, question by question; or `repeats`.

    Those are its repairs that did not hold and its rework, one by one. Or what it has `told` of: which fields its
    closings have, and how they were asked about.

    `is_over`: it is over, `is_followed`: it is long enough over that what came after its closings is known, or nothing
    that is asked tells that.
    """

    since: datetime
    until: datetime
    by: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    is_over: bool = True
    is_followed: bool = True
    levels: bool = False
    repeats: bool = False
    told: bool = False

    @property
    def ends(self) -> tuple[datetime, datetime]:
        """The first moment, and that after the last."""
        return self.since, self.until

    @property
    def sources(self) -> set[MetricSource]:
        """What the metrics count."""
        return {CATALOGUE[metric].source for metric in self.metrics}

    @property
    def by_metrics(self) -> bool:
        """Whether figures of metrics are asked for, and nothing else."""
        return not self.levels and not self.repeats and not self.told

    @property
    def follows(self) -> bool:
        """Whether what came after the period's closings is told, too."""
        return self.repeats or any(CATALOGUE[metric].follows for metric in self.metrics)

    @property
    def rests_on(self) -> tuple[datetime, datetime]:
        """Between which moments everything is placed that it is computed from."""
        apart = REPAIRED_AGAIN_WITHIN if self.follows else _NOW
        return self.since - apart, self.until + apart

    @property
    def key(self) -> str:
        """A hash of all of it, and of the formulas."""
        since, until = (moment.astimezone(UTC) for moment in self.ends)
        told = msgspec.json.encode((_FORMULAS, replace(self, since=since, until=until)))
        return sha256(told).hexdigest()[:32]


SurveyLevels = Mapping[str, Mapping[str, tuple[int, dict[int, int] | None]]]
"""By survey and question how many answers count, and how often each value was given, if that may be told."""


class RepeatedRepairs(Value):
    """The first repairs that did not hold, and the first rework, as they are listed, and how many there are."""

    again: tuple[RepairAgain, ...]
    again_in_all: int
    rework: tuple[RepairAgain, ...]
    rework_in_all: int


class GivenFigures(Value):
    """What was asked for; where it tells of agents, `agents` names those who are known by an id."""

    figures: Comparable | None = None
    agents: dict[str, str] = field(default_factory=dict)
    levels: SurveyLevels = field(default_factory=dict)
    repeated: RepeatedRepairs | None = None
    told: ToldOfPeriod | None = None

    def answers(self, asked: AskedFigures) -> bool:
        """Return whether it tells what was asked for."""
        given = (self.figures is not None, self.repeated is not None, self.told is not None)
        return given == (asked.by_metrics, asked.repeats, asked.told)


def asked_of(period: Period, cut: FigureCut, now: datetime) -> AskedFigures:
    """Return what is asked for with a cut of a period."""
    metrics, follows = tuple(metric.id for metric in cut.metrics), any(metric.follows for metric in cut.metrics)
    is_followed = not follows or period.is_over(now - REPAIRED_AGAIN_WITHIN)
    return AskedFigures(period.since, period.until, cut.by, metrics, period.is_over(now), is_followed)


def cut_of(part: ReviewPart) -> FigureCut:
    """Return the cut of a part, with those of its metrics that can be cut so."""
    fitting = {metric.id for metric in metrics_for(part.by)}
    return FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics if metric in fitting))


def compute_figures(found: PeriodFacts, asked: AskedFigures) -> GivenFigures:
    """Return what is asked for from the facts of its period; it may take seconds."""
    facts = found.facts
    if asked.repeats:
        return _repeated(found)
    if asked.told:
        return GivenFigures(told=found.told)
    if asked.levels:
        surveys = {one.keys["survey"] for one in facts.ratings}
        return GivenFigures(levels={survey: shown_levels(facts, survey) for survey in sorted(surveys)})
    metrics = [CATALOGUE[metric] for metric in asked.metrics]
    summary = summarize(facts, asked.by, metrics, is_over=asked.is_over, is_followed=asked.is_followed)
    return GivenFigures(comparable(summary, facts), found.agents if "agent" in asked.by else {})


def _repeated(found: PeriodFacts) -> GivenFigures:
    visits = [(f"{one.source}/{one.ticket}", one.fact) for one in found.repeated]
    again = [_line(ticket, fact.repaired_again, fact) for ticket, fact in visits if fact.repaired_again]
    rework = [
        replace(_line(fact.first, ticket, fact), rework=fact.keys["rework"])
        for ticket, fact in visits
        if fact.keys["rework"]
    ]
    first = tuple(again[:MOST_LISTED]), tuple(rework[:MOST_LISTED])
    agents = {
        agent: name for agent, name in found.agents.items() if any(one.agent == agent for some in first for one in some)
    }
    return GivenFigures(agents=agents, repeated=RepeatedRepairs(first[0], len(again), first[1], len(rework)))


def _line(first: str, again: str, fact: VisitFact) -> RepairAgain:
    return RepairAgain(first, again, fact.keys["agent"], fact.keys["category"], fact.keys["cause"])


def _as_text(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _from_text(kind: type, value: object) -> Any:  # noqa: ANN401 (of the type that is asked for)
    if kind is Fraction and isinstance(value, str):
        return Fraction(value)
    raise TypeError(f"{kind.__name__} cannot be read")


_WRITER = msgspec.json.Encoder(enc_hook=_as_text)
_READER = msgspec.json.Decoder(GivenFigures, dec_hook=_from_text)


def write_figures(given: GivenFigures) -> str:
    """Return figures as text."""
    return _WRITER.encode(given).decode()


def read_figures(text: str) -> GivenFigures:
    """Return the figures that were written. Raises ValueError for a text that holds none, as where a row is damaged."""
    try:
        return _READER.decode(text)
    except (msgspec.DecodeError, ZeroDivisionError) as wrong:
        raise ValueError(str(wrong)) from None


def _formulas() -> str:
    """Return a hash of the code by which figures are computed: kept ones are those of the same code."""
    found = (find_spec(package) for package in _COMPUTED_BY)
    folders = [Path(folder) for one in found if one is not None for folder in one.submodule_search_locations or ()]
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    return sha256(b"\n".join(file.read_bytes() for file in files)).hexdigest()


_FORMULAS = _formulas()
"""Of the code that runs: what an upgrade puts in its place meanwhile is that of the next start."""
