"""A campaign being drafted in a chat: what each answer changes, and which question comes next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.handlers.campaigns.validation import KNOWN, wrong_with
from bot.handlers.common.context import DecisionContext
from dialogs.campaign.audience_parser import AudienceError, read_audience
from dialogs.campaign.model import FASTEST, Audience, Campaign, CampaignKind, Schedule
from dialogs.campaign.schedule_parser import ScheduleError, read_schedule, schedule_on_day
from dialogs.campaign.screens import DRAFT_STEPS, DraftStep
from dialogs.phrases import placeholders
from dialogs.understanding.commands import storable
from scoring.values import Value, replace

__all__ = [
    "TYPED_STEPS",
    "DraftProblem",
    "draft_problem",
    "new_draft",
    "previous_step",
    "step_after",
    "surveys_of",
    "with_answer",
    "with_preset_audience",
    "with_schedule",
]

TYPED_STEPS = frozenset({DraftStep.AUDIENCE, DraftStep.TEXT, DraftStep.WHEN})
"""The steps that take typed words."""
_TOMORROW_AT = 10
_OPEN_SURVEYS = ("sent", "started")


class DraftProblem(Value):
    """Why an answer was not taken: the phrase that says so, under `admin.`, and its values."""

    key: str
    values: tuple[tuple[str, str], ...] = ()


def new_draft(context: DecisionContext, kind: CampaignKind, campaign_id: str, by: str, locale: str) -> Campaign:
    """Return a new draft, named by its kind and the day, at the highest rate that the channels allow."""
    phrases, zone = context.policy.phrases, context.policy.timezone
    what, day = phrases.say(locale, f"admin.campaign.kind.{kind}"), phrases.dated(locale, context.now, zone)
    pace = min(FASTEST, int(context.policy.max_rate * 60))
    return Campaign(campaign_id, f"{what} · {day}", kind, context.now, created_by=by, per_minute=pace)


def step_after(campaign: Campaign, step: str) -> str:
    """Return the step after this one."""
    steps = DRAFT_STEPS[campaign.kind]
    return steps[steps.index(step) + 1]


def previous_step(campaign: Campaign, step: str) -> str:
    """Return the step before this one, empty for the first."""
    steps = DRAFT_STEPS[campaign.kind]
    return steps[steps.index(step) - 1] if steps.index(step) else ""


def with_preset_audience(campaign: Campaign, number: int, zone: ZoneInfo, now: datetime) -> Campaign:
    """Return the draft with one of the two preset audiences of its kind."""
    if campaign.kind is CampaignKind.REMINDER:
        within = timedelta(days=30 if number else 7)
        return replace(campaign, audience=Audience(closed_within=within, statuses=_OPEN_SURVEYS))
    if not number:
        return replace(campaign, audience=Audience(closed_within=timedelta(days=30)))
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return replace(campaign, audience=Audience(closed_from=first.astimezone(UTC)))


def with_schedule(campaign: Campaign, zone: ZoneInfo, now: datetime, *, tomorrow: bool) -> Campaign:
    """Return the draft scheduled for now, or for tomorrow morning."""
    return replace(campaign, schedule=schedule_on_day(1, _TOMORROW_AT, zone, now) if tomorrow else Schedule())


def surveys_of(context: DecisionContext) -> tuple[str, ...]:
    """Return the ids of the surveys that can be asked, in the order of their buttons."""
    return tuple(sorted(context.policy.current))


def with_answer(context: DecisionContext, campaign: Campaign, step: str, text: str) -> Campaign | DraftProblem:
    """Return the draft with typed words as the answer to the question of `step`, or what is wrong with them."""
    words = storable(text)
    try:
        match step:
            case DraftStep.AUDIENCE:
                return _audience(context, campaign, words)
            case DraftStep.TEXT:
                return _text(context, campaign, words)
            case _:
                return replace(campaign, schedule=read_schedule(words, context.policy.timezone, context.now))
    except AudienceError as wrong:
        return DraftProblem(f"audience.{wrong.key}", tuple(wrong.values.items()))
    except ScheduleError as wrong:
        return DraftProblem(f"when.{wrong.key}", tuple(wrong.values.items()))


def draft_problem(context: DecisionContext, campaign: Campaign) -> DraftProblem | None:
    """Return what keeps a draft from being started, None when nothing does."""
    if campaign.schedule.at is not None and campaign.schedule.at < context.now:
        return DraftProblem("when.past", (("text", ""),))
    wrong = wrong_with(context, campaign)
    return None if wrong is None else DraftProblem("wrong", (("problem", f"{wrong.field} {wrong.problem}"),))


def _audience(context: DecisionContext, campaign: Campaign, words: str) -> Campaign | DraftProblem:
    audience = read_audience(words)
    known = surveys_of(context)
    strange = next((survey for survey in audience.surveys if survey not in known), None)
    if strange is not None:
        return DraftProblem(
            "audience.unknown_value", (("name", "survey"), ("value", strange), ("known", " ".join(known)))
        )
    return replace(campaign, audience=audience)


def _text(context: DecisionContext, campaign: Campaign, words: str) -> Campaign | DraftProblem:
    drafted = replace(campaign, text=words)
    wrong = wrong_with(context, drafted)
    if wrong is None:
        return drafted
    strange = sorted(placeholders(words) - set(KNOWN))
    if strange:
        return DraftProblem("text.unknown_placeholder", (("name", f"{{{strange[0]}}}"), ("known", _holes())))
    return DraftProblem("text.length", (("count", str(len(words))),))


def _holes() -> str:
    return " ".join(f"{{{name}}}" for name in KNOWN)
