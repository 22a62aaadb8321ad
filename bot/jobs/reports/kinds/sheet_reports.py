"""Reports of filled sheets: those about one subject with lines to sign, everybody's results, and checks of quality."""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from fractions import Fraction

from bot.handlers.common.policy import Policy
from bot.handlers.improvement.sheet_findings import sheet_finding_id
from bot.jobs.assessment_results import SubjectWanted, read_result, read_subject_results
from bot.jobs.period_summary import FigureRequestError
from bot.jobs.reports.report_sources import MadeReport, ReportRequest, ReportSources, words_of
from bot.jobs.reports.report_subjects import subject_head
from dialogs.forms.model import ANONYMOUS_ROLES, Form, RaterRole, SubjectKind
from dialogs.improvement.model import Finding
from dialogs.reports.data_tables import titled_table
from dialogs.reports.document import ReportKind
from dialogs.reports.figure_parts import ReportWords
from dialogs.reports.sheet_tables import (
    CheckedWeek,
    RatedSheet,
    SubjectResult,
    check_sections,
    followed_section,
    result_table,
    sheet_section,
)
from dialogs.survey import Texts
from dialogs.time.named_days import is_calendar_name
from storage.model.filled_forms import FilledForm
from storage.reads.reader import Reader

__all__ = ["APPRAISED", "appraisal_sheets", "has_sheets", "quality_checks"]

APPRAISED = tuple(map(str, SubjectKind))
"""The keys of what sheets are about."""
_SHOWN = frozenset(RaterRole) - ANONYMOUS_ROLES - {RaterRole.CUSTOMER}
"""Whose sheets stand one by one: neither those of raters who are not named, nor what customers wrote."""
_MARGIN = timedelta(days=5)
_IN_ORDER = ("superior", "department", "personnel", "director")
"""Who signs an appraisal, one after the other."""
_CHECKED, _FAILED, _FOLLOW_UP = "checked", "failed", "follow_up"
_TELLING = frozenset({ReportKind.APPRAISAL, ReportKind.CHECKS, ReportKind.SCORECARD, ReportKind.TEAM})
"""The kinds of reports that tell of sheets."""


async def has_sheets(reader: Reader, policy: Policy, wanted: ReportRequest) -> bool:
    """Return whether there are sheets for periods that begin within a report's, if it tells of sheets."""
    (_, subject), ends = wanted.of, (wanted.period.since, wanted.period.until)
    if wanted.kind not in _TELLING:
        return False
    if subject:
        return bool(await reader.assessments.forms_about(subject, *ends))
    forms = policy.forms.values() if wanted.kind is ReportKind.APPRAISAL else _checking(policy)
    for form in forms:
        if await reader.assessments.within(form.id, *ends):
            return True
    return False


def _checking(policy: Policy) -> list[Form]:
    """Return the forms that ask how many were checked."""
    return [form for form in policy.forms.values() if _CHECKED in {line.id for line in form.head}]


async def appraisal_sheets(sources: ReportSources) -> MadeReport:
    """Return the sheets about one subject with what they come to, or everybody's results where no subject is named.

    Raises FigureRequestError where nobody has filled a sheet about the subject.
    """
    key, value = sources.wanted.of
    words = words_of(sources, await _agents(sources))
    computed = (words.say("computed.sheets"), words.say("computed.joined"))
    if not key:
        results = [one async for one in _everybody(sources, words)]
        return MadeReport(
            (titled_table("results", result_table(results, words), words),), signed_by=_IN_ORDER, computed=computed
        )
    sheets = await _about(sources, SubjectKind(key), value)
    found = await _results(sources, SubjectKind(key), words)
    if not (sheets or found):
        raise FigureRequestError("of", f"is {key}:{value}, about which no sheet is filled in this period")
    result = titled_table("results", result_table(found, words), words)
    groups: dict[tuple[str, str], list[FilledForm]] = {}
    for one in sheets:
        groups.setdefault((one.form, one.period), []).append(one)
    chapters = tuple(sheet_section(_side_by_side(group, words), words) for group in groups.values())
    head = (subject_head(sources.wanted.of, words),)
    followed = followed_section(await _followed(sources, sheets), words)
    return MadeReport((*chapters, result, *followed), head=head, signed_by=_IN_ORDER, computed=computed)


async def _followed(sources: ReportSources, sheets: Iterable[FilledForm]) -> list[tuple[str, Finding]]:
    """Return what stands on the sheets and is followed as a finding."""
    lines = [(line.text, sheet_finding_id(sheet.id, line.id)) for sheet in sheets for line in sheet.words]
    found = [(text, await sources.reader.findings.find(id_)) for text, id_ in lines]
    return [(text, raised.finding) for text, raised in found if raised is not None]


async def _agents(sources: ReportSources) -> Mapping[str, str]:
    """Return what agents are called, by the ids that sheets know them by, as far as the period's tickets tell."""
    period = sources.wanted.period
    return await sources.reader.agents(period.since, period.until)


def _side_by_side(sheets: Iterable[FilledForm], words: ReportWords) -> list[RatedSheet]:
    """Return the sheets in the order of their roles: self first, then superior, station, auditor."""
    roles = [*RaterRole]
    ordered = sorted(sheets, key=lambda one: (roles.index(one.role), one.rater))
    names = [words.name("agent", one.rater) if one.role is RaterRole.SELF else one.rater for one in ordered]
    return [
        RatedSheet(one.role, name, one.period, one.sheet, one.words) for one, name in zip(ordered, names, strict=True)
    ]


async def _about(sources: ReportSources, kind: SubjectKind, subject: str) -> list[FilledForm]:
    """Return the sheets of named raters about a subject for periods that begin within the report's."""
    reads, period = sources.reader.assessments, sources.wanted.period
    found = list[FilledForm]()
    for form in sorted(await reads.forms_about(subject, period.since, period.until)):
        found += await reads.of_subject(form, subject, period.since, period.until)
    return [one for one in found if one.subject_kind is kind and one.role in _SHOWN]


async def _results(sources: ReportSources, kind: SubjectKind, words: ReportWords) -> list[SubjectResult]:
    (_, subject) = sources.wanted.of
    if not is_calendar_name(sources.wanted.period.name):
        return []  # sheets are filled for months, quarters and the like
    asked = _asked(sources, subject)
    found = await read_subject_results(sources.reader, sources.policy.forms, kind, asked)
    name = words.name(kind, subject)
    return [SubjectResult(name, wanted.form.title, result) for wanted, result in found]


def _asked(sources: ReportSources, subject: str) -> SubjectWanted:
    return SubjectWanted(
        subject, sources.wanted.period, sources.now, sources.policy.timezone, sources.policy.lists.probation
    )


async def _everybody(sources: ReportSources, words: ReportWords) -> AsyncIterator[SubjectResult]:
    """Yield the results of everybody about whom there are sheets, form by form."""
    period = sources.wanted.period
    if not is_calendar_name(period.name):
        return
    for form in sources.policy.forms.values():
        sheets = await sources.reader.assessments.within(form.id, period.since - _MARGIN, period.until + _MARGIN)
        for subject in sorted({one.subject for one in sheets if one.subject_kind is form.subject}):
            result = await read_result(sources.reader, _asked(sources, subject).by(form))
            if result.joined.roles or result.parts or result.incomplete or result.too_few or result.added:
                yield SubjectResult(words.name(form.subject, subject), form.title, result)


async def quality_checks(sources: ReportSources) -> MadeReport:
    """Return what checks have found, from the sheets of every form that asks how many were checked.

    A week belongs to the period in which it begins: none is counted in two months.
    """
    words, period = words_of(sources, {}), sources.wanted.period
    weeks, names = list[CheckedWeek](), dict[str, Texts]()
    for form in _checking(sources.policy):
        sheets = await sources.reader.assessments.within(form.id, period.since, period.until)
        ours = [one for one in sheets if one.role in _SHOWN]
        weeks += map(_week, sorted(ours, key=lambda one: (one.since, one.subject)))
        for one in ours:
            names |= {item.id: item.name for item in one.sheet.items if item.value is not None}
    computed = (words.say("computed.checks"),)
    return MadeReport(check_sections(weeks, names, words), signed_by=("prepared", "responsible"), computed=computed)


def _week(one: FilledForm) -> CheckedWeek:
    said = {line.id: line.text for line in one.words}
    items = {item.id: Fraction(item.value) for item in one.sheet.items if item.value is not None}
    checked, failed = (_number(said.get(name, "")) for name in (_CHECKED, _FAILED))
    return CheckedWeek(one.period, one.subject, checked, failed, items, said.get(_FOLLOW_UP, ""))


def _number(text: str) -> int | None:
    """Return the number that somebody has written, None where it is none."""
    plain = text.strip()
    return int(plain) if plain.isdecimal() else None
