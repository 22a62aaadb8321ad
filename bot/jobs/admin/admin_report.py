"""The figures of `/report`: of everything, of a lead's team, or an agent's own, with what customers wrote."""

from asyncio import to_thread
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from dialogs.admin.report import REPORT_METRICS, AdminReport, ReportedComplaints, ReportPeriod
from dialogs.interview.model import Interview
from dialogs.issue.model import IssueKind
from dialogs.names import only_namesake
from scoring.complaints import ComplaintVerdict
from scoring.metrics.catalogue import CATALOGUE
from scoring.metrics.facts import IssueFact
from scoring.metrics.review import Evidence, lowest
from scoring.metrics.summary import summarize
from storage.reads.figures.figure_facts import PeriodFacts
from storage.reads.reader import Reader

__all__ = ["admin_report", "complaints_of", "own_report"]

_REPORT_DAYS = (7, 30)
_METRICS = tuple(CATALOGUE[metric] for metric in REPORT_METRICS)
_COMMENTS_FROM = 8
"""So many customers have answered before their agent sees what they wrote: of fewer one can tell who it was."""
_COMMENTS = 5
_BY_AGENT = ("agent", "dimension")


async def admin_report(reader: Reader, now: datetime, team: str = "") -> AdminReport:
    """Return the figures of the last 7 and the last 30 days and the issues with the team: of everything, or a team."""
    only = {"team": team} if team else {}
    found = await _facts(reader, now)
    teams = {ask.keys.get("team", "") for ask in found[-1].facts.asks} - {""} if not team else set()
    issues = await reader.admins.open_issues(**only)
    return AdminReport(await _periods(found, only), issues, about=team, teams=tuple(sorted(teams)))


async def own_report(reader: Reader, now: datetime, name: str, agent: str) -> AdminReport:
    """Return the same figures of the tickets that an agent has served, and the latest words of their customers.

    `agent` is what tickets call them: empty for the only id with their name, else the name itself.
    """
    found = await _facts(reader, now)
    only = {"agent": agent or only_namesake(name, found[-1].agents)}
    periods, issues = await _periods(found, only), await reader.admins.open_issues(**only)
    responses = await reader.admins.responses_about(**only, since=now - timedelta(days=_REPORT_DAYS[-1]))
    training = await to_thread(_training, found[-1], only["agent"])
    return AdminReport(periods, issues, about=name, is_own=True, comments=_comments(responses), training=training)


async def _facts(reader: Reader, now: datetime) -> list[PeriodFacts]:
    sources = {metric.source for metric in _METRICS}
    return [await reader.figure_facts(now - timedelta(days=days), now, sources) for days in _REPORT_DAYS]


async def _periods(found: Sequence[PeriodFacts], only: Mapping[str, str]) -> tuple[ReportPeriod, ...]:
    each = zip(_REPORT_DAYS, found, strict=True)
    return tuple([await to_thread(_period, days, one, only) for days, one in each])


def _period(days: int, found: PeriodFacts, only: Mapping[str, str]) -> ReportPeriod:
    facts = found.facts.about(only)
    figures = summarize(facts, (), _METRICS, is_over=False).figures
    means = summarize(facts, ("survey",), [CATALOGUE["mean"]], is_over=False).figures
    told = {figure.metric: figure for figure in figures}
    return ReportPeriod(days, told, tuple(one for one in means if one.n), complaints_of(facts.issues))


def _training(found: PeriodFacts, agent: str) -> tuple[Evidence, ...]:
    """Return in which dimensions an agent's ratings lie below everybody's."""
    (own, everybody) = (
        summarize(found.facts, by, [CATALOGUE["csat"]], is_over=False).figures for by in (_BY_AGENT, _BY_AGENT[1:])
    )
    return lowest([one for one in own if one.cut["agent"] == agent], everybody)


def complaints_of(issues: Iterable[IssueFact]) -> ReportedComplaints:
    """Return what complaints there are among issues, and how they were judged."""
    made = [issue for issue in issues if issue.kind == IssueKind.COMPLAINT]
    verdicts = Counter(issue.keys["verdict"] for issue in made)
    categories = Counter(category for issue in made if (category := issue.keys["complaint_category"]))
    most = min(categories, key=lambda category: (-categories[category], category), default="")
    valid, invalid = verdicts[ComplaintVerdict.VALID], verdicts[ComplaintVerdict.INVALID]
    return ReportedComplaints(len(made), valid, invalid, sum(issue.done for issue in made), most)


def _comments(responses: Iterable[Interview]) -> tuple[str, ...] | None:
    """Return what customers wrote last, the latest first; None where too few have answered."""
    answered = list(responses)
    if len({one.customer for one in answered}) < _COMMENTS_FROM:
        return None
    written = ("；".join(filter(None, (*(answer.text for answer in one.answers), one.comment))) for one in answered)
    return tuple(filter(None, written))[:_COMMENTS]
