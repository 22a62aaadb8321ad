"""The peaks of a year beside each other, each beside the same peak of the year before and the whole period."""

from datetime import datetime, timedelta

from bot.jobs.figures.asked_figures import FigureCut
from bot.jobs.period_summary import compared_summaries
from bot.jobs.reports.report_sources import MadeReport, ReportSources, words_of
from dialogs.admin.figure_text import figure_text, metric_name, value_text
from dialogs.reports.chapters import figure_sections, metric_sections
from dialogs.reports.document import Paragraph, Section
from dialogs.reports.figure_parts import ReportWords, is_its_own_n
from dialogs.time.local_time import wall_of
from dialogs.time.periods import Period, days_of
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure
from scoring.metrics.review import PEAK_METRICS
from scoring.values import replace

__all__ = ["peaks_of_year", "peaks_within"]

_CUT = FigureCut((), tuple(CATALOGUE[metric] for metric in PEAK_METRICS))
_WITHIN = FigureCut((), (CATALOGUE["closings"], CATALOGUE["csat"]))
_A_QUARTER = timedelta(days=93)
"""Of longer periods the report of the peaks tells."""


async def peaks_of_year(sources: ReportSources) -> MadeReport:
    """Return the figures of each peak that has begun and touches the period, and of the whole period."""
    words, clock = words_of(sources, {}), (sources.now, sources.policy.timezone)
    found, lines = list[Figure](), list[str]()
    for name, peak in _peaks(sources, sources.wanted.period):
        (told,) = await compared_summaries(sources.reader, peak, [_CUT], clock, "year")
        found += (replace(one, cut={"peak": name}) for one in told.summary.figures)
        lines.append(words.say("peak", name=name, days=words.days(peak)))
    if not lines:
        return MadeReport((Section(words.say("chapter.peaks"), (Paragraph((words.say("no_peaks"),)),)),))
    (whole,) = await sources.compared([_CUT])
    figures = (*whole.summary.figures, *found)
    if len(lines) == 1:  # nothing stands beside it but the whole period: one table each
        alone = [replace(one, cut={}) for one in found]
        its_own, others = figure_sections({"peaks": alone, "figures": whole.summary.figures}, words)
        return MadeReport((replace(its_own, title=lines[0]), others), figures)
    days = Section(words.say("chapter.peaks"), (Paragraph(tuple(lines)),))
    return MadeReport((days, *metric_sections(figures, words)), figures)


async def peaks_within(sources: ReportSources) -> tuple[str, ...]:
    """Return a sentence on each peak that touches the period: its days, its work and its satisfaction.

    Both stand beside those of the same peak a year before; a period that is a peak itself, or a year, tells of none.
    """
    words, clock, told = words_of(sources, {}), (sources.now, sources.policy.timezone), list[str]()
    found = _peaks(sources, sources.wanted.period) if _is_short(sources.wanted.period) else []
    for name, peak in found:
        (read,) = await compared_summaries(sources.reader, peak, [_WITHIN], clock, "year")
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


def _peaks(sources: ReportSources, period: Period) -> list[tuple[str, Period]]:
    """Return the peaks that touch a period and have begun, in their order."""
    zone, until = sources.policy.timezone, min(period.until, sources.now)
    years = range(wall_of(period.since, zone).year - 1, wall_of(until, zone).year + 1)
    every = ((peak.name, peak.days_in(year)) for peak in sources.policy.calendar.peaks for year in years)
    found = [(name, days_of(*days, zone)) for name, days in every if days is not None]
    return sorted((one for one in found if one[1].since < until and one[1].until > period.since), key=_beginning)


def _beginning(one: tuple[str, Period]) -> datetime:
    return one[1].since
