"""The review of a period by API: chapters, strengths and weaknesses by evidence, the list of actions."""

import csv
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from io import StringIO
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from bot.http.api.openapi import problems
from bot.http.api.periods.asked_period import AskedPeriod, asked_period
from bot.http.api.schemas.field_types import Language
from bot.http.api.schemas.figure_json import FigureLocale, FigureOut, figure_out
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.idempotent_decide import ok_answer
from bot.jobs.period_review import PeriodReview, read_review
from bot.reports.plain_tables import plain_cell
from dialogs.issue.model import Issue, IssueKind, IssueState
from scoring.complaints import ComplaintCategory, ComplaintRemedy
from scoring.metrics.review import FINDINGS, Evidence
from scoring.rules import Severity

__all__ = ["router"]

router = api_router("reports")


class ChapterOut(BaseModel):
    """A chapter with its figures, those of all before those of a cut."""

    chapter: str
    title: str
    figures: tuple[FigureOut, ...]


class FindingOut(BaseModel):
    """An example of a finding, with measures that help."""

    id: str
    name: str
    measures: str
    dimensions: tuple[str, ...]


class EvidenceOut(BaseModel):
    """A figure whose whole interval lies on one side of the common value."""

    figure: FigureOut
    common: float
    distance: float = Field(description="from the common value to the nearer end of the interval")
    examples: tuple[str, ...] = Field(description="ids in `library` that show in this dimension")


class ActionOut(BaseModel):
    """An issue opened in the period: who has it, until when, what it came from, what was done."""

    id: str
    title: str
    kind: IssueKind
    severity: Severity
    status: IssueState
    opened_at: datetime
    due_at: datetime | None
    holder: str | None
    tickets: tuple[str, ...]
    category: ComplaintCategory | None
    root_cause: str | None
    remedy: ComplaintRemedy | None
    resolved_at: datetime | None
    confirmed: bool


class ReviewOut(BaseModel):
    """The review of a period, from `from` to `to`, which is excluded."""

    model_config = ConfigDict(serialize_by_alias=True)

    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    period: str
    timezone: str
    chapters: tuple[ChapterOut, ...]
    strengths: tuple[EvidenceOut, ...]
    weaknesses: tuple[EvidenceOut, ...]
    actions: tuple[ActionOut, ...] = Field(description="the first 200")
    library: tuple[FindingOut, ...]


@router.get("/review", response_model=ReviewOut, responses=problems(401, 422, 503))
async def review(
    web: TheWeb,
    *,
    period: AskedPeriod = "",
    locale: Language = "",
    format: Literal["json", "csv"] = "json",  # noqa: A002 (the name in the address)
) -> Response:
    """Return the review of a period: five chapters, strengths and weaknesses, actions. Raises Problem."""
    policy, now = web.receiver.policy, web.clock.now()
    when = asked_period(web, period, now)
    told = FigureLocale(policy.phrases, policy.phrases.locale(locale or policy.locale), policy.timezone, now)
    shown = _review(await read_review(web.reader, when, now), told)
    if format == "csv":
        return Response(_csv(shown), HTTPStatus.OK, {"cache-control": "no-store"}, "text/csv; charset=utf-8")
    return ok_answer(shown).response()


def _review(found: PeriodReview, told: FigureLocale) -> ReviewOut:
    period = found.summary.period

    def say(key: str) -> str:
        return told.phrases.say(told.locale, key)

    return ReviewOut(
        since=period.since.astimezone(told.zone),
        until=period.until.astimezone(told.zone),
        period=period.name,
        timezone=told.zone.key,
        chapters=tuple(
            ChapterOut(
                chapter=chapter,
                title=say(f"review.chapter.{chapter}"),
                figures=tuple(figure_out(each, found.summary, told) for each in figures),
            )
            for chapter, figures in found.chapters.items()
        ),
        strengths=tuple(_evidence(one, found, told) for one in found.strengths),
        weaknesses=tuple(_evidence(one, found, told) for one in found.weaknesses),
        actions=tuple(map(_action, found.actions)),
        library=tuple(
            FindingOut(
                id=name,
                name=say(f"finding.{name}.name"),
                measures=say(f"finding.{name}.measures"),
                dimensions=dimensions,
            )
            for name, dimensions in FINDINGS.items()
        ),
    )


def _evidence(one: Evidence, found: PeriodReview, told: FigureLocale) -> EvidenceOut:
    dimension = one.figure.cut["dimension"]
    return EvidenceOut(
        figure=figure_out(one.figure, found.summary, told),
        common=float(one.common),
        distance=one.distance,
        examples=tuple(name for name, dimensions in FINDINGS.items() if dimension in dimensions),
    )


def _action(issue: Issue) -> ActionOut:
    return ActionOut(
        id=issue.id,
        title=issue.title,
        kind=issue.kind,
        severity=issue.severity,
        status=issue.state,
        opened_at=issue.opened_at,
        due_at=issue.due_at,
        holder=issue.claimed_by,
        tickets=tuple("/".join(ticket) for ticket in issue.tickets),
        category=issue.judgement.category,
        root_cause=issue.root_cause,
        remedy=issue.judgement.remedy,
        resolved_at=issue.resolved_at,
        confirmed=bool(issue.confirmed),
    )


_COLUMNS = ("section", "what", "cut", "value", "text", "n", "low", "high", "state", "holder", "due", "measures")


def _csv(shown: ReviewOut) -> str:
    """Return the same as CSV, a line for each figure and for each action."""
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    for chapter in shown.chapters:
        rows.writerows([chapter.title, *_figure_cells(figure)] for figure in chapter.figures)
    for name, several in (("strength", shown.strengths), ("weakness", shown.weaknesses)):
        rows.writerows([name, *_figure_cells(one.figure)] for one in several)
    rows.writerows(["action", *_action_cells(one)] for one in shown.actions)
    return written.getvalue()


def _figure_cells(figure: FigureOut) -> Iterator[object]:
    cut = "; ".join(f"{key} {value}" for key, value in figure.label.items())
    low, high = (None, None) if figure.interval is None else (figure.interval.low, figure.interval.high)
    yield from (figure.name, plain_cell(cut), figure.value, figure.text, figure.n, low, high, figure.state)
    yield from ("", "", plain_cell(figure.remark.measures) if figure.remark is not None else "")


def _action_cells(one: ActionOut) -> Iterator[object]:
    yield from (plain_cell(one.title), plain_cell("; ".join(one.tickets)), "", one.status, "", "", "", one.severity)
    yield from (plain_cell(one.holder or ""), one.due_at.isoformat() if one.due_at is not None else "")
    yield plain_cell("; ".join(filter(None, (one.root_cause, one.remedy))))
