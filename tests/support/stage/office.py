"""What an admin's command looks up, on the Stage: from all the rows there are."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import mean, median

from bot.handlers.admin.query_results import QueryResults
from dialogs.admin.report import Mean, Period, Report
from dialogs.campaign.model import Campaign, Figures
from dialogs.interview.model import FINAL, Interview
from dialogs.issue.model import WITH_THE_TEAM, Issue
from scoring.rules import LowMean, LowRating
from storage.model.records import IssueEvent, Ticket, TicketStatus
from storage.model.registers import AuditEntry
from tests.support.stage.rows import Rows
from tests.support.stage.runner import Reads, World

__all__ = ["brought"]

_SECRET = "k3Jq0vT5mXw8yZ2aBcD4eF"
_LINK = f"https://t.me/huifang_bot?start=team-{_SECRET}"


def brought(world: World) -> QueryResults:
    """Bring everything, since asking costs nothing here."""
    rows = world.rows
    issues = [issue for issue in rows.listed(Issue) if issue.state in WITH_THE_TEAM]
    return QueryResults(
        campaigns=tuple((one, _figures(world, one)) for one in reversed(rows.listed(Campaign))),
        issues=tuple(sorted(issues, key=lambda issue: (issue.opened_at, issue.id))),
        report=Report(tuple(_period(rows, days, world.now) for days in (7, 30)), len(issues)),
        audit=tuple(reversed(rows.listed(AuditEntry))),
        secret=_SECRET,
        link=_LINK,
    )


def _figures(world: World, campaign: Campaign) -> Figures:
    return Reads(world).standing(campaign.id)


def _period(rows: Rows, days: int, now: datetime) -> Period:
    since = now - timedelta(days=days)
    talks = [talk for talk in rows.listed(Interview) if talk.asked_at >= since]
    answered = [talk for talk in talks if talk.answers]
    issues = {issue.id: issue for issue in rows.listed(Issue) if issue.opened_at >= since}
    waited = [
        (at - issues[key].opened_at).total_seconds()
        for key, at in _claims(rows.listed(IssueEvent)).items()
        if key in issues
    ]
    closed = (
        t for t in rows.listed(Ticket) if t.status is TicketStatus.CLOSED and t.closed_at and t.closed_at >= since
    )
    return Period(
        days,
        closed=len(list(closed)),
        asked=len(talks),
        answered=len(answered),
        means=tuple(_means(talk for talk in answered if talk.state in FINAL)),
        low=sum(any(isinstance(one, LowRating | LowMean) for one in issue.reasons) for issue in issues.values()),
        claimed=len(waited),
        claim=timedelta(seconds=median(waited)) if waited else None,
    )


def _claims(events: Iterable[IssueEvent]) -> dict[str, datetime]:
    claims: dict[str, datetime] = {}
    for event in events:
        if event.event == "claimed":
            claims.setdefault(event.issue, event.at)
    return claims


def _means(talks: Iterable[Interview]) -> Iterable[Mean]:
    scores: dict[str, list[float]] = {}
    for talk in talks:
        scores.setdefault(talk.survey[0], []).append(float(talk.score or 0))
    return (Mean(survey, len(found), mean(found)) for survey, found in sorted(scores.items()))
