"""Findings that open by themselves: charts of low ratings that leave their limits, what recurs, a month's low items."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.handlers.common.context import DecisionContext
from bot.handlers.improvement.commands import NewFinding, finding_id_of, open_finding
from bot.handlers.improvement.terms import BY_TIME
from dialogs.improvement.model import FindingKind
from scoring.text.recurring_things import Recurred
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes

__all__ = [
    "ChartName",
    "LowItem",
    "chart_finding_id",
    "low_item_id",
    "opened_by_chart",
    "opened_by_low_item",
    "opened_by_recurrence",
    "recurrence_finding_id",
]


class LowItem(Value):
    """An item of a team that was clearly below the common level in a month, and the sentence that says so."""

    month: str
    team: str
    dimension: str
    text: str


ChartName = tuple[str, str, str]
"""A chart: week or day, team, dimension."""


def chart_finding_id(chart: ChartName, since: str) -> str:
    """Return the id of the finding of an excursion that began on the day `since`."""
    return finding_id_of(_by_chart(chart, since))


def opened_by_chart(
    context: DecisionContext, chart: ChartName, since: str, text: str, responses: Sequence[str]
) -> Changes:
    """Return the finding of an excursion that began on the day `since`, for the team whose chart it is.

    `responses` are those with low ratings, of which anonymous ones are left.
    """
    named = tuple(one for one in responses if _may_be_named(context, one))
    return open_finding(context, replace(_by_chart(chart, since), text=text, responses=named)).changes


def recurrence_finding_id(recurred: Recurred, day: date) -> str:
    """Return the id of the finding of what is told on this day to recur."""
    return finding_id_of(_by_recurrence(recurred, day))


def opened_by_recurrence(context: DecisionContext, recurred: Recurred, day: date, text: str) -> Changes:
    """Return the finding of what recurs, raised by those who wrote of it, or whose cases they are.

    Its department is the team of most of the responses, empty where none is known.
    """
    named = tuple(one for one in recurred.responses if _may_be_named(context, one))
    known = tuple(one for one in recurred.customers if context.snapshot.customer(one) is not None)
    teams = Counter(team for one in named if (team := _team_of(context, one)))
    department = max(sorted(teams), key=lambda team: teams[team], default="")
    new = replace(_by_recurrence(recurred, day), text=text, department=department)
    return open_finding(context, replace(new, responses=named, customers=known)).changes


def low_item_id(item: LowItem) -> str:
    """Return the id of the finding of a low item."""
    return finding_id_of(_by_low_item(item))


def opened_by_low_item(context: DecisionContext, item: LowItem) -> Changes:
    """Return the finding of a low item, for the team whose item it is."""
    return open_finding(context, _by_low_item(item)).changes


def _by_low_item(item: LowItem) -> NewFinding:
    origin = f"low_item:{item.month}:{item.team}:{item.dimension}"
    kind = FindingKind.LOW_ITEM
    return NewFinding(origin, kind, item.text, item.team, BY_TIME, origin, dimension=item.dimension)


def _by_chart(chart: ChartName, since: str) -> NewFinding:
    origin, (_, team, dimension) = ":".join(("chart", *chart, since)), chart
    return NewFinding(origin, FindingKind.WARNING, "", team, BY_TIME, origin, dimension=dimension)


def _by_recurrence(recurred: Recurred, day: date) -> NewFinding:
    origin = f"recurrence:{recurred.kind}:{recurred.dimension}:{recurred.name}:{day.isoformat()}"
    return NewFinding(origin, FindingKind.RECURRENCE, "", "", BY_TIME, origin, dimension=recurred.dimension)


def _may_be_named(context: DecisionContext, response: str) -> bool:
    interview = context.snapshot.interview(response)
    return interview is not None and not context.policy.survey_version(interview.survey).anonymous


def _team_of(context: DecisionContext, response: str) -> str:
    interview = context.snapshot.interview(response)
    invitation = None if interview is None else context.snapshot.invitation(interview.invitation)
    return "" if invitation is None else invitation.team
