"""The figures of a period: every metric asked for, over every cell of a cut, with what disclosure control withholds."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from scoring.honesty.disclosure import DisclosureAtom, withheld_cells
from scoring.metrics.asks import ask_figure, disposition
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, Metric, MetricSource
from scoring.metrics.facts import Facts, RatingCount, grouped
from scoring.metrics.figure import FEWEST_FOR_A_VALUE, Figure
from scoring.metrics.issues import issue_figure
from scoring.metrics.ratings import rating_figure
from scoring.values import Value, replace

__all__ = ["MOST_KEYS", "Summary", "metrics_for", "summarize"]

MOST_KEYS = 2
"""The most keys of a cut: what is withheld is decided over every cut of so many."""


class Summary(Value):
    """The figures of a period, cut by `by`."""

    by: tuple[str, ...]
    figures: tuple[Figure, ...]


def metrics_for(by: Iterable[str]) -> tuple[Metric, ...]:
    """Return the metrics that can be cut by all these keys."""
    wanted = set(by)
    return tuple(metric for metric in CATALOGUE.values() if wanted <= set(METRIC_KEYS[metric.source]))


def summarize(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric], *, is_over: bool) -> Summary:
    """Return the figures of these metrics, cell by cell; those of ratings are provisional while answers may come."""
    wanted = [metric for metric in metrics if set(by) <= set(METRIC_KEYS[metric.source])]
    found = [*_of_ratings(facts, by, wanted), *_of_closings(facts, by, wanted), *_of_issues(facts, by, wanted)]
    order = {metric.id: place for place, metric in enumerate(wanted)}
    found.sort(key=lambda figure: (tuple(figure.cut.values()), order[figure.metric]))
    is_open = any(disposition(each) == "pending" for each in facts.asks)
    return Summary(by, tuple(_marked(each, is_over=is_over, is_open=is_open) for each in found))


def _marked(figure: Figure, *, is_over: bool, is_open: bool) -> Figure:
    """Mark what may still change: the period goes on, or somebody who was asked may still answer."""
    waits = is_open and CATALOGUE[figure.metric].source is not MetricSource.ISSUES
    return replace(figure, provisional=not is_over or waits or "waiting" in figure.excluded)


def _of(metrics: Sequence[Metric], source: MetricSource) -> list[Metric]:
    return [metric for metric in metrics if metric.source is source]


def _of_ratings(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    wanted = _of(metrics, MetricSource.RATINGS)
    if not wanted:
        return
    hidden = _hidden(facts.ratings, by)
    for cell, counts in grouped(facts.ratings, by).items():
        cut = dict(zip(by, cell, strict=True))
        for metric in wanted:
            figure = rating_figure(metric.id, cut, counts, withheld=cell in hidden)
            if figure.n or figure.excluded or metric.id not in ("nps", "ces"):  # these have questions of their own
                yield figure


def _hidden(ratings: Iterable[RatingCount], by: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the cells to be withheld, in view of every cut that anybody can ask for."""
    keys = METRIC_KEYS[MetricSource.RATINGS]
    cuts = [cut for most in range(MOST_KEYS + 1) for cut in combinations(keys, most)]
    people: Counter[tuple[str, ...]] = Counter()
    for each in ratings:
        people[tuple(each.keys[key] for key in keys)] += 0 if each.excluded else each.n
    atoms = [
        DisclosureAtom(dict(zip(keys, values, strict=True)), values[keys.index("question")], n)
        for values, n in people.items()
    ]
    ordered = tuple(key for key in keys if key in by)
    places = [ordered.index(key) for key in by]
    return {tuple(cell[place] for place in places) for cell in withheld_cells(atoms, cuts, FEWEST_FOR_A_VALUE)[ordered]}


def _of_closings(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    for cell, counts in grouped(facts.asks, by).items() if _of(metrics, MetricSource.CLOSINGS) else ():
        for metric in _of(metrics, MetricSource.CLOSINGS):
            yield ask_figure(metric.id, dict(zip(by, cell, strict=True)), counts)


def _of_issues(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    for cell, issues in grouped(facts.issues, by).items() if _of(metrics, MetricSource.ISSUES) else ():
        for metric in _of(metrics, MetricSource.ISSUES):
            yield issue_figure(metric.id, dict(zip(by, cell, strict=True)), issues)
