"""The report of improvement: which measures touch a period, whether they have helped, and which are under way."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from bot.jobs.reports.report_sources import MadeReport, ReportSources, words_of
from dialogs.improvement.model import WITH_MEASURE, Finding
from dialogs.reports.pages.measure_chapters import MeasureCourse, measure_figures, measure_sections
from dialogs.time.periods import Period
from storage.reads.improvement.finding_list import FindingFilter

__all__ = ["measures_of", "what_helped"]

_MOST = 1000
_NEXT_DAY = timedelta(days=1)


async def what_helped(sources: ReportSources) -> MadeReport:
    """Return the measures of a period, of all or of one team."""
    found = await measures_of(sources)
    words = words_of(sources, await _agents_of(found, sources))
    return MadeReport(measure_sections(found, words), elsewhere=measure_figures(found))


async def _agents_of(found: Iterable[MeasureCourse], sources: ReportSources) -> Mapping[str, str]:
    """Return what agents are called, where a measure is about one."""
    is_about_one = any(key == "agent" for one in found for key, _ in (*one.measure.cut, *one.measure.pilot))
    period = sources.wanted.period
    return await sources.reader.agents(period.since, period.until) if is_about_one else {}


async def measures_of(sources: ReportSources) -> list[MeasureCourse]:
    """Return the measures that touch a report's period, from plan to verification, the first planned first.

    Where the report is about one subject, those only that are for it: by their cut, their pilot or their department.
    """
    page = await sources.reader.findings.page(FindingFilter(), None, _MOST)
    key, value = sources.wanted.of
    findings = [one.finding for one in page.items]
    if key:
        findings = [one for one in findings if _is_about(one, key, value)]
    courses = (course for one in findings for course in _courses(one))
    touching = [one for one in courses if _touches(one, sources.wanted.period)]
    return sorted(touching, key=lambda one: (one.measure.planned_at, one.measure.text))


def _courses(finding: Finding) -> Iterator[MeasureCourse]:
    """Yield every measure of a finding: those that were verified, and the one that is under way."""
    for result in finding.results:
        yield MeasureCourse(result.measure, finding.state, result)
    is_verified = any(result.measure == finding.measure for result in finding.results)
    if finding.measure is not None and finding.state in WITH_MEASURE and not is_verified:
        yield MeasureCourse(finding.measure, finding.state)


def _touches(one: MeasureCourse, period: Period) -> bool:
    """Return whether any of the time from the plan to the verification, open while there is none, is in a period.

    A measure that is planned on the day after, when the period is talked about, belongs to it, as in a review.
    """
    is_begun = one.measure.planned_at < period.until + _NEXT_DAY
    return is_begun and (one.result is None or max(one.result.at, one.measure.window.until) > period.since)


def _is_about(finding: Finding, key: str, value: str) -> bool:
    measures = [result.measure for result in finding.results]
    measures += [finding.measure] if finding.measure is not None else []
    return finding.department == value or any((key, value) in (*one.cut, *one.pilot) for one in measures)
