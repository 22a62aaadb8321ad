"""Commands on campaigns: list, show, create, preview, start, pause, resume, cancel."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.control.arguments import BY, result_of, text_argument
from bot.control.protocol import CommandProblem
from bot.handlers.campaigns import commands
from bot.handlers.campaigns.commands import NewCampaign
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import CampaignOutcome, Conflict, NotFound
from bot.http.api.schemas.campaign import NewCampaignBody, campaign_out, preview_out
from bot.http.field_errors import field_of, pydantic_problem
from bot.jobs.campaign_preview import find_audience, preview_figures
from bot.wiring.services import Services
from dialogs.campaign.audience_parser import AudienceError, known_filters, read_audience
from dialogs.campaign.model import Audience, Campaign, Schedule
from dialogs.time.zones import find_zone
from scoring.values import replace
from storage.unit_of_work.writer import Decision

__all__ = ["CAMPAIGN_COMMANDS"]

Json = dict[str, Any]
CampaignAction = Callable[[DecisionContext, str, str], Decision[CampaignOutcome | NotFound | Conflict]]


async def _list(services: Services, _arguments: Mapping[str, Any]) -> list[Json]:
    return [await _told(services, campaign) for campaign in await services.reader.campaigns.all()]


async def _show(services: Services, arguments: Mapping[str, Any]) -> Json:
    return await _told(services, await _meant(services, text_argument(arguments, "campaign")))


async def _create(services: Services, arguments: Mapping[str, Any]) -> Json:
    new = _new(arguments, services)
    needs = commands.needs(commands.campaign_id_of(new))
    answer = await services.receiver.do(needs, lambda context: commands.create(context, new))
    return await _told(services, result_of(CampaignOutcome, answer).campaign)


async def _preview(services: Services, arguments: Mapping[str, Any]) -> Json:
    campaign = await _meant(services, text_argument(arguments, "campaign"))
    figures = await preview_figures(
        services.reader.campaigns, await services.receiver.current_policy(), campaign, services.clock.now()
    )
    return preview_out(figures).model_dump(mode="json")


async def _start(services: Services, arguments: Mapping[str, Any]) -> Json:
    campaign = await _meant(services, text_argument(arguments, "campaign"))
    found = await find_audience(
        services.reader.campaigns, await services.receiver.current_policy(), campaign, services.clock.now()
    )
    return await _do(services, campaign, lambda context, one, by: commands.start(context, one, by, found=len(found)))


def _action(action: CampaignAction) -> Callable[[Services, Mapping[str, Any]], Any]:
    async def do(services: Services, arguments: Mapping[str, Any]) -> Json:
        return await _do(services, await _meant(services, text_argument(arguments, "campaign")), action)

    return do


async def _do(services: Services, campaign: Campaign, action: CampaignAction) -> Json:
    def decide(context: DecisionContext) -> Decision[CampaignOutcome | NotFound | Conflict]:
        return action(context, campaign.id, BY)

    answer = await services.receiver.do(commands.needs(campaign.id), decide)
    return await _told(services, result_of(CampaignOutcome, answer).campaign)


async def _meant(services: Services, which: str) -> Campaign:
    """Return a campaign by its id, or by its name if it is the only one. Raises CommandProblem where it is not."""
    known = await services.reader.campaigns.all()
    found = [one for one in known if one.id == which] or [one for one in known if one.name == which]
    if not found:
        raise CommandProblem(f"there is no campaign {which!r}; `huifang campaign list` shows them")
    if len(found) > 1:
        raise CommandProblem(f"{len(found)} campaigns are called {which!r}; name one by its id: {_ids(found)}")
    return found[0]


def _ids(found: list[Campaign]) -> str:
    return ", ".join(one.id for one in found)


async def _told(services: Services, campaign: Campaign) -> Json:
    return campaign_out(campaign, *await services.reader.campaigns.runs_and_figures(campaign.id)).model_dump(
        mode="json"
    )


def _new(arguments: Mapping[str, Any], services: Services) -> NewCampaign:
    """Return a new campaign from arguments, validated as the API does; filters and times may be as in the chat.

    Raises CommandProblem.
    """
    body = {name: arguments[name] for name in NewCampaignBody.model_fields if arguments.get(name) is not None}
    try:
        new = NewCampaignBody.model_validate(body).wanted(services.secrets.token(), "")
    except ValidationError as wrong:
        raise CommandProblem("; ".join(_wrong(wrong))) from None
    filters = [_quoted(str(one)) for one in arguments.get("filters") or ()]
    audience = _audience(filters, services) if filters else new.audience
    return replace(new, by=BY, audience=audience, schedule=_schedule(arguments, services.receiver.policy.timezone))


def _audience(filters: list[str], services: Services) -> Audience:
    try:
        return read_audience(" ".join(filters))
    except AudienceError as wrong:
        phrases = services.receiver.policy.phrases
        told = {"known": known_filters("en"), **wrong.values}
        raise CommandProblem(phrases.say("en", f"admin.audience.{wrong.key}", **told)) from None


def _wrong(wrong: ValidationError) -> Iterator[str]:
    for error in wrong.errors():
        yield f"{field_of(error['loc'])} {pydantic_problem(error)}"


def _quoted(one: str) -> str:
    """Quote the value of a filter that holds blanks."""
    name, between, value = one.partition("=")
    return f'{name}="{value}"' if between and " " in value and '"' not in value else one


def _schedule(arguments: Mapping[str, Any], zone: ZoneInfo) -> Schedule:
    at, cron, named = (text_argument(arguments, name) for name in ("at", "cron", "timezone"))
    found = find_zone(named) if named else zone
    if found is None:
        raise CommandProblem(f"there is no time zone {named!r}; write it like Asia/Shanghai")
    zone = found
    if not at:
        return Schedule(repeats=cron, timezone=zone.key) if cron else Schedule()
    try:
        moment = datetime.fromisoformat(at)
        return Schedule(at=(moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC))
    except (ValueError, OverflowError):  # the latter at either end of the calendar
        raise CommandProblem(f"{at!r} is no moment; write it like 2026-12-01T10:00") from None


CAMPAIGN_COMMANDS = {
    "campaign list": _list,
    "campaign show": _show,
    "campaign create": _create,
    "campaign preview": _preview,
    "campaign start": _start,
    "campaign pause": _action(commands.pause),
    "campaign resume": _action(commands.resume),
    "campaign cancel": _action(commands.cancel),
}
