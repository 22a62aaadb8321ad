"""Reports on repairs: those that did not hold, by class of fault, and claims under warranty."""

from datetime import datetime

from bot.jobs.figures.asked_figures import AskedFigures, RepeatedRepairs, cut_of
from bot.jobs.figures.kept_summaries import given_figures
from bot.jobs.reports.chapter_reports import by_chapters
from bot.jobs.reports.kinds.data_quality_report import silent_stations
from bot.jobs.reports.report_sources import MadeReport, ReportSources, read_chapters, words_of
from dialogs.reports.chapters import figure_sections
from dialogs.reports.cross_tables import cross_section, repair_list
from dialogs.reports.data_tables import listed_section
from scoring.metrics.review import CLAIM_CHAPTERS, CLAIMED, FAULT_CHAPTERS, REPEAT_CHAPTERS
from scoring.values import replace
from storage.reads.reader import Reader

__all__ = ["claims_of_year", "faults_in_classes", "given_repeats", "repeated_repairs"]

_SIGNED = ("prepared", "responsible")

faults_in_classes = by_chapters(FAULT_CHAPTERS)
"""Repairs by class of fault, cause and measure."""


async def repeated_repairs(sources: ReportSources) -> MadeReport:
    """Return the repairs that did not hold and rework, as figures and one by one."""
    made, period = await by_chapters(REPEAT_CHAPTERS)(sources), sources.wanted.period
    found, agents = await given_repeats(sources.reader, period.since, period.until)
    words = words_of(sources, agents)
    lists = (
        repair_list(words.say("chapter.repeated_list"), found.again, found.again_in_all, words),
        repair_list(words.say("chapter.rework_list"), found.rework, found.rework_in_all, words),
    )
    return replace(made, sections=(*made.sections, *lists))


async def given_repeats(reader: Reader, since: datetime, until: datetime) -> tuple[RepeatedRepairs, dict[str, str]]:
    """Return the first repairs of a period that did not hold, and who made them.

    Raises ProcessFailed as `given_figures`.
    """
    (given,) = await given_figures(reader, [AskedFigures(since, until, repeats=True)])
    if given.repeated is None:
        raise ValueError("no repairs were asked for")
    return given.repeated, given.agents


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
