"""Campaigns in JSON: request and response bodies."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, WithJsonSchema

from bot.handlers.campaigns.commands import NewCampaign
from bot.http.api.schemas.field_types import Id, Line, LongText, Moment, Name, Tag
from bot.http.api.schemas.ticket_request import RequestBody
from config.errors import InvalidValue
from config.values.durations import read_duration, read_quiet_hours, said_duration
from dialogs.campaign.model import (
    FASTEST,
    Audience,
    Campaign,
    CampaignKind,
    CampaignState,
    Figures,
    Run,
    RunState,
    Schedule,
)
from dialogs.issue.model import IssueKind, IssueState
from dialogs.time.contact_hours import DailyHours
from scoring.values import fields

__all__ = [
    "CampaignActionBody",
    "CampaignOut",
    "CampaignPage",
    "NewCampaignBody",
    "PreviewOut",
    "campaign_out",
    "preview_out",
]


def _span(value: object) -> object:
    try:
        return read_duration(value)
    except InvalidValue as wrong:
        raise ValueError(f"{wrong.problem} {wrong.fix}") from None


def _hours(value: object) -> object:
    if value is None:
        return None
    try:
        return read_quiet_hours(value)
    except InvalidValue as wrong:
        raise ValueError(f"{wrong.problem} Write it as 10:00-20:00.") from None


Span = Annotated[
    timedelta, BeforeValidator(_span), WithJsonSchema({"type": "string", "examples": ["30m", "24h", "14d", "PT30M"]})
]
Hours = Annotated[Any, BeforeValidator(_hours), WithJsonSchema({"type": "string", "examples": ["10:00-20:00"]})]
Listed = Annotated[tuple[Tag, ...], Field(max_length=200)]
SurveyStatus = Literal[
    "scheduled", "sent", "started", "completed", "partial", "declined", "expired", "suppressed", "unreachable",
    "cancelled",
]  # fmt: skip


class AudienceBody(RequestBody):
    """Filters that all must hold; a list holds any one of its words. Spans count back from the occurrence."""

    sources: Listed = ()
    teams: Listed = ()
    categories: Listed = ()
    products: Listed = ()
    agents: Listed = ()
    tags: Listed = ()
    tiers: Listed = ()
    locales: Listed = ()
    channels: Listed = ()
    customers: Annotated[tuple[Id, ...], Field(max_length=10_000)] = ()
    closed_from: Moment | None = None
    closed_until: Moment | None = None
    closed_within: Span | None = None
    closed_before: Span | None = None
    appointment_within: Span | None = None
    appointment_before: Span | None = None
    surveys: Listed = ()
    statuses: tuple[SurveyStatus, ...] = ()
    score_at_or_below: Annotated[float, Field(ge=-100, le=100)] | None = None
    score_at_or_above: Annotated[float, Field(ge=-100, le=100)] | None = None
    issues: tuple[IssueState, ...] = ()
    issue_kinds: tuple[IssueKind, ...] = ()
    root_causes: Annotated[tuple[Line, ...], Field(max_length=200)] = ()


class ScheduleBody(RequestBody):
    """Once `at` a moment, or again and again by `cron` or in words (`repeats`: `monthly last 09:00`) in a zone."""

    at: Moment | None = None
    cron: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    repeats: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    timezone: Annotated[str, StringConstraints(max_length=64)] | None = None


class NewCampaignBody(RequestBody):
    """A campaign to be drafted; without a schedule it begins as soon as it is started."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    kind: CampaignKind
    survey: Id | None = None
    text: LongText = ""
    audience: AudienceBody = AudienceBody()
    schedule: ScheduleBody | None = None
    window: Hours | None = None
    per_minute: Annotated[int, Field(ge=1, le=FASTEST, strict=True)] = 600
    by: Name | None = None

    def wanted(self, key: str, timezone: str) -> NewCampaign:
        """Return it for the handler; `timezone` is the one of whoever names none."""
        window: DailyHours | None = self.window
        return NewCampaign(
            key=key,
            name=self.name,
            kind=self.kind,
            by=self.by or "api",
            survey=self.survey or "",
            text=self.text,
            audience=Audience(**{name: getattr(self.audience, name) for name in AudienceBody.model_fields}),
            schedule=_schedule(self.schedule, timezone),
            window=window,
            per_minute=self.per_minute,
        )


class CampaignActionBody(RequestBody):
    """Who does it."""

    by: Name | None = None


class ProgressOut(BaseModel):
    """Progress of the present occurrence, or the last one; the other figures sum up to `audience`."""

    audience: int
    sent: int
    failed: int
    waiting: int
    skipped: dict[str, int] = Field(description="By reason.")


class RunOut(BaseModel):
    """One occurrence."""

    occurrence: datetime
    status: RunState
    audience: int
    started_at: datetime | None
    finished_at: datetime | None
    why: str | None


class CampaignOut(BaseModel):
    """A campaign; `why` says why it was paused or did not run."""

    id: str
    name: str
    kind: CampaignKind
    status: CampaignState
    survey: str | None
    text: str | None
    audience: dict[str, Any] = Field(description="The filters that were set.")
    schedule: dict[str, str]
    window: str | None
    per_minute: int
    created_at: datetime
    created_by: str | None
    next_at: datetime | None
    why: str | None
    progress: ProgressOut
    runs: tuple[RunOut, ...]


class CampaignPage(BaseModel):
    """All campaigns, oldest first."""

    items: tuple[CampaignOut, ...]
    next: str | None = None


class PreviewOut(BaseModel):
    """What it would do if it ran now; `sends` and the skipped sum up to `audience`."""

    audience: int
    sends: int
    skipped: dict[str, int]
    examples: tuple[str, ...] = Field(description="Masked names of people whom it would reach.")
    ends_at: datetime | None


def campaign_out(campaign: Campaign, runs: Iterable[Run], figures: Figures) -> CampaignOut:
    """Return a campaign as the API shows it."""
    return CampaignOut(
        id=campaign.id,
        name=campaign.name,
        kind=campaign.kind,
        status=campaign.state,
        survey=campaign.survey or None,
        text=campaign.text or None,
        audience=_filters(campaign.audience),
        schedule=_told(campaign.schedule),
        window=_span_of_day(campaign.window),
        per_minute=campaign.per_minute,
        created_at=campaign.created_at,
        created_by=campaign.created_by or None,
        next_at=campaign.next_at,
        why=campaign.why or None,
        progress=ProgressOut(
            audience=figures.audience,
            sent=figures.sent,
            failed=figures.failed,
            waiting=figures.waiting,
            skipped=dict(figures.skipped),
        ),
        runs=tuple(_run_out(run) for run in runs),
    )


def preview_out(figures: Figures) -> PreviewOut:
    """Return a preview as the API shows it."""
    return PreviewOut(
        audience=figures.audience,
        sends=figures.waiting,
        skipped=dict(figures.skipped),
        examples=figures.examples,
        ends_at=figures.ends_at,
    )


def _run_out(run: Run) -> RunOut:
    return RunOut(
        occurrence=run.occurrence,
        status=run.state,
        audience=run.audience,
        started_at=run.started_at,
        finished_at=run.finished_at,
        why=run.why or None,
    )


def _schedule(body: ScheduleBody | None, timezone: str) -> Schedule:
    if body is None:
        return Schedule()
    repeats = body.repeats or body.cron or ""
    return Schedule(body.at, repeats, (body.timezone or timezone) if repeats else "")


def _filters(audience: Audience) -> dict[str, Any]:
    given = ((field.name, getattr(audience, field.name)) for field in fields(Audience))
    return {name: _as_sent(value) for name, value in given if value not in ((), None)}


def _as_sent(value: object) -> object:
    return said_duration(value) if isinstance(value, timedelta) else value


def _told(schedule: Schedule) -> dict[str, str]:
    if schedule.at is not None:
        return {"at": schedule.at.isoformat().replace("+00:00", "Z")}
    return {"repeats": schedule.repeats, "timezone": schedule.timezone} if schedule.repeats else {}


def _span_of_day(window: DailyHours | None) -> str | None:
    return f"{window.start:%H:%M}-{window.end:%H:%M}" if window is not None else None
