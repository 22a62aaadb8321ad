"""The review of a period: its chapters of figures, what is strong and weak by evidence, and the list of actions."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import datetime

from bot.jobs.period_summary import FigureCut, PeriodSummary, summaries_of
from dialogs.issue.model import Issue
from dialogs.time.periods import Period
from scoring.metrics.catalogue import CATALOGUE, MetricSource
from scoring.metrics.figure import Figure
from scoring.metrics.review import JUDGED, REVIEW_CHAPTERS, Evidence, ReviewPart, strengths, weaknesses
from scoring.values import Value
from storage.reads.listings import IssueFilter
from storage.reads.reader import Reader

__all__ = ["PeriodReview", "read_review"]

_MOST_ACTIONS = 200
_COMMON = ReviewPart((), ("csat",))


class PeriodReview(Value):
    """What a review tells; each chapter's figures in their order, and the first of the issues opened in the period."""

    summary: PeriodSummary
    chapters: Mapping[str, tuple[Figure, ...]]
    strengths: tuple[Evidence, ...]
    weaknesses: tuple[Evidence, ...]
    actions: tuple[Issue, ...]


async def read_review(reader: Reader, period: Period, now: datetime) -> PeriodReview:
    """Return the review of a period, everything in it from the same facts."""
    parts = [_COMMON, JUDGED, *(part for several in REVIEW_CHAPTERS.values() for part in several)]
    facts = await reader.figure_facts(period.since, period.until, tuple(MetricSource))
    cuts = [FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics)) for part in parts]
    told = dict(zip(parts, await to_thread(summaries_of, facts, period, cuts, now), strict=True))
    common, judged = next(iter(told[_COMMON].summary.figures), None), told[JUDGED].summary.figures
    chapters = {
        chapter: tuple(figure for part in several for figure in told[part].summary.figures)
        for chapter, several in REVIEW_CHAPTERS.items()
    }
    page = await reader.issues(IssueFilter(since=period.since), None, _MOST_ACTIONS)
    actions = tuple(found.issue for found in page.items if found.issue.opened_at < period.until)
    return PeriodReview(
        summary=told[_COMMON],
        chapters=chapters,
        strengths=strengths(judged, common),
        weaknesses=weaknesses(judged, common),
        actions=actions,
    )
