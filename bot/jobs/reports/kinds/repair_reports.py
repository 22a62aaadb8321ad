"""Reports on repairs: those that did not hold, by class of fault, and claims under warranty."""

from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.reports.chapter_reports import by_chapters
from bot.jobs.reports.kinds.data_quality_report import silent_stations
from bot.jobs.reports.report_sources import MadeReport, ReportSources, read_chapters, words_of
from dialogs.reports.chapters import figure_sections
from dialogs.reports.cross_tables import RepairAgain, cross_section, repair_list
from dialogs.reports.data_tables import listed_section
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.facts import VisitFact
from scoring.metrics.review import CLAIM_CHAPTERS, CLAIMED, FAULT_CHAPTERS, REPEAT_CHAPTERS
from scoring.values import replace

__all__ = ["claims_of_year", "faults_in_classes", "repeated_repairs"]

_EVERY = 2**31 - 1
"""No limit: visits are read as a whole, since each may be the sequel of another."""
_SIGNED = ("prepared", "responsible")

faults_in_classes = by_chapters(FAULT_CHAPTERS)
"""Repairs by class of fault, cause and measure."""


async def repeated_repairs(sources: ReportSources) -> MadeReport:
    """Return the repairs that did not hold and rework, as figures and one by one."""
    made, period = await by_chapters(REPEAT_CHAPTERS)(sources), sources.wanted.period
    ends = (period.since, period.until)
    read = await sources.reader.figure_inputs(ends, MetricSource.VISITS, {}, _EVERY)
    visits = [(f"{one.source}/{one.ticket}", one.fact) for one in read if isinstance(one.fact, VisitFact)]
    words = words_of(sources, await sources.reader.agents(*ends))
    again = [_line(ticket, fact.repaired_again, fact) for ticket, fact in visits if fact.repaired_again]
    rework = [
        replace(_line(fact.first, ticket, fact), rework=fact.keys["rework"])
        for ticket, fact in visits
        if fact.keys["rework"]
    ]
    lists = (
        repair_list(words.say("chapter.repeated_list"), again, words),
        repair_list(words.say("chapter.rework_list"), rework, words),
    )
    return replace(made, sections=(*made.sections, *lists))


def _line(first: str, again: str, fact: VisitFact) -> RepairAgain:
    return RepairAgain(first, again, fact.keys["agent"], fact.keys["category"], fact.keys["cause"])


async def claims_of_year(sources: ReportSources) -> MadeReport:
    """Return claims under warranty by station and model, with counts and shares, and the stations that sent nothing."""
    found, told = await read_chapters(sources, CLAIM_CHAPTERS)
    words = words_of(sources, told.agents)
    (both,) = await sources.compared([cut_of(CLAIMED)])
    figures = both.summary.figures
    table = cross_section(words.say("chapter.claims_table"), figures, ("station", "product"), words)
    silent = listed_section("silent", await silent_stations(sources), "nobody_silent", words)
    sections = (table, *figure_sections(found, words), silent)
    return MadeReport(sections, (*found["claims"], *figures), signed_by=_SIGNED)
