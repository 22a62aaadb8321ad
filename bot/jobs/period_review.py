"""The review of a period: its chapters of figures, what is strong and weak by evidence, and the list of actions."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import PeriodSummary, summaries_of
from dialogs.issue.model import Issue
from dialogs.time.periods import Period
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure
from scoring.metrics.review import COMMON, JUDGED, REVIEW_CHAPTERS, WHERE, Evidence, behind, strengths, weaknesses
from scoring.values import Value
from storage.reads.listings import IssueFilter
from storage.reads.reader import Reader

__all__ = ["PeriodReview", "read_review"]

_MOST_ACTIONS = 200


class PeriodReview(Value):
    """What a review tells; each chapter's figures in their order, and the first of the issues opened in the period."""

    summary: PeriodSummary
    chapters: Mapping[str, tuple[Figure, ...]]
    strengths: tuple[Evidence, ...]
    weaknesses: tuple[Evidence, ...]
    actions: tuple[Issue, ...]
    lowest: Figure | None = None
    """The dimension with the clearest weakness; where none is clear, that with the lowest share."""
    behind: tuple[Evidence, ...] = ()
    """Where that is clearly lower still."""


async def read_review(reader: Reader, period: Period, now: datetime) -> PeriodReview:
    """Return the review of a period."""
    parts = [COMMON, JUDGED, *(part for several in REVIEW_CHAPTERS.values() for part in several)]
    cuts = [FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics)) for part in parts]
    told = dict(zip(parts, await summaries_of(reader, period, cuts, now), strict=True))
    common, judged = next(iter(told[COMMON].summary.figures), None), told[JUDGED].summary.figures
    chapters = {
        chapter: tuple(figure for part in several for figure in told[part].summary.figures)
        for chapter, several in REVIEW_CHAPTERS.items()
    }
    weak = weaknesses(judged, common)
    lowest = weak[0].figure if weak else min(_known(judged), key=lambda one: one.value or 0, default=None)
    page = await reader.issues(IssueFilter(since=period.since), None, _MOST_ACTIONS)
    actions = tuple(found.issue for found in page.items if found.issue.opened_at < period.until)
    return PeriodReview(
        summary=told[COMMON],
        chapters=chapters,
        strengths=strengths(judged, common),
        weaknesses=weak,
        actions=actions,
        lowest=lowest,
        behind=() if lowest is None else await _behind(reader, period, now, lowest),
    )


def _known(figures: Iterable[Figure]) -> list[Figure]:
    return [one for one in figures if one.value is not None]


async def _behind(reader: Reader, period: Period, now: datetime, lowest: Figure) -> tuple[Evidence, ...]:
    cuts = [FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics)) for part in WHERE]
    found = await summaries_of(reader, period, cuts, now)
    return behind((one.summary.figures for one in found), lowest)
