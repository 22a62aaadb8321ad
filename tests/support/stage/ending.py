"""How things stand at the end of a transcript: what was asked and answered, what the team has, and its timeline."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationState, status_of
from dialogs.issue.model import Issue
from scoring.validity import ResponseFlag
from storage.model.records import Customer, IssueEvent
from tests.support.stage.rows import Rows

__all__ = ["ending"]


def ending(rows: Rows, zone: ZoneInfo) -> Iterator[str]:
    """Return a line per invitation, per issue and per event of its timeline; times on the clock of `zone`."""
    for invitation in rows.listed(Invitation):
        yield " · ".join(("= " + _status(rows, invitation, zone), *_answers(rows, invitation)))
    for issue in rows.listed(Issue):
        reasons = "; ".join(map(str, issue.reasons))
        yield f"= issue {issue.severity.value}, {issue.kind.value}, {_standing(issue)}: {reasons}"
        events = (event for event in rows.listed(IssueEvent) if event.issue == issue.id)
        yield from (_event(event, zone) for event in events)
    if any(customer.opted_out_at for customer in rows.listed(Customer)):
        yield "= opted out"


def _status(rows: Rows, invitation: Invitation, zone: ZoneInfo) -> str:
    status = status_of(invitation, rows.snapshot.interview_of(invitation.id))
    if invitation.reason is not None:
        return f"{status}: {invitation.reason.value}"
    if invitation.state is InvitationState.SCHEDULED:
        return f"{status} for {_clock(invitation.due_at, zone)}"
    return status


def _answers(rows: Rows, invitation: Invitation) -> Iterator[str]:
    interview = rows.snapshot.interview_of(invitation.id)
    if not isinstance(interview, Interview):
        return
    for answer in interview.answers:
        weight = f" important {answer.importance}" if answer.importance else ""
        asked = answer.clarification
        clarified = f" (was {asked.given}, confirmed {asked.confirmed})" if asked is not None else ""
        yield f"{answer.question} {answer.value}{clarified}{weight}" + (f' "{answer.text}"' if answer.text else "")
    if interview.comment:
        yield f'"{interview.comment}"'
    if any(raised.flag is ResponseFlag.CONTRADICTION for raised in interview.flags):
        yield "flagged: contradiction"


def _standing(issue: Issue) -> str:
    by = f" by {issue.claimed_by}" if issue.claimed_by else ""
    again = f", resolution {issue.resolution}" if issue.resolution else ""
    return f"{issue.state.value}{by}{again}"


def _event(event: IssueEvent, zone: ZoneInfo) -> str:
    told = (_clock(event.at, zone), event.event, event.by, event.text and f'"{event.text}"')
    return "=   " + "  ".join(part for part in told if part)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"
