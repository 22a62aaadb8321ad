"""Reads what a review begins with: the weakest item and what customers say of it, changes and whether they helped."""

from collections.abc import Iterable
from datetime import timedelta

from bot.jobs.period_review import PeriodReview
from bot.jobs.reports.report_sources import ReportSources, every_figure
from dialogs.improvement.model import Finding
from dialogs.reports.overview import ReviewOverview
from dialogs.time.periods import Period
from scoring.metrics.review import least_sure
from storage.reads.improvement.finding_list import FindingFilter
from storage.reads.reader import Reader
from storage.reads.text.phrases import ReadComment

__all__ = ["read_overview"]

_A_YEAR = timedelta(days=366)
_FEWEST_PEOPLE = 5
"""Customers who have to say the same before it is told."""
_MOST_PHRASES, _PAGE = 3, 200
_UNSURE_METRICS = ("csat", "mean")


async def read_overview(sources: ReportSources, found: PeriodReview) -> ReviewOverview:
    """Return what a review begins with."""
    reader, period = sources.reader, sources.wanted.period
    dimension = "" if found.lowest is None else found.lowest.cut["dimension"]
    comments = await reader.texts.found(period.since, period.until) if dimension else []
    return ReviewOverview(
        common=next(iter(found.summary.summary.figures), None),
        lowest=found.lowest,
        is_clear=bool(found.weaknesses),
        behind=tuple(one.figure for one in found.behind),
        phrases=tuple(_said_of(dimension, comments)),
        findings=tuple(_lately(await _findings(reader), period)),
        unsure=tuple(least_sure(one for one in every_figure(found.chapters.values()) if one.metric in _UNSURE_METRICS)),
    )


def _said_of(dimension: str, comments: Iterable[ReadComment]) -> list[tuple[str, int]]:
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
