"""The peaks of a year beside each other, each beside the same peak of the year before and the whole period."""

from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.period_summary import compared_summaries
from bot.jobs.reports.report_sources import MadeReport, ReportSources, words_of
from dialogs.reports.chapters import figure_sections, metric_sections
from dialogs.reports.document import Paragraph, Section
from scoring.metrics.figure import Figure
from scoring.metrics.review import PEAKS_PART
from scoring.values import replace

__all__ = ["peaks_of_year"]

_CUT = cut_of(PEAKS_PART)


async def peaks_of_year(sources: ReportSources) -> MadeReport:
    """Return the figures of each peak that has begun and touches the period, and of the whole period."""
    words, clock = words_of(sources, {}), (sources.now, sources.policy.timezone)
    found, lines = list[Figure](), list[str]()
    for name, peak in sources.policy.calendar.peaks_touching(sources.wanted.period, sources.now):
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
