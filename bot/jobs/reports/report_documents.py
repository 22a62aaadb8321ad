"""Makes the reports: which kinds there are, what each may be asked for, and the document around its chapters."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.channels.registry import capabilities_of
from bot.handlers.common.policy import Policy
from bot.jobs.period_summary import FigureRequestError, read_cut, read_period
from bot.jobs.reports.chapter_reports import (
    about_subject,
    any_figures,
    by_chapters,
    how_answered,
    service_summary,
    whole_review,
)
from bot.jobs.reports.improvement_report import what_helped
from bot.jobs.reports.kinds.data_quality_report import data_of_period
from bot.jobs.reports.kinds.peak_report import peaks_of_year
from bot.jobs.reports.kinds.privacy_report import register_of_data
from bot.jobs.reports.kinds.repair_reports import claims_of_year, faults_in_classes, repeated_repairs
from bot.jobs.reports.kinds.sheet_reports import APPRAISED, appraisal_sheets, quality_checks
from bot.jobs.reports.people_reports import agent_scorecard, team_page
from bot.jobs.reports.priority_reports import importance_page, outstanding_page, topic_page
from bot.jobs.reports.report_sources import ReportMaker, ReportRequest, ReportSources, words_of
from bot.jobs.reports.trend_report import month_by_month
from dialogs.names import written_name
from dialogs.reports.document import BarChart, ReportDocument, ReportKind, Section
from dialogs.reports.figure_parts import appendix_of, own_appendix
from dialogs.reports.headlines import headlines_of
from dialogs.reports.report_schedules import Reportable
from dialogs.time.named_days import PERIOD_EXAMPLES, is_calendar_name
from scoring.metrics.catalogue import SUBJECT_KEYS
from scoring.metrics.review import PROBLEM_CHAPTERS
from scoring.values import Value
from storage.reads.reader import Reader

__all__ = ["REPORT_KINDS", "KindOfReport", "asked_report", "make_report", "reportable"]


class KindOfReport(Value):
    """What makes a report of this kind, of which keys it tells one value (`of`), and whether it needs one."""

    make: ReportMaker
    of: tuple[str, ...] = ()
    needs_of: bool = False


REPORT_KINDS: Mapping[ReportKind, KindOfReport] = {
    ReportKind.FIGURES: KindOfReport(any_figures),
    ReportKind.SUMMARY: KindOfReport(service_summary),
    ReportKind.DISTRIBUTION: KindOfReport(how_answered),
    ReportKind.PROBLEMS: KindOfReport(by_chapters(PROBLEM_CHAPTERS)),
    ReportKind.SUBJECT: KindOfReport(about_subject, SUBJECT_KEYS, needs_of=True),
    ReportKind.TREND: KindOfReport(month_by_month, SUBJECT_KEYS),
    ReportKind.SCORECARD: KindOfReport(agent_scorecard, ("agent",), needs_of=True),
    ReportKind.TEAM: KindOfReport(team_page, ("team",), needs_of=True),
    ReportKind.IMPORTANCE: KindOfReport(importance_page),
    ReportKind.EVIDENCE: KindOfReport(outstanding_page),
    ReportKind.TOPICS: KindOfReport(topic_page),
    ReportKind.IMPROVEMENTS: KindOfReport(what_helped, ("team",)),
    ReportKind.REVIEW: KindOfReport(whole_review),
    ReportKind.REPEATS: KindOfReport(repeated_repairs),
    ReportKind.QUALITY: KindOfReport(faults_in_classes),
    ReportKind.CLAIMS: KindOfReport(claims_of_year),
    ReportKind.CHECKS: KindOfReport(quality_checks),
    ReportKind.APPRAISAL: KindOfReport(appraisal_sheets, APPRAISED),
    ReportKind.PEAKS: KindOfReport(peaks_of_year),
    ReportKind.DATA_QUALITY: KindOfReport(data_of_period),
    ReportKind.PRIVACY: KindOfReport(register_of_data),
}
"""Every kind of report."""
_BY_SHEETS = frozenset({ReportKind.APPRAISAL})
"""Kinds that tell of everybody the results of periods for which sheets are filled."""


def reportable() -> Reportable:
    """Return what the schedules of reports may name."""
    of = {kind: one.of for kind, one in REPORT_KINDS.items()}
    needs_of = frozenset(kind for kind, one in REPORT_KINDS.items() if one.needs_of)
    return Reportable(tuple(capabilities_of()), of, needs_of, _BY_SHEETS)


def asked_report(asked: Mapping[str, str], policy: Policy, now: datetime) -> ReportRequest:
    """Return what is asked for by `kind`, `period`, `by`, `metric`, `of` and `locale`, each of which may be empty.

    Raises FigureRequestError for what is no kind, period, key or metric, and for what belongs to another kind.
    """
    if asked["kind"] not in ("", *ReportKind):
        raise FigureRequestError("kind", f"is {asked['kind']!r}; write one of {', '.join(ReportKind)}")
    kind = ReportKind(asked["kind"] or ReportKind.FIGURES)
    for field in ("by", "metric"):
        if asked[field] and kind is not ReportKind.FIGURES:
            raise FigureRequestError(field, f"is for reports of kind figures; {kind} has figures of its own")
    period = read_period(None, None, asked["period"], now, policy.calendar)
    if kind in _BY_SHEETS and not asked["of"] and not is_calendar_name(period.name):
        known = f"sheets are filled for periods such as {PERIOD_EXAMPLES}"
        raise FigureRequestError("period", f"is {period.name}; {known}; of one subject (`of`) it shows their sheets")
    locale = policy.phrases.locale(asked["locale"] or policy.locale)
    return ReportRequest(kind, period, locale, read_cut(asked["by"], asked["metric"]), _subject_of(kind, asked["of"]))


def _subject_of(kind: ReportKind, of: str) -> tuple[str, str]:
    """Return key and value of `team:north`; two empty texts where a kind needs none. Raises FigureRequestError."""
    keys = REPORT_KINDS[kind].of
    if of and not keys:
        told = [str(kind) for kind, one in REPORT_KINDS.items() if one.of]
        raise FigureRequestError("of", f"is for reports of kind {', '.join(told)}")
    if not of and not REPORT_KINDS[kind].needs_of:
        return "", ""
    key, _, value = of.partition(":")
    if key not in keys or not value:
        raise FigureRequestError("of", f"is {of!r}; write it as {keys[0]}:NAME, with one of {', '.join(keys)}")
    return key, written_name(value)


async def make_report(reader: Reader, policy: Policy, wanted: ReportRequest, now: datetime) -> ReportDocument:
    """Return a report as a document; figures of very much are computed by a process of its own, unless they are kept.

    Raises FigureRequestError for a subject of which nothing is known, ProcessFailed where that process does.
    """
    sources = ReportSources(reader, policy, wanted, now)
    made, words = await REPORT_KINDS[wanted.kind].make(sources), words_of(sources, {})
    figures = (*made.figures, *made.elsewhere)
    partly = await sources.partly_known() if figures else {}
    provisional = "" if wanted.period.is_over(now) else words.say("provisional")
    head = [*made.head, words.days(wanted.period), *filter(None, (provisional,))]
    head.append(words.say("made", at=policy.phrases.dated(wanted.locale, now, policy.timezone), zone=policy.timezone))
    return ReportDocument(
        kind=wanted.kind,
        locale=wanted.locale,
        title=words.say(f"title.{wanted.kind}"),
        head=tuple(head),
        sections=made.sections,
        appendix=appendix_of(figures, words, partly) or own_appendix(made.computed, words),
        signatures=tuple(words.say(f"signature.{name}") for name in made.signed_by),
        headlines=headlines_of(made.figures, words, has_bars=_has_bars(made.sections)),
        provisional=provisional,
        legend=words.say("picture.legend"),
    )


def _has_bars(sections: Iterable[Section]) -> bool:
    return any(isinstance(block, BarChart) for section in sections for block in section.blocks)
