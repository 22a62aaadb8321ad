"""Issues in JSON: request and response bodies."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StrictBool, StringConstraints

from bot.http.api.schemas.field_types import Id, LongText, Name, NoteText, TicketRef
from bot.http.api.schemas.ticket_request import RequestBody
from dialogs.issue.model import Issue, IssueKind, IssueState
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict, Judgement
from scoring.rules import Severity
from storage.model.records import IssueEvent

__all__ = [
    "AssignBody",
    "ByBody",
    "IssueOut",
    "IssuePage",
    "JudgeBody",
    "MergeBody",
    "NewIssueBody",
    "ReopenBody",
    "ResolveBody",
    "TalkBody",
    "issue_out",
]


class NewIssueBody(RequestBody):
    """An issue that a person opens."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    text: LongText = ""
    ticket: TicketRef | None = None
    customer: Id | None = None
    severity: Severity = Severity.NORMAL
    by: Name | None = None


class ByBody(RequestBody):
    """Who does it."""

    by: Name


class AssignBody(ByBody):
    """Who gives it to whom; `to` is a name of the roster, or the name in `by`, who then takes it over."""

    to: Name


class ResolveBody(ByBody):
    """What was done; `note` is the sentence that the customer reads, needed unless `notify` is false."""

    note: NoteText | None = None
    root_cause: LongText | None = None
    notify: StrictBool = True


class JudgeBody(ByBody):
    """What somebody found out; what is left out stays as it was. `why` is needed where the complaint is invalid."""

    verdict: ComplaintVerdict | None = None
    why: LongText = ""
    category: ComplaintCategory | None = None
    remedy: ComplaintRemedy | None = None
    cause: LongText = ""
    verification: LongText = Field("", description="how it was seen that the remedy holds")


class ReopenBody(ByBody):
    """Why it is open again."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]


class TalkBody(ByBody):
    """What the customer reads, whole and as it is written."""

    text: NoteText


class MergeBody(RequestBody):
    """The issue that takes it over."""

    into: Id
    by: Name | None = None


class LineOut(BaseModel):
    """One line of the timeline."""

    at: datetime
    event: str
    by: str | None
    text: str | None


class JudgementOut(BaseModel):
    """What the team found out about an issue."""

    verdict: ComplaintVerdict | None
    why: str | None
    category: ComplaintCategory | None
    remedy: ComplaintRemedy | None
    cause: str | None
    verification: str | None
    by: str | None
    at: datetime | None
    check_by: datetime | None = Field(description="Until when a complaint has to be judged first; null for none.")


class IssueOut(BaseModel):
    """An issue with its timeline."""

    id: str
    kind: IssueKind
    status: IssueState
    severity: Severity
    title: str | None
    text: str | None
    reasons: tuple[str, ...]
    tickets: tuple[str, ...] = Field(description="`source/id` each.")
    customers: tuple[str, ...]
    responses: tuple[str, ...]
    claimed_by: str | None
    progress: str | None = Field(description="What the customer was told last of how it goes.")
    question: str | None = Field(description="What the customer was asked and has not answered.")
    note: str | None
    root_cause: str | None
    judgement: JudgementOut
    resolution: int
    opened_at: datetime
    due_at: datetime | None = Field(
        description="Until when the team has to do the next thing: claim it while it is open, resolve it while claimed."
    )
    timeline: tuple[LineOut, ...]


class IssuePage(BaseModel):
    """A page of issues; `next` is the cursor of the page after it."""

    items: tuple[IssueOut, ...]
    next: str | None


def issue_out(issue: Issue, timeline: Iterable[IssueEvent]) -> IssueOut:
    """Return an issue as the API shows it."""
    return IssueOut(
        id=issue.id,
        kind=issue.kind,
        status=issue.state,
        severity=issue.severity,
        title=issue.title or None,
        text=issue.words or None,
        reasons=tuple(map(str, issue.reasons)),
        tickets=tuple("/".join(ticket) for ticket in issue.tickets),
        customers=issue.customers,
        responses=issue.responses,
        claimed_by=issue.claimed_by,
        progress=issue.progress,
        question=issue.question,
        note=issue.note,
        root_cause=issue.root_cause,
        judgement=_judgement_out(issue.judgement),
        resolution=issue.resolution,
        opened_at=issue.opened_at,
        due_at=issue.due_at,
        timeline=tuple(LineOut(at=line.at, event=line.event, by=line.by, text=line.text) for line in timeline),
    )


def _judgement_out(found: Judgement) -> JudgementOut:
    return JudgementOut(
        verdict=found.verdict,
        why=found.why or None,
        category=found.category,
        remedy=found.remedy,
        cause=found.cause or None,
        verification=found.verification or None,
        by=found.by or None,
        at=found.at,
        check_by=found.check_by,
    )
