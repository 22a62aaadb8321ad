"""Reads what a review begins with: the weakest item and what customers say of it, changes and whether they helped."""

from collections.abc import Iterable
from datetime import timedelta

from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.period_review import PeriodReview
from bot.jobs.period_summary import compared_summaries
from bot.jobs.reports.report_sources import ReportSources, every_figure, words_of
from dialogs.admin.figure_text import figure_text, metric_name, value_text
from dialogs.improvement.model import Finding
from dialogs.reports.figure_parts import ReportWords, is_its_own_n
from dialogs.reports.overview import ReviewOverview
from dialogs.time.periods import Period
from scoring.metrics.figure import Figure
from scoring.metrics.review import PEAK_PART, least_sure
from storage.reads.improvement.finding_list import FindingFilter
from storage.reads.reader import Reader
from storage.reads.text.phrases import MentioningComment

__all__ = ["peaks_within", "read_overview"]

_A_YEAR = timedelta(days=366)
_FEWEST_PEOPLE = 5
"""Customers who have to say the same before it is told."""
_MOST_PHRASES, _PAGE = 3, 200
_UNSURE_METRICS = ("csat", "mean")
_A_QUARTER = timedelta(days=93)
"""Of longer periods the report of the peaks tells."""


async def read_overview(sources: ReportSources, found: PeriodReview) -> ReviewOverview:
    """Return what a review begins with."""
    reader, period = sources.reader, sources.wanted.period
    dimension = "" if found.lowest is None else found.lowest.cut["dimension"]
    comments = await reader.texts.mentioned(period.since, period.until) if dimension else []
    return ReviewOverview(
        common=next(iter(found.summary.summary.figures), None),
        lowest=found.lowest,
        is_clear=bool(found.weaknesses),
        behind=tuple(one.figure for one in found.behind),
        phrases=tuple(_said_of(dimension, comments)),
        findings=tuple(_lately(await _findings(reader), period)),
        unsure=tuple(least_sure(one for one in every_figure(found.chapters.values()) if one.metric in _UNSURE_METRICS)),
    )


def _said_of(dimension: str, comments: Iterable[MentioningComment]) -> list[tuple[str, int]]:
    """Return what several customers say against a dimension, with their number, the most first."""
    people: dict[str, set[str]] = {}
    for comment in comments:
        for _, phrase, about, polarity in comment.found:
            if about == dimension and polarity < 0 and comment.exclusion is None:
                people.setdefault(phrase, set()).add(comment.customer)
    counted = ((phrase, len(who)) for phrase, who in people.items() if len(who) >= _FEWEST_PEOPLE)
    return sorted(counted, key=lambda one: (-one[1], one[0]))[:_MOST_PHRASES]


async def _findings(reader: Reader) -> list[Finding]:
    found, cursor, is_first = list[Finding](), None, True
    while is_first or cursor is not None:
        page = await reader.findings.page(FindingFilter(), cursor, _PAGE)
        found += [one.finding for one in page.items]
        cursor, is_first = page.next, False
    return found


def _lately(findings: Iterable[Finding], period: Period) -> list[Finding]:
    """Return the findings whose measure was verified in the year before the end of the period, or is under way then."""
    since, until = period.until - _A_YEAR, period.until
    told = []
    for one in findings:
        measure = one.measure or (one.results[-1].measure if one.results else None)
        if measure is not None and measure.planned_at < until + timedelta(days=1) and measure.window.until > since:
            told.append((measure.due_at, one))
    return [one for _, one in sorted(told, key=lambda each: (each[0], each[1].id))]


async def peaks_within(sources: ReportSources) -> tuple[str, ...]:
    """Return a sentence on each peak that touches the period: its days, its work and its satisfaction.

    Both stand beside those of the same peak a year before. One without any work, and the peaks of a year, are not told.
    """
    words, clock, told = words_of(sources, {}), (sources.now, sources.policy.timezone), list[str]()
    period, calendar = sources.wanted.period, sources.policy.calendar
    for name, peak in calendar.peaks_touching(period, sources.now) if _is_short(period) else []:
        (read,) = await compared_summaries(sources.reader, peak, [cut_of(PEAK_PART)], clock, "year")
        if not any(one.n for one in read.summary.figures):
            continue
        figures = words.say("semicolon").join(_told(one, words) for one in read.summary.figures)
        told.append(words.say("peak_told", name=name, days=words.days(peak), figures=figures))
    return tuple(told)


def _is_short(period: Period) -> bool:
    return period.until - period.since <= _A_QUARTER


def _told(figure: Figure, words: ReportWords) -> str:
    shown = figure_text(figure, words.phrases, words.locale)
    if not is_its_own_n(figure):
        shown = words.say("bar", value=shown, n=words.phrases.number(words.locale, figure.n))
    told = words.say("peak_figure", metric=metric_name(figure.metric, words.phrases, words.locale), value=shown)
    before = figure.year_change.before if figure.year_change is not None else None
    if before is None:
        return told
    return words.say("peak_year", told=told, value=value_text(before, figure.metric, words.phrases, words.locale))
