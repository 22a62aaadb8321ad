"""Reports on what to work at first: importance beside performance, what stands out, and what customers write of."""

from collections.abc import Iterable, Sequence

from bot.handlers.phrases import dimension_name
from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.period_summary import quadrants_of
from bot.jobs.reports.report_sources import MadeReport, ReportSources, every_figure, linked_words, words_of
from bot.jobs.text.phrase_table import phrases_in
from dialogs.reports.chapters import figure_sections
from dialogs.reports.pages.priority_chapters import StandsOut, importance_sections, outstanding_sections
from dialogs.reports.pages.topic_chapters import WrittenTopics, topic_sections
from scoring.metrics.figure import Figure
from scoring.metrics.review import EVIDENCE_PARTS, strengths, weaknesses
from scoring.text.phrase_miner import MiningRules, as_written
from scoring.values import replace

__all__ = ["importance_page", "outstanding_page", "topic_page"]


async def importance_page(sources: ReportSources) -> MadeReport:
    """Return what customers find important beside how it goes, for all together."""
    found = await quadrants_of(sources.reader, sources.wanted.period, "", sources.now)
    figures = [figure for grid in found.grids for one in grid.points for figure in (one.importance, one.performance)]
    return MadeReport(importance_sections(found.grids, linked_words(sources, {})), tuple(figures))


async def outstanding_page(sources: ReportSources) -> MadeReport:
    """Return what is clearly above and below the common share, by each of several keys."""
    common, *several = await sources.compared([cut_of(part) for part in EVIDENCE_PARTS])
    compared = [key for part in EVIDENCE_PARTS for key in part.by]
    whole = next(iter(common.summary.figures), None)
    found = [_standing_out(key, one.summary.figures, whole) for key, one in zip(compared, several, strict=True)]
    words = linked_words(sources, common.agents)
    figures = (*common.summary.figures, *every_figure(one.summary.figures for one in several))
    sections = figure_sections({"figures": common.summary.figures}, words)
    return MadeReport((*sections, *outstanding_sections(found, words)), figures)


def _standing_out(key: str, figures: Sequence[Figure], common: Figure | None) -> StandsOut:
    told = tuple(one for one in figures if one.value is not None and one.cut[key])
    return StandsOut(key, strengths(told, common), weaknesses(told, common), told)


async def topic_page(sources: ReportSources) -> MadeReport:
    """Return the phrases that at least five customers use, with what those rate beside the others who write."""
    words = words_of(sources, {})
    table = await phrases_in(sources.policy, sources.reader, sources.wanted.period)
    told = [one for cut in table.cuts for one in cut.phrases]
    spoken_of = {one.figure.mention.dimension for one in told} - {""}
    named = {one: dimension_name(sources.policy, one, words.locale) for one in spoken_of}
    found = WrittenTopics(
        figures=tuple(one.figure for one in told),
        comments=sum(cut.comments for cut in table.cuts),
        customers=sum(cut.customers for cut in table.cuts),
        withheld=sum(cut.withheld for cut in table.cuts),
        examples={one.figure.mention.phrase: one.examples for one in told},
        pieces=_pieces({one.figure.mention.phrase for one in told}, sources.policy.comments.mining),
    )
    words = replace(words, names={**words.names, "dimension": named})
    return MadeReport(topic_sections(found, words), computed=(words.say("computed.topics"),))


def _pieces(phrases: Iterable[str], rules: MiningRules) -> dict[str, str]:
    """Return how phrases are told that are a piece of what was written."""
    told = {phrase: as_written(phrase, rules) for phrase in phrases}
    return {phrase: shown for phrase, shown in told.items() if shown != phrase}
