"""The chapters of reports: figures cut alike as bars and tables, what stands out by evidence, and actions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from dialogs.admin.figure_text import metric_name
from dialogs.issue.model import NOT_CLOSED, Issue
from dialogs.reports.document import Block, Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, bars_of, cut_name, figure_table
from dialogs.sanitize import one_line
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import Figure
from scoring.metrics.review import Evidence
from scoring.values import Value

__all__ = ["Remark", "action_section", "evidence_section", "figure_sections", "metric_sections", "remark_section"]

_LONGEST = 80


def figure_sections(chapters: Mapping[str, Sequence[Figure]], words: ReportWords) -> tuple[Section, ...]:
    """Return chapters by their name from their figures."""
    return tuple(Section(words.say(f"chapter.{name}"), _blocks(found, words)) for name, found in chapters.items())


def metric_sections(figures: Iterable[Figure], words: ReportWords) -> tuple[Section, ...]:
    """Return one chapter for figures over everything, or a chapter for each metric where they are cut."""
    by_metric: dict[str, list[Figure]] = {}
    for one in figures:
        by_metric.setdefault(one.metric if one.cut else "", []).append(one)
    if not by_metric:
        return figure_sections({"figures": ()}, words)
    return tuple(
        Section(
            metric_name(metric, words.phrases, words.locale) if metric else words.say("chapter.figures"),
            _blocks(several, words),
        )
        for metric, several in by_metric.items()
    )


def _blocks(figures: Iterable[Figure], words: ReportWords) -> tuple[Block, ...]:
    """Return figures over everything in one table; then bars and a table for each metric that is cut, best first.

    What nobody was asked and nothing is known about, such as closings without a channel, has no row. Of what has never
    happened only that is told, not where it has not.
    """
    figures = tuple(figures)
    never = {one.metric for one in figures if not one.cut and _is_nothing(one)}
    groups: dict[tuple[str, ...], list[Figure]] = {}
    for one in figures:
        if one.cut and one.metric in never and _is_nothing(one):
            continue
        group = groups.setdefault((one.metric, *one.cut) if one.cut else (), [])
        group += [one] if one.n or all(one.cut.values()) else []
    blocks: list[Block] = []
    shown = [several for several in groups.values() if several]
    metrics = Counter(several[0].metric for several in shown if several[0].cut)
    for several in shown:
        is_compared = bool(several[0].cut) and not _has_scales(several[0])
        ordered = sorted(several, key=_from_best) if is_compared else several
        title = _title(several[0], words) if metrics[several[0].metric] > 1 else ""
        blocks += filter(None, (bars_of(ordered, words, title) if is_compared else None, figure_table(ordered, words)))
    return tuple(blocks) or (Paragraph((words.say("nothing"),)),)


def _title(figure: Figure, words: ReportWords) -> str:
    """Return what bars are called that are not the only ones of their metric: by what they are cut, too."""
    name = metric_name(figure.metric, words.phrases, words.locale)
    return words.say("name_by", name=name, by=cut_name(tuple(figure.cut), words))


def _is_nothing(figure: Figure) -> bool:
    """Return whether a figure is 0, as it was before."""
    changes = [one.before for one in (figure.change, figure.year_change) if one is not None]
    return figure.value == 0 and not any(changes)


def _has_scales(figure: Figure) -> bool:
    """Return whether such figures may be on different scales, so that a bar beside another would tell nothing."""
    return CATALOGUE[figure.metric].unit is MetricUnit.POINTS and not {"survey", "question"}.isdisjoint(figure.cut)


def _from_best(figure: Figure) -> tuple[bool, Fraction]:
    """Return by what figures are ordered: from the best on, counts from the largest on; those without value last."""
    value, metric = figure.value or Fraction(0), CATALOGUE[figure.metric]
    is_rising = metric.lower_is_better and metric.unit is not MetricUnit.COUNT
    return figure.value is None, value if is_rising else -value


def evidence_section(title: str, found: Sequence[Evidence], words: ReportWords, *, is_known: bool) -> Section:
    """Return what is clearly above or below the common value; a sentence where nothing is, or where none `is_known`."""
    if not found:
        return Section(title, (Paragraph((words.say("nothing_clear" if is_known else "nothing"),)),))
    return Section(title, (figure_table([one.figure for one in found], words),))


class Remark(Value):
    """What somebody has concluded about a figure, the measures that follow, and who says so."""

    about: str
    conclusion: str
    measures: str
    by: str


def remark_section(remarks: Sequence[Remark], words: ReportWords) -> tuple[Section, ...]:
    """Return conclusions and measures in a chapter of their own; none where nobody has entered any."""
    if not remarks:
        return ()
    columns = tuple(words.say(f"column.{name}") for name in ("about", "conclusion", "measures", "by"))
    rows = tuple(tuple(map(Cell, (one.about, one.conclusion, one.measures, one.by))) for one in remarks)
    return (Section(words.say("chapter.remarks"), (Table(columns, rows),)),)


def action_section(issues: Sequence[Issue], words: ReportWords) -> Section:
    """Return what is still to be done about a period's issues: what, how it stands, who has it, until when.

    What is due first comes first; those that are closed are counted.
    """
    title = words.say("chapter.actions")
    if not issues:
        return Section(title, (Paragraph((words.say("no_actions"),)),))
    to_do = sorted((one for one in issues if one.state in NOT_CLOSED), key=_due)
    closed = len(issues) - len(to_do)
    counted = Paragraph((words.say("closed_actions", n=words.phrases.number(words.locale, closed)),))
    return Section(title, (*([_action_table(to_do, words)] if to_do else ()), *([counted] if closed else ())))


def _due(issue: Issue) -> tuple[bool, float]:
    """Return by what issues are ordered: by when they are due, those without a time last."""
    return issue.due_at is None, 0.0 if issue.due_at is None else issue.due_at.timestamp()


def _action_table(issues: Sequence[Issue], words: ReportWords) -> Table:
    columns = tuple(words.say(f"column.{name}") for name in ("issue", "kind", "state", "holder", "due"))
    rows = tuple(
        (
            Cell(one_line(one.title, _LONGEST), quotes=True) if one.title else Cell(_tickets(one)),
            Cell(words.phrases.say(words.locale, f"kind.{one.kind}")),
            Cell(words.say(f"state.{one.state}")),
            Cell(one_line(one.claimed_by or "", _LONGEST)),
            Cell("" if one.due_at is None else words.day(one.due_at)),
        )
        for one in issues
    )
    return Table(columns, rows)


def _tickets(issue: Issue) -> str:
    """Return what an issue is about where it has no words (any more)."""
    return one_line(" ".join(f"{source}/{ticket}" for source, ticket in issue.tickets), _LONGEST)
