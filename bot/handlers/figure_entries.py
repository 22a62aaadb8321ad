"""Figures, benchmarks and remarks that people enter: checked, stored once, corrected with a reason."""

from collections.abc import Iterator

from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid
from dialogs.ids import derive
from dialogs.time.periods import Period
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricSource, MetricUnit
from scoring.metrics.summary import MOST_KEYS
from scoring.values import Value, replace
from storage.model.entered_figures import EnteredFigure, EnteredKind
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["EntryOutcome", "NewEntry", "figure_entry_needs", "store_entry"]


class NewEntry(Value):
    """What somebody enters; `reason` says why what is there already is to be corrected."""

    kind: EnteredKind
    metric: str
    period: Period
    cut: tuple[tuple[str, str], ...]
    by: str
    numerator: str = ""
    denominator: str = ""
    origin: str = ""
    dated: str = ""
    conclusion: str = ""
    measures: str = ""
    reason: str = ""

    @property
    def id(self) -> str:
        """Its id: there is one of a kind about a metric for a period and a cut."""
        cut = [text for pair in sorted(self.cut) for text in pair]
        return derive("ent", self.kind, self.metric, self.period.name, *cut)


class EntryOutcome(Value):
    """What is stored; `created` when it is new."""

    entry: EnteredFigure
    created: bool = False


def figure_entry_needs(new: NewEntry) -> Needs:
    """Return the need for what may be there."""
    return Needs(entered=frozenset({new.id}))


def store_entry(context: DecisionContext, new: NewEntry) -> Decision[EntryOutcome | Invalid | Conflict]:
    """Store an entry. The same one again changes nothing; another one in its place needs a reason."""
    wrong = next(_problems(context, new), None)
    if wrong is not None:
        return Decision(Changes(), Invalid(*wrong))
    made, before = _entry(context, new), context.snapshot.entered_figure(new.id)
    if before is None:
        return Decision(Changes((made,)), EntryOutcome(made, created=True))
    kept = replace(made, at=before.at, by=before.by, since=before.since, until=before.until, version=before.version)
    if kept == before:
        return Decision(Changes(), EntryOutcome(before))
    if not new.reason:
        return Decision(Changes(), Conflict("That has been entered already; give a reason to correct it."))
    corrected = replace(made, version=before.version)
    told = {name: getattr(before, name) for name in ("numerator", "denominator", "origin", "conclusion", "measures")}
    told |= {"reason": new.reason, "entered_by": before.by}
    line = audit_entry(context, new.by, "entry.corrected", new.id, context.now.isoformat(), **told)
    return Decision(Changes((corrected, line)), EntryOutcome(corrected))


def _entry(context: DecisionContext, new: NewEntry) -> EnteredFigure:
    return EnteredFigure(
        id=new.id,
        kind=new.kind,
        metric=new.metric,
        period=new.period.name,
        since=new.period.since,
        until=new.period.until,
        cut=tuple(sorted(new.cut)),
        by=new.by,
        at=context.now,
        numerator=new.numerator,
        denominator=new.denominator,
        origin=new.origin,
        dated=new.dated,
        conclusion=new.conclusion,
        measures=new.measures,
    )


def _problems(context: DecisionContext, new: NewEntry) -> Iterator[tuple[str, str]]:
    metric = CATALOGUE.get(new.metric)
    if metric is None:
        yield "metric", f"is {new.metric!r}, which is not in the catalogue (/api/v1/metrics)"
        return
    keys = METRIC_KEYS[metric.source]
    for key, _ in new.cut:
        if key not in keys:
            yield "cut", f"has {key!r}; {new.metric} can be cut by {', '.join(keys)}"
    if len(new.cut) > MOST_KEYS:
        yield "cut", f"has {len(new.cut)} keys; give at most {MOST_KEYS}"
    if new.period.since > context.now:
        yield "period", "has not begun yet"
    yield from _OF_KIND[new.kind](new)


def _of_figure(new: NewEntry) -> Iterator[tuple[str, str]]:
    metric = CATALOGUE[new.metric]
    if metric.source is not MetricSource.ENTERED:
        yield "metric", f"is {new.metric}, which is counted and not entered"
    elif not new.numerator:
        yield "numerator", "is missing"
    elif metric.unit is MetricUnit.COUNT and new.denominator:
        yield "denominator", f"belongs to no count, and {new.metric} is one"
    elif metric.unit is not MetricUnit.COUNT and not new.denominator:
        yield "denominator", "is missing; a share is told with what it is a share of"
    elif new.denominator and not 0 <= int(new.numerator) <= int(new.denominator):
        yield "numerator", f"is {new.numerator}, which is no part of {new.denominator}"
    if not new.origin:
        yield "origin", "is missing; write where the figure comes from"


def _of_benchmark(new: NewEntry) -> Iterator[tuple[str, str]]:
    if not new.numerator:
        yield "value", "is missing"
    if not new.origin:
        yield "origin", "is missing; a benchmark has a source that others can look up"
    if not new.dated:
        yield "dated", "is missing; write of which day the source is"


def _of_remark(new: NewEntry) -> Iterator[tuple[str, str]]:
    if not (new.conclusion or new.measures):
        yield "conclusion", "is missing, and so are measures; write one of them"


_OF_KIND = {
    EnteredKind.FIGURE: _of_figure,
    EnteredKind.BENCHMARK: _of_benchmark,
    EnteredKind.REMARK: _of_remark,
}
