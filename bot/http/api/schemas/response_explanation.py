"""Why a response counts, or what of it does not: its closing, its flags, its ratings one by one."""

from datetime import datetime

from pydantic import BaseModel, Field

from bot.http.api.schemas.exclusion import ExclusionOut, exclusion_out
from scoring.validity import COUNTING_RULES, ExclusionReason, RaisedFlag, ResponseFlag
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.reads.details import ResponseFacts

__all__ = ["ResponseExplanation", "response_explanation"]


class ClosingOut(BaseModel):
    """The closing that a response is about, as it was then; null where nothing was known."""

    ticket: str
    number: int
    closed_at: datetime
    requested_at: datetime | None
    opened_at: datetime | None
    first_replied_at: datetime | None
    assigned_at: datetime | None
    appointment_at: datetime | None
    onsite_at: datetime | None
    solved_at: datetime | None
    agent_id: str | None
    agent_name: str | None
    team: str | None
    station: str | None
    area: str | None
    product: str | None
    category: str | None
    service_type: str | None
    source_channel: str | None
    contract: str | None
    tier: str | None
    tags: tuple[str, ...]


class FlagOut(BaseModel):
    """What makes the response doubtful, with its figures; it excludes nothing unless the ratings say so."""

    flag: ResponseFlag
    why: str
    rule: str | None = Field(description="by which rule of what counts once; null where it is no duplicate of a rule")
    counted: str | None = Field(description="the response that counts instead of a duplicate")


class RatingOut(BaseModel):
    """A rating and whether it counts: `counted`, or `excluded` by a reason; `undone` ones were taken back."""

    item: str
    dimension: str
    value: int
    lowest: int
    highest: int
    at: datetime
    channel: str
    survey_version: int
    status: RatingStatus
    reason: ExclusionReason | None
    rules: int = Field(description="the version of the rules of counting by which it was decided")


class ResponseExplanation(BaseModel):
    """What of a response counts, and why; raw = counted + excluded. Of an anonymous response there is nothing."""

    id: str
    rules: int = Field(description="the version of the rules of counting today")
    raw: int
    counted: int
    excluded: dict[ExclusionReason, int] = Field(description="the number of ratings by reason")
    closing: ClosingOut | None
    flags: tuple[FlagOut, ...]
    ratings: tuple[RatingOut, ...]
    exclusions: tuple[ExclusionOut, ...] = Field(description="what people decided about it, oldest first")


def response_explanation(facts: ResponseFacts) -> ResponseExplanation:
    """Return what of a response counts, and why."""
    given = [one for one in facts.ratings if one.status is not RatingStatus.UNDONE]
    reasons = [one.reason for one in given if one.reason is not None]
    return ResponseExplanation(
        id=facts.interview.id,
        rules=COUNTING_RULES,
        raw=len(given),
        counted=len(given) - len(reasons),
        excluded={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        closing=_closing_out(facts.closing) if facts.closing is not None else None,
        flags=tuple(map(_flag_out, facts.interview.flags)),
        ratings=tuple(map(_rating_out, facts.ratings)),
        exclusions=tuple(map(exclusion_out, facts.exclusions)),
    )


def _closing_out(closing: Closing) -> ClosingOut:
    told = {name: getattr(closing, name) or None for name in ClosingOut.model_fields if name not in {"ticket", "tags"}}
    return ClosingOut(ticket=f"{closing.source}/{closing.ticket}", tags=closing.tags, **told)


def _flag_out(raised: RaisedFlag) -> FlagOut:
    return FlagOut(flag=raised.flag, why=raised.why, rule=raised.rule or None, counted=raised.of or None)


def _rating_out(rating: RatingFact) -> RatingOut:
    told = {name: getattr(rating, name) for name in RatingOut.model_fields if name != "survey_version"}
    return RatingOut(survey_version=rating.survey_number, **told)
