"""Makes the policy that decisions follow from the owner's settings, surveys and phrases."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.handlers.common.policy import Policy
from bot.signed_links import Links
from config.settings.settings import Settings
from config.surveys.load import find_survey
from dialogs.messages import Address
from dialogs.phrases import Phrases
from dialogs.privacy import Privacy
from dialogs.survey import Survey, SurveyKey
from dialogs.time.workdays import Workdays
from scoring.rules import AlertRule
from scoring.values import replace

__all__ = ["SANDBOX_TEAM", "channels_of", "make_policy"]

_TOLD = ("texts", "messages", "contacts")
"""The kinds of data whose keeping customers are told of; the others are ours alone."""
_WECHAT = frozenset({"wechat"})
_WECHAT_WINDOW = timedelta(hours=47, minutes=50)
"""How long after a customer's words a service account may write: 48 h (WeChat, customer-service messages), less ten
minutes for clocks that differ."""

SANDBOX_TEAM = Address("sandbox", "team")


def channels_of(settings: Settings) -> tuple[str, ...]:
    """Name the channels that the settings switch on, the preferred first; with none at all it is the sandbox."""
    on = {"telegram": settings.telegram.token is not None, "wechat": settings.wechat.app_id is not None}
    return tuple(name for name, is_on in on.items() if is_on) or ("sandbox",)


def make_policy(
    settings: Settings,
    surveys: Mapping[str, Survey],
    stored: Mapping[SurveyKey, Survey],
    phrases: Phrases,
    key: bytes = b"",
) -> Policy:
    """Gather what decides; `stored` are all versions ever used, `surveys` those asked today, `key` signs links.

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
        business=survey.business_hours,
        workdays=_workdays(settings),
        reminder_after=survey.reminder_after,
        expires_after=survey.expires_after,
        quarantine=survey.quarantine,
        alerts=rule,
        settle=alerts.settle,
        claim_within=alerts.claim_within,
        team=_team(settings),
        admins=frozenset(map(str, settings.telegram.admins)),
        channels=channels_of(settings),
        paged=_WECHAT,
        staffed=_WECHAT,
        windows={"wechat": _WECHAT_WINDOW},
        pace=settings.telegram.rate,
        links=Links(settings.http.public_url, key),
        privacy=_privacy(settings),
    )


def _privacy(settings: Settings) -> Privacy:
    """Return where the notice stands: on the owner's page, else on ours."""
    ours, chosen = f"{settings.http.public_url.rstrip('/')}/privacy", settings.privacy
    kept = tuple((kind, getattr(settings.retention, kind)) for kind in _TOLD)
    return Privacy(chosen.company or "", chosen.url or ours, chosen.contact or "", chosen.version, kept)


def _workdays(settings: Settings) -> Workdays | None:
    """Return the calendar of working days; None where any day will do."""
    if not settings.survey.business_days:
        return None
    from config.locale.workdays import make_workdays  # noqa: PLC0415 (slow, and needed by few)

    return make_workdays(settings.calendar.country, settings.calendar.holidays, settings.calendar.workdays)


def _limits(survey: Survey, rule: AlertRule) -> AlertRule:
    """Return a survey's own limits, or the product's mapped to its scale; the words are always the product's."""
    return replace((survey.alerts or rule).on(survey.scale), words=rule.words)


def _team(settings: Settings) -> tuple[Address, ...]:
    """Name the team's chats; the sandbox's group is one of them while there is no customers' channel."""
    telegram, wecom = settings.telegram, settings.wecom
    chat = telegram.team_chat if telegram.token is not None else None
    places = [Address("telegram", str(chat))] if chat is not None else []
    places += [Address("wecom", "robot")] if wecom.robot_url is not None else []
    places += [Address("notify", str(number)) for number, _ in enumerate(settings.notify.urls, 1)]
    places += [SANDBOX_TEAM] if "sandbox" in channels_of(settings) else []
    return tuple(places)
