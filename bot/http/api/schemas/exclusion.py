"""Exclusions in JSON: request and response bodies."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from bot.http.api.schemas.field_types import Name, NoteText, WebAddress
from bot.http.api.schemas.ticket_request import RequestBody
from dialogs.exclusion.model import BY_PEOPLE, Exclusion, ExclusionState
from scoring.validity import ExclusionReason

__all__ = ["ExclusionOut", "ExclusionPage", "ProposalBody", "StepBody", "exclusion_out"]


if TYPE_CHECKING:
    _Reason = str
else:
    _Reason = Literal[tuple(reason.value for reason in BY_PEOPLE)]


class StepBody(RequestBody):
    """Who decides, appeals or reviews, and why."""

    by: Name
    note: NoteText = Field(description="the reason in a person's own words")
    evidence: tuple[WebAddress, ...] = Field((), max_length=20, description="links, of an appeal")


class ProposalBody(RequestBody):
    """Who wants a response not to count, and why."""

    by: Name
    note: NoteText
    reason: _Reason


class ExclusionOut(BaseModel):
    """An exclusion of a response; while it is `excluded`, `appealed` or `upheld` the response does not count."""

    id: str
    response: str
    state: ExclusionState
    reason: ExclusionReason
    proposed_by: str
    proposed_at: datetime
    note: str
    decided_by: str | None
    decided_at: datetime | None
    decision: str | None
    appeal_until: datetime | None
    appealed_by: str | None
    appealed_at: datetime | None
    appeal: str | None
    evidence: tuple[str, ...]
    reviewed_by: str | None
    reviewed_at: datetime | None
    review: str | None


class ExclusionPage(BaseModel):
    """A page of exclusions; `next` is the cursor of the page after it."""

    items: tuple[ExclusionOut, ...]
    next: str | None


_WHOLE = ("note", "evidence")
"""Fields that are told as they are, also where they are empty."""


def exclusion_out(exclusion: Exclusion) -> ExclusionOut:
    """Return an exclusion as the API shows it."""
    told = {name: getattr(exclusion, name) or None for name in ExclusionOut.model_fields if name not in _WHOLE}
    return ExclusionOut(note=exclusion.note, evidence=exclusion.evidence, **told)
