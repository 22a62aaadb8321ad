"""Reports that are chapters of figures: any cut, fixed chapters, one subject, how surveys were answered, the review."""

from collections.abc import Mapping, Sequence

from bot.jobs.figures.kept_summaries import given_levels
from bot.jobs.period_review import read_review
from bot.jobs.reports.improvement_report import measures_of
from bot.jobs.reports.report_sources import (
    MadeReport,
    ReportMaker,
    ReportSources,
    every_figure,
    linked_words,
    read_chapters,
    remarks_on,
    words_of,
)
from bot.jobs.reports.report_subjects import known_subject, subject_head
from bot.jobs.reports.review_overview import peaks_within, read_overview
from dialogs.reports.answer_levels import survey_section
from dialogs.reports.chapters import action_section, evidence_section, figure_sections, metric_sections, remark_section
from dialogs.reports.document import Paragraph, Section
from dialogs.reports.overview import overview_section, peak_section, trust_section
from dialogs.reports.pages.measure_chapters import measure_figures, measure_table
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.figure import Figure
from scoring.metrics.review import SUMMARY_CHAPTERS, ReviewPart, parts_about
from scoring.values import replace

__all__ = ["about_subject", "any_figures", "by_chapters", "how_answered", "service_summary", "whole_review"]


async def any_figures(sources: ReportSources) -> MadeReport:
    """Return the metrics that were asked for, by the keys that were asked for."""
    (told,) = await sources.compared([sources.wanted.cut])
    return MadeReport(metric_sections(told.summary.figures, linked_words(sources, told.agents)), told.summary.figures)


def by_chapters(chapters: Mapping[str, Sequence[ReviewPart]]) -> ReportMaker:
    """Return what makes a report of these chapters, each figure beside the period before and the year before."""

    async def made(sources: ReportSources) -> MadeReport:
        found, told = await read_chapters(sources, chapters)
        words, figures = linked_words(sources, told.agents), every_figure(found.values())
        remarks = remarks_on(told.entries, {one.metric for one in figures}, words)
        return MadeReport((*figure_sections(found, words), *remark_section(remarks, words)), figures)

    return made


async def service_summary(sources: ReportSources) -> MadeReport:
    """Return the summary on one page, with what of it is not to be trusted yet."""
    made = await by_chapters(SUMMARY_CHAPTERS)(sources)
    is_over, words = sources.wanted.period.is_over(sources.now), words_of(sources, {})
    unsure = trust_section(made.figures, words, is_over=is_over)
    return replace(made, sections=(*made.sections, *peak_section(await peaks_within(sources), words), *unsure))


async def about_subject(sources: ReportSources) -> MadeReport:
    """Return everything about one team, person, station or the like, with lines to sign."""
    key, value = sources.wanted.of
    every, told = await read_chapters(sources, parts_about(key))
    found = {name: [_about(key, one) for one in several if one.cut[key] == value] for name, several in every.items()}
    if not any(found.values()):
        await known_subject(sources)
    words = linked_words(sources, told.agents, {key: value})
    head = (subject_head(sources.wanted.of, words),)
    return MadeReport(figure_sections(found, words), every_figure(found.values()), head, ("prepared", "responsible"))


def _about(key: str, figure: Figure) -> Figure:
    """Return a figure without the key that all of its report is about."""
    return replace(figure, cut={other: value for other, value in figure.cut.items() if other != key})


async def how_answered(sources: ReportSources) -> MadeReport:
    """Return how each survey was answered, question by question."""
    policy, period = sources.policy, sources.wanted.period
    answered = await given_levels(sources.reader, period.since, period.until)
    entries = await sources.reader.entered(period.since, period.until)
    words, sections = words_of(sources, {}), list[Section]()
    for survey in sorted(policy.current):
        if levels := answered.get(survey):
            sections.append(survey_section(policy.survey(survey), levels, words))
    about_surveys = [one for one in entries if {"survey", "question"} & {key for key, _ in one.cut}]
    sections += remark_section(remarks_on(about_surveys, CATALOGUE, words), words) if sections else ()
    nothing = Section(words.say("chapter.answers"), (Paragraph((words.say("nothing"),)),))
    return MadeReport(tuple(sections) or (nothing,))


async def whole_review(sources: ReportSources) -> MadeReport:
    """Return what matters first, strengths, weaknesses, five chapters, and the list of actions."""
    found = await read_review(sources.reader, sources.wanted.period, sources.now)
    words = linked_words(sources, found.summary.agents)
    chapters = figure_sections(found.chapters, words)
    is_known = any(one.value is not None for one in found.summary.summary.figures)
    stands_out = (
        evidence_section(words.say("chapter.strengths"), found.strengths, words, is_known=is_known),
        evidence_section(words.say("chapter.weaknesses"), found.weaknesses, words, is_known=is_known),
    )
    overview = overview_section(await read_overview(sources, found), words, await peaks_within(sources))
    measures = await measures_of(sources)
    done = (*measure_table(measures, words), action_section(found.actions, words))
    figures = every_figure(found.chapters.values())
    return MadeReport((overview, *stands_out, *chapters, *done), figures, elsewhere=measure_figures(measures))
