"""How far the figures of a period can be trusted: who was asked, who answered, what does not count, what is missing."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.figures.kept_summaries import given_told
from bot.jobs.period_summary import summaries_of
from bot.jobs.reports.report_sources import MadeReport, ReportSources, read_chapters, words_of
from bot.jobs.survey_courses import read_course
from dialogs.known_words import folded_word
from dialogs.reports.chapters import figure_sections
from dialogs.reports.data_tables import count_table, course_section, listed_section, titled_table
from dialogs.reports.document import Paragraph, Section, Table
from dialogs.reports.figure_parts import ReportWords
from dialogs.survey import Survey
from dialogs.time.periods import period_before
from scoring.metrics.facts import AskCount
from scoring.metrics.figure import Figure
from scoring.metrics.review import COMMON, DATA_CHAPTERS
from scoring.survey_course import SurveyCourse
from storage.reads.figures.visit_counts import KnownFields

__all__ = ["data_of_period", "silent_stations"]

_TOLD = ("station", "area", "product", "category", "service_type", "source_channel", "cause", "measure", "outcome")
_MOMENTS = ("requested", "first_replied", "assigned", "onsite", "solved", "appointment")
"""What a ticket may tell, of which a report says how often it does."""


async def data_of_period(sources: ReportSources) -> MadeReport:
    """Return coverage, who was not asked, response by channel, the course of surveys, exclusions, what is missing."""
    reader, period = sources.reader, sources.wanted.period
    found, told = await read_chapters(sources, DATA_CHAPTERS)
    (common,) = await summaries_of(reader, period, [cut_of(COMMON)], sources.now)
    period_told = await given_told(reader, period.since, period.until)
    words = words_of(sources, told.agents)
    tables = [
        titled_table("unsent", _unsent(period_told.asks, words), words),
        titled_table("not_counted", _not_counted(common.summary.figures, words), words),
        _told(period_told.known, words),
        titled_table("unlisted", _unlisted(sources, period_told.known.service_types, words), words),
        listed_section("silent", await silent_stations(sources), "nobody_silent", words),
    ]
    course = course_section(await _courses(sources), words)
    sections = figure_sections(found, words)
    figures = tuple(figure for several in found.values() for figure in several)
    reach, channels, contacts = sections
    unsent, not_counted, *missing = tables
    return MadeReport((reach, unsent, channels, course, not_counted, contacts, *missing), figures)


async def _courses(sources: ReportSources) -> list[tuple[Survey, SurveyCourse]]:
    """Return how each survey of today went, of those who were asked in the period."""
    policy, period = sources.policy, sources.wanted.period
    walked = await sources.reader.walked_surveys(period.since, period.until)
    surveys = [one for one in map(policy.survey, sorted(policy.current)) if one.key in walked]
    found = [(one, await read_course(sources.reader, one, period.since, period.until)) for one in surveys]
    return [(survey, course) for survey, course in found if course.asked]


def _unsent(asks: Iterable[AskCount], words: ReportWords) -> Table | None:
    """Return why closings were not asked about, by the reason, else by how their survey stands."""
    closings = [one for one in asks if one.is_closing]
    counts: Counter[str] = Counter()
    for one in closings:
        counts[words.reason(one.reason or one.status or "unrecorded")] += one.n - one.sent
    return count_table(counts, sum(one.n for one in closings), words, "reason")


def _not_counted(common: Iterable[Figure], words: ReportWords) -> Table | None:
    """Return why ratings do not count, as shares of all that were given, by a figure of all of them."""
    counts, total = Counter[str](), 0
    for one in common:
        total += one.n + sum(one.excluded.values())
        for reason, n in one.excluded.items():
            counts[words.reason(reason)] += n
    return count_table(counts, total, words, "reason")


def _told(found: KnownFields, words: ReportWords) -> Section:
    """Return how many of the closings tell each field; what all of them tell stands in one line."""
    counts = {words.say(f"field.{name}"): found.known[name] for name in _TOLD}
    counts |= {words.say(f"field.{name}"): found.known[f"{name}_at"] for name in _MOMENTS}
    always = [name for name, n in counts.items() if n == found.closings > 0]
    table = count_table({name: n for name, n in counts.items() if name not in always}, found.closings, words, "field")
    if not always:
        return titled_table("told", table, words)
    line = Paragraph((words.say("always_told", names=words.say("between").join(always)),))
    return Section(words.say("chapter.told"), (line,) if table is None else (line, table))


def _unlisted(sources: ReportSources, named: Mapping[str, int], words: ReportWords) -> Table | None:
    """Return the kinds of service that tickets name and the company's list has not."""
    listed = sources.policy.lists.service_types
    return count_table(
        {name: n for name, n in named.items() if name and folded_word(name) not in listed},
        sum(named.values()),
        words,
        "service_type",
    )


async def silent_stations(sources: ReportSources) -> list[str]:
    """Return the stations with closings in the period before and with none in this one."""
    period = sources.wanted.period
    before = period_before(period, sources.policy.timezone)
    now, then = [await given_told(sources.reader, one.since, one.until) for one in (period, before)]
    return sorted({*then.stations}.difference(now.stations))
