"""The first chapter of a review, read within a minute: the weakest item, what changes came to, what not to trust."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from dialogs.admin.figure_text import figure_text, metric_name
from dialogs.admin.lists import AdminLocale
from dialogs.improvement.model import Finding, Measure
from dialogs.improvement.team_text import figures_text
from dialogs.reports.document import Cell, Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords, cut_label
from dialogs.sanitize import one_line
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure
from scoring.metrics.review import least_sure
from scoring.values import Value

__all__ = ["ReviewOverview", "overview_section", "peak_section", "trust_section", "unsure_lines"]

_LONGEST = 80
_MOST_CHANGES, _MOST_UNSURE = 6, 3
_REACH, _LEAST_REACH = ("coverage", "response_rate"), 50
"""What tells who was reached, and the share, in percent, below which the others may be of another opinion."""
Row = tuple[str, str]


class ReviewOverview(Value):
    """What matters first.

    `lowest` is the weakest item, `is_clear` whether it is clearly below `common`; `behind` is where it is lower still,
    `phrases` what so many customers say against it. `findings` have measures of the last year, `unsure` are figures of
    few people, the fewest first.
    """

    common: Figure | None
    lowest: Figure | None
    is_clear: bool
    behind: tuple[Figure, ...]
    phrases: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    unsure: tuple[Figure, ...]


def overview_section(overview: ReviewOverview, words: ReportWords, peaks: Iterable[str] = ()) -> Section:
    """Return the chapter: a table of what to look at and what is to be said of it; `peaks` tells of each peak."""
    rows = [*_weakest(overview, words), *_changes(overview.findings, words), *_not_to_trust(overview.unsure, words)]
    rows += [(words.say("overview.peaks"), told) for told in peaks]
    title = words.say("chapter.overview")
    if not rows:
        return Section(title, (Paragraph((words.say("nothing"),)),))
    columns = (words.say("overview.question"), words.say("overview.answer"))
    return Section(title, (Table(columns, tuple((Cell(name), Cell(told)) for name, told in rows)),))


def _weakest(overview: ReviewOverview, words: ReportWords) -> Iterator[Row]:
    lowest, common = overview.lowest, overview.common
    if lowest is None or common is None:
        return
    told = {"item": _named(lowest, words), "value": _value(lowest, words), "all": _value(common, words)}
    is_lower = (lowest.value or 0) < (common.value or 0)
    standing = "clear" if overview.is_clear else "unclear" if is_lower else "even"
    yield words.say("overview.weakest"), words.say(f"overview.{standing}", **told)
    if overview.behind:
        places = words.say("semicolon").join(_place(one, words) for one in overview.behind)
        yield (
            words.say("overview.where"),
            words.say("overview.places", places=places, item=told["item"], all=told["value"]),
        )
    if overview.phrases:
        said = (words.say("overview.phrase", phrase=phrase, people=people) for phrase, people in overview.phrases)
        yield words.say("overview.said"), words.say("between").join(said)


def _place(figure: Figure, words: ReportWords) -> str:
    name = words.say("between").join(words.name(key, value) for key, value in figure.cut.items() if key != "dimension")
    return words.say("overview.place", place=name, value=_value(figure, words))


def _named(figure: Figure, words: ReportWords) -> str:
    name = metric_name(figure.metric, words.phrases, words.locale)
    return words.say("overview.named", about=cut_label(figure, words), metric=name)


def _value(figure: Figure, words: ReportWords) -> str:
    """Return a value with what it rests on."""
    return words.say("bar", **_parts(figure, words))


def _parts(figure: Figure, words: ReportWords) -> dict[str, str]:
    shown = figure_text(figure, words.phrases, words.locale)
    return {"value": shown, "n": words.phrases.number(words.locale, figure.n)}


def _changes(findings: Sequence[Finding], words: ReportWords) -> Iterator[Row]:
    """Yield the latest changes, the earliest of them first: what was changed, and whether it helped."""
    admin = AdminLocale(words.phrases, words.locale, words.zone)
    for finding in findings[-_MOST_CHANGES:]:
        result = finding.results[-1] if finding.results and finding.state != "planned" else None
        measure = result.measure if result is not None else finding.measure
        if measure is None:
            continue
        name = words.say("overview.change", measure=one_line(measure.text, _LONGEST), about=_about(measure, words))
        if result is None:
            told = words.say(
                "overview.open", owner=one_line(measure.owner, _LONGEST), day=words.day(measure.window.until)
            )
        else:
            figures = words.say("semicolon").join(figures_text(result, admin).splitlines())
            told = words.say(f"overview.{result.verdict}", figures=figures)
        yield name, told


def _about(measure: Measure, words: ReportWords) -> str:
    cut = (*measure.cut, *measure.pilot)
    return words.say("between").join(words.name(key, value) for key, value in cut) or words.say("all")


def _not_to_trust(figures: Sequence[Figure], words: ReportWords) -> Iterator[Row]:
    lines = unsure_lines(figures, words)
    if lines:
        yield words.say("overview.unsure"), words.say("semicolon").join(lines)


def unsure_lines(figures: Iterable[Figure], words: ReportWords) -> list[str]:
    """Return the first of these figures, one of each thing, with how few people they rest on and how far they reach."""
    told: dict[tuple[str, ...], str] = {}
    for one in figures:
        if len(told) < _MOST_UNSURE:
            told.setdefault(tuple(one.cut.values()), _unsure(one, words))
    return list(told.values())


def trust_section(figures: Sequence[Figure], words: ReportWords, *, is_over: bool) -> tuple[Section, ...]:
    """Return which figures not to trust yet, and why; nothing where there is no such one.

    Those of few people, all of them while the period is not over, and all of them where most were not asked or did not
    answer.
    """
    lines = [] if is_over else [words.say("trust.open")]
    reach = (one for one in figures if one.metric in _REACH and not one.cut and one.value is not None)
    lines += [words.say(f"trust.{one.metric}", **_parts(one, words)) for one in reach if _is_low(one)]
    lines += unsure_lines(least_sure(figures), words)
    return (Section(words.say("chapter.trust"), (Paragraph(tuple(lines)),)),) if lines else ()


def peak_section(peaks: Sequence[str], words: ReportWords) -> tuple[Section, ...]:
    """Return what is told of each peak that touches the period; nothing where none does."""
    return (Section(words.say("chapter.peaks_within"), (Paragraph(tuple(peaks)),)),) if peaks else ()


def _is_low(figure: Figure) -> bool:
    return (figure.value or 0) < _LEAST_REACH


def _unsure(figure: Figure, words: ReportWords) -> str:
    said = {
        "item": _named(figure, words),
        "value": figure_text(figure, words.phrases, words.locale),
        "people": words.phrases.number(words.locale, figure.people),
        "n": words.phrases.number(words.locale, figure.n),
    }
    interval = figure.interval
    if interval is None or interval.low is None or interval.high is None or CATALOGUE[figure.metric].unit != "percent":
        return words.say("overview.few", **said)
    ends = {name: round(Fraction(end)) for name, end in (("low", interval.low), ("high", interval.high))}
    return words.say("overview.few_between", **said, **ends)
