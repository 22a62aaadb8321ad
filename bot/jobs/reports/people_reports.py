"""Reports about people: the scorecard of an agent, and the page of a team."""

from asyncio import to_thread
from collections.abc import Mapping, Sequence

from bot.jobs.assessment_results import SubjectWanted, read_subject_results
from bot.jobs.figure_explanation import agents_on_probation, comparable_shares
from bot.jobs.figures.asked_figures import cut_of
from bot.jobs.period_summary import PeriodSummary
from bot.jobs.reports.improvement_report import measures_of
from bot.jobs.reports.report_sources import MadeReport, ReportSources, linked_words
from bot.jobs.reports.report_subjects import known_subject, subject_head
from dialogs.forms.joined_result import PeriodResult
from dialogs.forms.model import Form, SubjectKind
from dialogs.issue.model import Issue
from dialogs.reports.chapters import action_section, figure_sections
from dialogs.reports.document import Section
from dialogs.reports.figure_parts import ReportWords
from dialogs.reports.pages.measure_chapters import measure_figures, measure_table
from dialogs.reports.pages.people_chapters import (
    Colleague,
    band_section,
    graded_section,
    quote_section,
    training_section,
)
from dialogs.sanitize import defanged
from dialogs.time.named_days import is_calendar_name
from scoring.honesty.bands import Standing, standings
from scoring.metrics.catalogue import MetricSource
from scoring.metrics.figure import Figure
from scoring.metrics.review import AGENTS_OF_TEAMS, lowest, parts_about_people
from scoring.values import Value, replace

__all__ = ["agent_scorecard", "team_page"]

_QUOTED_FROM = 8
"""So many customers have answered before their agent sees what they wrote: of fewer one can tell who it was."""
_QUOTES, _LONGEST_QUOTE, _MOST_ISSUES = 8, 160, 50


class _Subject(Value):
    """One subject's figures, beside those of everybody: over all, by dimension, and of every agent."""

    own: tuple[Figure, ...]
    dimensions: tuple[Figure, ...]
    everybody: tuple[Figure, ...]
    agents: tuple[Figure, ...]
    read: PeriodSummary
    on_probation: frozenset[str]
    people: tuple[Figure, ...]
    """Of a team those of its agents."""

    @property
    def ranked(self) -> Mapping[str, Standing]:
        """The standings of all agents with answers enough, but for those on probation."""
        return standings(comparable_shares(self.agents, "agent", self.on_probation))


async def _read(sources: ReportSources) -> _Subject:
    """Return the figures of a report's subject. Raises FigureRequestError for one of which nothing is known."""
    key, value = sources.wanted.of
    cuts = [*map(cut_of, parts_about_people(key)), *([cut_of(AGENTS_OF_TEAMS)] if key == "team" else [])]
    own, dimensions, everybody, agents, *people = await sources.compared(cuts)
    mine = [_of(key, value, one.summary.figures) for one in (own, dimensions)]
    if not mine[0] and not await _results(sources):
        await known_subject(sources)
    on_probation = agents_on_probation(sources.policy.lists.probation, sources.wanted.period, sources.policy.timezone)
    return _Subject(
        mine[0],
        mine[1],
        everybody.summary.figures,
        agents.summary.figures,
        own,
        on_probation,
        tuple(figure for one in people for figure in _of(key, value, one.summary.figures)),
    )


def _of(key: str, value: str, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return one subject's figures, without the key that all of them are about."""
    mine = (one for one in figures if one.cut[key] == value)
    return tuple(replace(one, cut={other: told for other, told in one.cut.items() if other != key}) for one in mine)


def _common_chapters(found: _Subject, words: ReportWords) -> tuple[Section, ...]:
    """Return the figures of a subject, those by dimension, and what to train first."""
    rated = [one for one in found.dimensions if one.metric == "csat"]
    is_known, needs = any(one.value is not None for one in rated), lowest(rated, found.everybody)
    chapters = figure_sections({"figures": found.own, "dimensions": found.dimensions}, words)
    return (*chapters, training_section(needs, words, is_known=is_known))


async def agent_scorecard(sources: ReportSources) -> MadeReport:
    """Return everything about one agent: nothing of it is a rank or a deduction."""
    found, (_, agent) = await _read(sources), sources.wanted.of
    words = linked_words(sources, found.read.agents, {"agent": agent})
    name, ranked = words.name("agent", agent), found.ranked
    people = next((one.people for one in found.own if one.metric == "csat"), 0)
    sections = (
        *_common_chapters(found, words),
        band_section(words.say("chapter.standing"), [Colleague(name, people, ranked.get(agent))], len(ranked), words),
        *graded_section(await _results(sources), words),
        quote_section(await _quotes(sources), words),
    )
    head = (subject_head(sources.wanted.of, words), words.say("counted"))
    return MadeReport(sections, (*found.own, *found.dimensions), head)


async def _results(sources: ReportSources) -> list[tuple[Form, PeriodResult]]:
    """Return what the sheets about a subject come to in a period with a name, by their forms."""
    (key, value), period = sources.wanted.of, sources.wanted.period
    if not is_calendar_name(period.name):
        return []
    asked = SubjectWanted(value, period, sources.now, sources.policy.timezone, sources.policy.lists.probation)
    found = await read_subject_results(sources.reader, sources.policy.forms, SubjectKind(key), asked)
    return [(wanted.form, result) for wanted, result in found]


async def _quotes(sources: ReportSources) -> tuple[str, ...] | None:
    """Return what an agent's customers wrote, masked, the latest first; None where too few of them have answered."""
    period, (_, agent) = sources.wanted.period, sources.wanted.of
    since = await sources.reader.admins.responses_about(agent=agent, since=period.since)
    answered = [one for one in since if one.asked_at < period.until]
    if len({one.customer for one in answered}) < _QUOTED_FROM:
        return None
    words = await sources.reader.texts.words([one.id for one in answered])
    written = (words[one.id] for one in answered if one.id in words and words[one.id].texts)
    masker = await to_thread(lambda: sources.policy.comments.masker)
    masked = (
        defanged("；".join(masker.masked(text, [one.name]) for text in one.texts.values()), _LONGEST_QUOTE)
        for one in written
    )
    return tuple(filter(None, masked))[:_QUOTES]


async def team_page(sources: ReportSources) -> MadeReport:
    """Return everything about one team: its figures, its people in bands, and the issues of its tickets."""
    found, (key, team) = await _read(sources), sources.wanted.of
    people = found.people
    words, ranked = linked_words(sources, found.read.agents, {key: team}), found.ranked
    agents = {one.cut["agent"]: one.people for one in people if one.metric == "csat"}
    colleagues = [Colleague(words.name("agent", one), n, ranked.get(one)) for one, n in agents.items()]
    measures = await measures_of(sources)
    sections = (
        *_common_chapters(found, words),
        band_section(words.say("chapter.colleagues"), colleagues, len(ranked), words),
        *figure_sections({"people": people}, words),
        *graded_section(await _results(sources), words),
        *measure_table(measures, words),
        action_section(await _issues(sources), words),
    )
    head = (subject_head(sources.wanted.of, words), words.say("counted"))
    figures, elsewhere = (*found.own, *found.dimensions, *people), measure_figures(measures)
    return MadeReport(sections, figures, head, elsewhere=elsewhere)


async def _issues(sources: ReportSources) -> list[Issue]:
    """Return the first issues of a subject's tickets that were opened in the period."""
    ends, cut = (sources.wanted.period.since, sources.wanted.period.until), dict([sources.wanted.of])
    inputs = await sources.reader.figure_inputs(ends, MetricSource.ISSUES, cut, _MOST_ISSUES)
    found = [await sources.reader.issue(one.thing) for one in inputs]
    return [one.issue for one in found if one is not None]
