"""The figures of a period: every metric asked for, over every cell of a cut, with what disclosure control withholds."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from weakref import ReferenceType, ref

from scoring.honesty.answer_sets import DisclosureAtom
from scoring.honesty.comparison import Change, ChangeVerdict, compare, holm
from scoring.honesty.disclosure import withheld_cells
from scoring.honesty.sampled_rules import SampledRule, unequal_shares
from scoring.metrics.asks import ask_figure, disposition, share_figure
from scoring.metrics.cases import case_figure
from scoring.metrics.catalogue import CATALOGUE, GIVEN_SOURCES, METRIC_KEYS, Metric, MetricSource, MetricUnit
from scoring.metrics.facts import Facts, RatingCells, RatingCount, VisitCount, VisitFact, cell_by, grouped
from scoring.metrics.figure import FEWEST_FOR_A_VALUE, Figure, SampleSize
from scoring.metrics.importance import importance_figure
from scoring.metrics.ratings import are_of_few, rating_figure, rating_histogram, rating_parts
from scoring.values import Value, replace

__all__ = [
    "MOST_KEYS",
    "Answers",
    "Comparable",
    "Summary",
    "comparable",
    "metrics_for",
    "shown_levels",
    "summarize",
    "with_changes",
    "withheld_of_ratings",
]

MOST_KEYS = 2
"""The most keys of a cut."""

_ITEMS = ("question", "dimension")
_IN_ORDER = tuple(key for key in METRIC_KEYS[MetricSource.RATINGS] if key not in _ITEMS)


class Summary(Value):
    """The figures of a period, cut by `by`; `unequal` are the rules that drew different shares of their closings."""

    by: tuple[str, ...]
    figures: tuple[Figure, ...]
    unequal: tuple[SampledRule, ...] = ()


def metrics_for(by: Iterable[str]) -> tuple[Metric, ...]:
    """Return the metrics that can be cut by all these keys."""
    return tuple(metric for metric in CATALOGUE.values() if _fits(metric, set(by)))


def _fits(metric: Metric, by: set[str]) -> bool:
    """Return whether a metric can be cut by these keys; for ratings, whether what is withheld is decided over them."""
    is_possible = by <= set(METRIC_KEYS[metric.source]) and not (metric.about and len(by - set(_ITEMS)) == MOST_KEYS)
    return is_possible and (metric.source not in GIVEN_SOURCES or any(by == set(cut) for cut in _rating_cuts()))


def _subjects() -> list[tuple[str, ...]]:
    """Return whose ratings a cut may divide, the most important first: of two cells the later one is withheld."""
    first = ("survey", "team", "agent", "channel")
    others = (key for key in _IN_ORDER if key not in first)
    return [(), *((key,) for key in first), ("team", "agent"), *((key,) for key in others)]


def _rating_cuts() -> list[tuple[str, ...]]:
    """Return every cut of ratings: a subject, alone or by what was rated."""
    subjects = _subjects()
    return [*subjects, *((*subject, item) for subject in subjects for item in _ITEMS if len(subject) < MOST_KEYS)]


def summarize(
    facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric], *, is_over: bool, is_followed: bool = True
) -> Summary:
    """Return the figures of these metrics, cell by cell; those of ratings are provisional while answers may come.

    `is_followed`: it is long enough over that what came after its closings is known.
    """
    wanted = [metric for metric in metrics if _fits(metric, set(by))]
    found = [
        *_of_ratings(facts, by, wanted),
        *_of_importance(facts, by, wanted),
        *_of_closings(facts, by, wanted),
        *_of_cases(facts, by, wanted),
    ]
    found += _of_entered(facts, by, wanted)
    order = {metric.id: place for place, metric in enumerate(wanted)}
    found.sort(key=lambda figure: (tuple(figure.cut.values()), order[figure.metric]))
    is_open = any(disposition(each) == "pending" for each in facts.asks)
    open_sources = {*GIVEN_SOURCES, MetricSource.CLOSINGS} if is_open else set[MetricSource]()
    if not all(issue.done for issue in facts.issues):
        open_sources.add(MetricSource.ISSUES)
    whole = {metric.id: sum(one.value or 0 for one in found if one.metric == metric.id) for metric in wanted}
    told = (_with_share(each, whole[each.metric]) for each in found)
    marked = tuple(_marked(each, open_sources, is_over=is_over, is_followed=is_followed) for each in told)
    return Summary(by, marked, unequal_shares(facts.sampled))


def _with_share(figure: Figure, whole: Fraction | int) -> Figure:
    """Return a count with what it is of all in its cut."""
    if figure.value is None or not whole or not figure.cut or not _is_count(CATALOGUE[figure.metric]):
        return figure
    return replace(figure, share=100 * figure.value / whole)


def _marked(figure: Figure, open_sources: Collection[MetricSource], *, is_over: bool, is_followed: bool) -> Figure:
    """Mark what may still change: the period goes on, somebody who was asked may still answer, an issue is open."""
    metric = CATALOGUE[figure.metric]
    waits = metric.source in open_sources and not (metric.source is MetricSource.ISSUES and _is_count(metric))
    waits = waits or (metric.follows and not is_followed)
    return replace(figure, provisional=not is_over or waits or "waiting" in figure.excluded)


def _is_count(metric: Metric) -> bool:
    return metric.unit is MetricUnit.COUNT


def _of(metrics: Sequence[Metric], source: MetricSource) -> list[Metric]:
    return [metric for metric in metrics if metric.source is source]


def _of_ratings(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    wanted = _of(metrics, MetricSource.RATINGS)
    if not wanted:
        return
    known, several = _known_of(facts), grouped(facts.repeated, by)
    hidden_cells = known.hidden
    hidden, is_item = hidden_cells(by), any(key in _ITEMS for key in by)
    of_items = set() if is_item or len(by) == MOST_KEYS else hidden_cells((*by, "dimension"))
    subject = tuple(key for key in by if key not in _ITEMS)
    of_questions = None if len(subject) == MOST_KEYS else hidden_cells((*subject, "question"))
    for cell, counts in known.ratings.by(by).items():
        cut = dict(zip(by, cell, strict=True))
        who = tuple(cut[key] for key in subject)
        for metric in wanted:
            withheld = cell in hidden or (*cell, metric.about) in of_items
            withheld = withheld or _is_of_withheld_questions(metric, who, counts, of_questions)
            figure = rating_figure(metric.id, cut, counts, several.get(cell, ()), withheld=withheld)
            if figure.n or figure.excluded or metric.id not in _OF_ONE_QUESTION:
                yield figure


def _is_of_withheld_questions(
    metric: Metric, subject: tuple[str, ...], counts: Iterable[RatingCount], hidden: Collection[tuple[str, ...]] | None
) -> bool:
    """Return whether a metric of some questions alone, by their scale, would tell of one that is withheld.

    `hidden` are the questions that are withheld of each subject, None where that is not decided.
    """
    if metric.about:
        return False
    counts_for_it = defaultdict[str, set[bool]](set)
    for one in counts:
        if not one.excluded:
            counts_for_it[one.keys["question"]].add(rating_parts(metric.id, one) is not None)
    ours = {question for question, known in counts_for_it.items() if True in known}
    if all(known == {True} for known in counts_for_it.values()):
        return False
    is_divided = any(len(counts_for_it[question]) > 1 for question in ours)
    return bool(ours) and (hidden is None or is_divided or any((*subject, question) in hidden for question in ours))


def _of_importance(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    """Yield figures of surveys that ask for importance; those who say it are some of those who rate, and as few."""
    wanted = _of(metrics, MetricSource.IMPORTANCE) if facts.weighed else []
    if not wanted:
        return
    given, said = ([one for one in some if one.importance] for some in (facts.weighed, facts.repeated))
    hidden = _known_of(facts).hidden(by) | withheld_of_ratings(given, repeated=said)(by)
    surveys = {one.keys["survey"] for one in facts.weighed}
    several = grouped([one for one in facts.repeated if one.keys["survey"] in surveys], by)
    for cell, counts in grouped(facts.weighed, by).items():
        cut, theirs = dict(zip(by, cell, strict=True)), several.get(cell, ())
        for metric in wanted:
            yield importance_figure(metric.id, cut, counts, theirs, withheld=cell in hidden)


_OF_ONE_QUESTION = frozenset({"nps", "ces", *(metric.id for metric in CATALOGUE.values() if metric.about)})


Hidden = Callable[[tuple[str, ...]], set[tuple[str, ...]]]


class _KnownOfFacts(Value):
    """What every cut of a report asks for: its ratings by cells, and what gives its cells that are withheld."""

    ratings: RatingCells
    hidden: Hidden


_KNOWN: dict[int, tuple[ReferenceType[Facts], _KnownOfFacts]] = {}
"""By the facts that are in use: which cells are withheld takes longest of all."""


def _known_of(facts: Facts) -> _KnownOfFacts:
    """Return what is known of these facts, found out once for as long as they are kept."""
    known = _KNOWN.get(id(facts))
    if known is not None and known[0]() is facts:
        return known[1]
    place = id(facts)
    hidden = withheld_of_ratings(facts.ratings, repeated=facts.repeated)
    found = _KnownOfFacts(RatingCells(facts.ratings), hidden)
    _KNOWN[place] = ref(facts, lambda _gone: _KNOWN.pop(place, None)), found
    return found


def withheld_of_ratings(
    ratings: Iterable[RatingCount], further: tuple[str, ...] = (), *, repeated: Iterable[RatingCount] = ()
) -> Hidden:
    """Return what gives the cells of a cut to be withheld, in view of every cut that anybody can ask for.

    A key with the same value everywhere divides nothing and is left out of the cuts. `further` are keys of one more
    cut, with keys of its own or not: it comes last, so that on its account nothing else is withheld. `repeated` are
    those of the ratings that count and came from people with several responses.
    """
    known = METRIC_KEYS[MetricSource.RATINGS]
    keys = (*known, *(key for key in further if key not in known))
    people, named = _counted(ratings, repeated, keys)
    varied = {key for key, values in zip(keys, zip(*people, strict=True), strict=False) if len(set(values)) > 1}
    pairs = {(values[keys.index("question")], values[keys.index("dimension")]) for values in people}
    is_same = len(pairs) == len({question for question, _ in pairs}) == len({dimension for _, dimension in pairs})
    if is_same:
        varied.discard("dimension")  # the same as the question
    every = [*_subjects(), *([further] if further else [])]
    subjects = list(dict.fromkeys(tuple(key for key in subject if key in varied) for subject in every))
    told = {values: dict(zip(keys, values, strict=True)) for values in people}
    counted = [((values, ""), max(n, 0)) for values, n in people.items()] + [*named.items()]
    atoms = [_atom(told[values], n, person) for (values, person), n in counted]
    hidden = withheld_cells(atoms, subjects, [item for item in _ITEMS if item in varied], FEWEST_FOR_A_VALUE)

    def of_cut(asked: tuple[str, ...]) -> set[tuple[str, ...]]:
        by = tuple("question" if key == "dimension" and is_same else key for key in asked)
        ordered = tuple(key for key in (*_IN_ORDER, *keys[len(known) :], *_ITEMS) if key in by and key in varied)
        if not (ours := hidden[ordered]):
            return set()
        cell_of, place_of = cell_by(asked), cell_by(ordered)
        return {cell_of(each) for each in told.values() if place_of(each) in ours}

    return of_cut


def _counted(
    ratings: Iterable[RatingCount], repeated: Iterable[RatingCount], keys: Sequence[str]
) -> tuple[Counter[tuple[str, ...]], Counter[tuple[tuple[str, ...], str]]]:
    """Return how many ratings that count have the same values of these keys, and how many of those came from whom."""
    values_of = cell_by(keys)
    people: Counter[tuple[str, ...]] = Counter()
    named: Counter[tuple[tuple[str, ...], str]] = Counter()
    for each in ratings:
        people[values_of(each.keys)] += 0 if each.excluded else each.n
    for each in repeated:
        values = values_of(each.keys)
        named[values, each.person] += each.n
        people[values] -= each.n
    return people, named


def _atom(keys: Mapping[str, str], n: int, person: str) -> DisclosureAtom:
    return DisclosureAtom(keys, {item: keys[item] for item in _ITEMS}, n, keys["survey"], person)


def shown_levels(facts: Facts, survey: str) -> dict[str, tuple[int, dict[int, int] | None]]:
    """Return for each question of a survey how many answers count, and how often each value was given.

    No values where the figures of the same answers would be withheld.
    """
    by, found, known = ("survey", "question"), dict[str, tuple[int, dict[int, int] | None]](), _known_of(facts)
    of_survey = {cell: counts for cell, counts in known.ratings.by(by).items() if cell[0] == survey}
    several, hidden = grouped(facts.repeated, by) if of_survey else {}, known.hidden(by)
    for cell, counts in of_survey.items():
        counted = [one for one in counts if not one.excluded]
        values: Counter[int] = Counter()
        for one in counted:
            values[one.value] += one.n
        is_shown = cell not in hidden and not are_of_few(counted, several.get(cell, ()))
        found[cell[1]] = (values.total(), dict(values) if is_shown else None)
    return found


def _of_closings(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    for cell, counts in grouped(facts.asks, by).items() if _of(metrics, MetricSource.CLOSINGS) else ():
        for metric in _of(metrics, MetricSource.CLOSINGS):
            yield ask_figure(metric.id, dict(zip(by, cell, strict=True)), counts)


def _of_cases(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    of_issues, of_visits = _of(metrics, MetricSource.ISSUES), _of(metrics, MetricSource.VISITS)
    orders = (one.numerator for one in facts.entered if one.metric == "orders" and not one.keys)
    wholes = {"problems": len(facts.visits) + sum(one.n for one in facts.counted), "orders": int(next(orders, 0))}
    for cell, issues in grouped(facts.issues, by).items() if of_issues else ():
        for metric in of_issues:
            yield case_figure(metric.id, dict(zip(by, cell, strict=True)), issues)
    for cell, visits in _visits(facts, by).items() if of_visits else ():
        for metric in of_visits:
            yield case_figure(metric.id, dict(zip(by, cell, strict=True)), visits, wholes)


def _visits(facts: Facts, by: tuple[str, ...]) -> Mapping[tuple[str, ...], list[VisitFact] | list[VisitCount]]:
    return grouped(facts.counted, by) if facts.counted else grouped(facts.visits, by)


def _of_entered(facts: Facts, by: tuple[str, ...], metrics: Sequence[Metric]) -> Iterator[Figure]:
    wanted = {metric.id for metric in _of(metrics, MetricSource.ENTERED)}
    for one in facts.entered:
        if one.metric in wanted and set(one.keys) == set(by):
            cut = {key: one.keys[key] for key in by}
            if one.denominator is None:
                n = int(one.numerator)
                yield Figure(one.metric, cut, one.numerator, n, n, SampleSize.FULL)
            else:
                yield share_figure(one.metric, cut, int(one.numerator), int(one.denominator), {})


Answers = tuple[tuple[Fraction, int], ...]
"""How often one answer was worth what."""


class Comparable(Value):
    """A summary with what its figures are compared by: of each, how often one answer was worth what, if that is known.

    It is known where everybody gave one answer, as by question.
    """

    summary: Summary
    histograms: tuple[Answers | None, ...]


def comparable(found: Summary, facts: Facts) -> Comparable:
    """Return the summary of these facts as one that can be compared."""
    by = found.by
    cells = _known_of(facts).ratings.by(by) if set(by) <= set(METRIC_KEYS[MetricSource.RATINGS]) else {}
    return Comparable(found, tuple(_histogram(one, cells) for one in found.figures))


def _histogram(figure: Figure, cells: Mapping[tuple[str, ...], list[RatingCount]]) -> Answers | None:
    if CATALOGUE[figure.metric].source is not MetricSource.RATINGS or figure.n != figure.people or figure.value is None:
        return None
    counts = cells.get(tuple(figure.cut.values()), [])
    return tuple(sorted(rating_histogram(figure.metric, counts).items()))


def with_changes(now: Comparable, earlier: Mapping[str, Comparable], partly: Container[str] = ()) -> Summary:
    """Return a summary with its figures beside those of earlier periods, of the same cut.

    `earlier` is by its name, `previous` or `year`. A difference is tested between shares of cases, and between
    ratings where everybody gave one answer, as by question; over all that is compared at once Holm's correction.
    What an earlier period did not have at all, such as a category, it counted none of. One that is `partly` known has
    no counts to compare with, since they would be too small, and the shares of what is known of it.
    """
    places, changes = list[tuple[int, str]](), list[Change]()
    for name, then in earlier.items():
        known = {
            (one.metric, tuple(one.cut.values())): (one, answers)
            for one, answers in zip(then.summary.figures, then.histograms, strict=True)
        }
        for place, (figure, answers) in enumerate(zip(now.summary.figures, now.histograms, strict=True)):
            before, answers_then = known.get((figure.metric, tuple(figure.cut.values())), (None, None))
            before = None if name in partly and _is_counted(figure) else before or _counted_none(figure)
            if before is not None and before.value is not None and figure.value is not None:
                places.append((place, name))
                change = _change(before, figure, answers_then, answers)
                changes.append(replace(change, interval=before.interval))
    judged = list(now.summary.figures)
    for (place, name), change in zip(places, holm(changes), strict=True):
        one = judged[place]
        judged[place] = replace(one, year_change=change) if name == "year" else replace(one, change=change)
    return replace(now.summary, figures=tuple(judged))


def _is_counted(figure: Figure) -> bool:
    """Return whether a figure is a count of what is stored; what was entered tells of a whole period."""
    metric = CATALOGUE[figure.metric]
    return metric.unit is MetricUnit.COUNT and metric.source is not MetricSource.ENTERED


def _counted_none(figure: Figure) -> Figure | None:
    """Return that nothing of a count's cut was counted in a period in which its cut does not occur; None of others."""
    if not figure.cut or not _is_counted(figure):
        return None
    return Figure(figure.metric, figure.cut, Fraction(0), 0, 0, SampleSize.FULL)


def _change(before: Figure, after: Figure, then: Answers | None, now: Answers | None) -> Change:
    metric = CATALOGUE[after.metric]
    if then is not None and now is not None:
        return compare(dict(then), dict(now), before.value)
    if metric.source not in GIVEN_SOURCES and metric.unit is MetricUnit.PERCENT:
        return compare(_cases(before), _cases(after), before.value)
    return Change(before.value, before.n, ChangeVerdict.NOT_TESTED)


def _cases(share: Figure) -> dict[Fraction, int]:
    """Return how many cases count for a share, and how many do not."""
    above, below = int(share.numerator or 0), int(share.denominator or 0)
    return {Fraction(0): below - above, Fraction(1): above}
