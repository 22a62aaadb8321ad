"""Makes the policy that decisions follow from the owner's settings, surveys and phrases."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.handlers.policy import Policy
from config.definitions import find_survey
from config.settings import Settings
from dialogs.messages import Address
from dialogs.phrases import Phrases
from dialogs.survey import Survey, SurveyKey
from scoring.rules import AlertRule
from scoring.values import replace

__all__ = ["SANDBOX_TEAM", "channels_of", "make_policy"]

SANDBOX_TEAM = Address("sandbox", "team")


def channels_of(settings: Settings) -> tuple[str, ...]:
    """Name the channels that the settings switch on; with none at all it is the sandbox."""
    return ("telegram",) if settings.telegram.token is not None else ("sandbox",)


def make_policy(
    settings: Settings, surveys: Mapping[str, Survey], stored: Mapping[SurveyKey, Survey], phrases: Phrases
) -> Policy:
    """Gather what decides; `stored` are all versions ever used, `surveys` those asked today.

    Raises ConfigError where `survey.default` names a survey that there is not.
    """
    survey, alerts = settings.survey, settings.alerts
    find_survey(surveys, survey.default, settings.where("survey.default"))
    every, rule = {**stored, **{one.key: one for one in surveys.values()}}, alerts.rule()
    return Policy(
        surveys=every,
        limits={key: _limits(one, rule) for key, one in every.items()},
        current={one.id: one.version for one in surveys.values()},
        phrases=phrases,
        default_survey=survey.default,
        locale=settings.locale,
        timezone=ZoneInfo(settings.timezone),
        delay=survey.delay,
        deadline=survey.deadline,
        quiet=survey.quiet_hours,
        reminder_after=survey.reminder_after,
        expires_after=survey.expires_after,
        quarantine=survey.quarantine,
        alerts=rule,
        settle=alerts.settle,
        claim_within=alerts.claim_within,
        team=_team(settings),
        channels=channels_of(settings),
    )


def _limits(survey: Survey, rule: AlertRule) -> AlertRule:
    """Give a survey's own limits, or the product's mapped to its scale; the words are always the product's."""
    return replace((survey.alerts or rule).on(survey.scale), words=rule.words)


def _team(settings: Settings) -> tuple[Address, ...]:
    if channels_of(settings) == ("sandbox",):
        return (SANDBOX_TEAM,)
    chat = settings.telegram.team_chat
    return () if chat is None else (Address("telegram", str(chat)),)
