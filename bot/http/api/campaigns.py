"""Campaigns by API: draft, preview, start, pause, resume, cancel."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.campaigns import commands
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import CampaignOutcome, Conflict, NotFound
from bot.http.api.openapi import problems
from bot.http.api.schemas.campaign import (
    CampaignActionBody,
    CampaignOut,
    CampaignPage,
    NewCampaignBody,
    PreviewOut,
    campaign_out,
    preview_out,
)
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, Refusal, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.campaign_preview import find_audience, preview_figures
from dialogs.campaign.model import Campaign, Figures
from storage.unit_of_work.writer import Decision

__all__ = ["router"]

router = api_router("campaigns")

CampaignId = Annotated[Id, Path(description="The campaign's id.")]
Command = Callable[[DecisionContext], Decision[CampaignOutcome | NotFound | Conflict]]
_NO_FIGURES = Figures()
_ERRORS = problems(401, 404, 409, 413, 422, 503)


@router.get("", response_model=CampaignPage, responses=problems(401, 422, 503))
async def list_campaigns(web: TheWeb) -> Response:
    """List every campaign, oldest first, each with its progress."""
    items = [await _told(web, one) for one in await web.reader.campaigns.all()]
    return ok_answer(CampaignPage(items=tuple(items))).response()


@router.post("", status_code=HTTPStatus.CREATED, response_model=CampaignOut, responses=problems(401, 413, 422, 503))
async def create_campaign(body: NewCampaignBody, request: Request, web: TheWeb) -> Response:
    """Draft a campaign; nothing is sent before it is started. Raises Problem for a schedule of two kinds."""
    schedule = body.schedule
    ways = [] if schedule is None else [name for name in ("at", "cron", "repeats") if getattr(schedule, name)]
    if len(ways) > 1:
        wrong = FieldProblem("schedule", f"has both {ways[0]} and {ways[1]}; give one")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request holds wrong fields.", [wrong])
    new = body.wanted(web.secrets.token(), str(web.receiver.policy.timezone))

    def tell(answer: CampaignOutcome | Refusal) -> ApiAnswer:
        if not isinstance(answer, CampaignOutcome):
            return refusal_answer(answer)
        return ok_answer(campaign_out(answer.campaign, (), _NO_FIGURES), HTTPStatus.CREATED)

    needs = commands.needs(commands.campaign_id_of(new))
    return (await decide_once(web, request, needs, lambda context: commands.create(context, new), tell)).response()


@router.post("/{campaign}/preview", response_model=PreviewOut, responses=_ERRORS)
async def preview_campaign(campaign: CampaignId, web: TheWeb, body: CampaignActionBody | None = None) -> Response:
    """Return whom it would reach if it ran now, whom it would skip and why, and when it would be finished."""
    del body
    found = await web.reader.campaigns.find(campaign)
    if found is None:
        return refusal_answer(NotFound(f"campaign {campaign}")).response()
    figures = await preview_figures(web.reader.campaigns, await web.receiver.current_policy(), found, web.clock.now())
    return ok_answer(preview_out(figures)).response()


@router.post("/{campaign}/start", response_model=CampaignOut, responses=_ERRORS)
async def start_campaign(
    campaign: CampaignId, request: Request, web: TheWeb, body: CampaignActionBody | None = None
) -> Response:
    """Start a draft: at once, or when its schedule says; 409 where nobody is in its audience."""
    seen = await web.reader.campaigns.find(campaign)
    found = (
        await find_audience(web.reader.campaigns, await web.receiver.current_policy(), seen, web.clock.now())
        if seen
        else []
    )
    return await _do(
        web, request, campaign, lambda context: commands.start(context, campaign, _by(body), found=len(found))
    )


@router.post("/{campaign}/pause", response_model=CampaignOut, responses=_ERRORS)
async def pause_campaign(
    campaign: CampaignId, request: Request, web: TheWeb, body: CampaignActionBody | None = None
) -> Response:
    """Pause it; what is being sent is still sent."""
    return await _do(web, request, campaign, lambda context: commands.pause(context, campaign, _by(body)))


@router.post("/{campaign}/resume", response_model=CampaignOut, responses=_ERRORS)
async def resume_campaign(
    campaign: CampaignId, request: Request, web: TheWeb, body: CampaignActionBody | None = None
) -> Response:
    """Resume it where it was paused."""
    return await _do(web, request, campaign, lambda context: commands.resume(context, campaign, _by(body)))


@router.post("/{campaign}/cancel", response_model=CampaignOut, responses=_ERRORS)
async def cancel_campaign(
    campaign: CampaignId, request: Request, web: TheWeb, body: CampaignActionBody | None = None
) -> Response:
    """End it for good."""
    return await _do(web, request, campaign, lambda context: commands.cancel(context, campaign, _by(body)))


@router.get("/{campaign}", response_model=CampaignOut, responses=problems(401, 404, 422, 503))
async def get_campaign(campaign: CampaignId, web: TheWeb) -> Response:
    """Return a campaign with its progress and its occurrences."""
    found = await web.reader.campaigns.find(campaign)
    if found is None:
        return refusal_answer(NotFound(f"campaign {campaign}")).response()
    return ok_answer(await _told(web, found)).response()


async def _do(web: Web, request: Request, campaign: str, command: Command) -> Response:
    """Execute a command and return the campaign as it is then."""
    runs, figures = await web.reader.campaigns.runs_and_figures(campaign)

    def tell(answer: CampaignOutcome | NotFound | Conflict) -> ApiAnswer:
        if not isinstance(answer, CampaignOutcome):
            return refusal_answer(answer)
        return ok_answer(campaign_out(answer.campaign, runs, figures))

    return (await decide_once(web, request, commands.needs(campaign), command, tell)).response()


async def _told(web: Web, campaign: Campaign) -> CampaignOut:
    return campaign_out(campaign, *await web.reader.campaigns.runs_and_figures(campaign.id))


def _by(body: CampaignActionBody | None) -> str:
    return (body.by if body is not None else None) or "api"
