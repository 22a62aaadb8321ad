"""The trend of a year: every dimension in each of twelve months, beside the month before and a year before."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from bot.jobs.figures.asked_figures import asked_of, cut_of
from bot.jobs.figures.kept_summaries import given_figures
from bot.jobs.period_summary import known_figures
from bot.jobs.reports.report_sources import MadeReport, ReportSources, every_figure, linked_words, words_of
from bot.jobs.reports.report_subjects import known_subject, subject_head
from dialogs.reports.pages.month_chapters import month_sections
from dialogs.time.local_time import wall_of
from dialogs.time.named_days import months_on
from dialogs.time.periods import Period, named_period
from scoring.metrics.figure import Figure
from scoring.metrics.review import MONTHLY_PART
from scoring.metrics.summary import Comparable, with_changes
from scoring.values import replace

__all__ = ["month_by_month"]

_MONTHS = 12
_NEVER = Fraction(101)
_MOMENT = timedelta(microseconds=1)


async def month_by_month(sources: ReportSources) -> MadeReport:
    """Return the months of the year that ends with the report's period, of all or of one subject."""
    key, value = sources.wanted.of
    months = _months(sources)
    cut = cut_of(replace(MONTHLY_PART, by=tuple(filter(None, (key, *MONTHLY_PART.by)))))
    every = await given_figures(sources.reader, [asked_of(one, cut, sources.now) for one in months])
    figures = await to_thread(_told, months, [known_figures(one) for one in every])
    if key:
        figures = {month: [one for one in several if one.cut[key] == value] for month, several in figures.items()}
        if not any(figures.values()):
            await known_subject(sources)
    agents = {name: told for one in every for name, told in one.agents.items()}
    words = words_of(sources, agents)
    head = (subject_head(sources.wanted.of, words),) if key else ()
    by_month = {month.name: linked_words(sources, agents, period=month) for month in months[_MONTHS:]}
    return MadeReport(month_sections(by_month, _by_dimension(figures), words), every_figure(figures.values()), head)


def _months(sources: ReportSources) -> list[Period]:
    """Return twenty-four months, the last of them that in which the report's period ends."""
    zone = sources.policy.timezone
    last = wall_of(sources.wanted.period.until - _MOMENT, zone).date()
    firsts = (months_on(last.year, last.month, -back) for back in reversed(range(2 * _MONTHS)))
    return [named_period(f"{first.year}-{first.month:02}", zone) for first in firsts]


def _told(months: list[Period], every: list[Comparable]) -> dict[str, list[Figure]]:
    """Return the figures of the later twelve months by name, beside the month before and a year before."""
    told = dict[str, list[Figure]]()
    for place in range(_MONTHS, 2 * _MONTHS):
        earlier = {"previous": every[place - 1], "year": every[place - _MONTHS]}
        told[months[place].name] = [*with_changes(every[place], earlier).figures]
    return told


def _by_dimension(figures: Mapping[str, list[Figure]]) -> dict[str, dict[str, dict[str, Figure]]]:
    """Return figures by dimension, metric and month; the dimension that was lowest when last known comes first."""
    found = dict[str, dict[str, dict[str, Figure]]]()
    for month, several in figures.items():
        for one in several:
            of = found.setdefault(one.cut["dimension"], {metric: {} for metric in MONTHLY_PART.metrics})
            of[one.metric][month] = one
    return dict(sorted(found.items(), key=lambda one: (_last(one[1][MONTHLY_PART.metrics[0]]), one[0])))


def _last(by_month: Mapping[str, Figure]) -> Fraction:
    """Return the last value that is known, above all others where none is."""
    return next((one.value for one in reversed([*by_month.values()]) if one.value is not None), _NEVER)
