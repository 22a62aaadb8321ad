"""Makes the policy that decisions follow from the owner's settings, surveys and phrases."""

from collections.abc import Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from bot.channels.descriptor import ChannelDescriptor
from bot.channels.registry import CHANNELS, capabilities_of, switched_on
from bot.handlers.common.comment_words import CommentVocabulary, VocabularyRules
from bot.handlers.common.policy import Policy
from bot.signed_links import Links
from bot.wiring.connectors import desk_terms
from bot.wiring.workdays import calendar_of
from config.company_lists import read_lists
from config.duplicate_rules import read_counting
from config.forms.load import read_forms
from config.locale.words import load_lexicon
from config.settings.settings import Settings
from config.surveys.load import find_survey
from config.text.encoder_mark import encoder_path, load_mark
from config.text.load import load_weighed, text_files
from config.text.phrase_rules import load_masker, load_mining_rules
from dialogs.messages import Address
from dialogs.phrases import Phrases
from dialogs.privacy import Privacy
from dialogs.survey import Survey, SurveyKey
from dialogs.time.workdays import Workdays
from scoring.values import replace

__all__ = ["make_policy"]

_TOLD = ("texts", "messages", "contacts")
"""The kinds of data whose keeping customers are told of; the others are ours alone."""


def make_policy(  # noqa: PLR0913 (each is needed, and none belongs to another)
    settings: Settings,
    surveys: Mapping[str, Survey],
    stored: Mapping[SurveyKey, Survey],
    phrases: Phrases,
    key: bytes = b"",
    *,
    channels: Sequence[ChannelDescriptor] = CHANNELS,
) -> Policy:
    """Return what decides; `stored` are all versions, `key` signs links. Raises ConfigError for an unknown default."""
    survey, alerts, on = settings.survey, settings.alerts, switched_on(settings, channels)
    lexicon = load_lexicon(settings.files.directory)
    policy = Policy(
        surveys={},
        current={},
        phrases=phrases,
        default_survey=find_survey(surveys, survey.default, settings.where("survey.default")).id,
        locale=settings.locale,
        team_locale=settings.team.locale or "",
        timezone=ZoneInfo(settings.timezone),
        delay=survey.delay,
        deadline=survey.deadline,
        quiet=survey.quiet_hours,
        business=survey.business_hours,
        workdays=calendar_of(settings) if survey.business_days else None,
        reminder_after=survey.reminder_after,
        expires_after=survey.expires_after,
        quarantine=survey.quarantine,
        alerts=lexicon.spelled(alerts.rule()),
        alerts_by_reading=alerts.by_reading,
        settle=alerts.settle,
        claim_within=alerts.claim_within,
        check_within=alerts.check_within,
        close_out=alerts.closed_out(),
        recurring=(alerts.recurring, alerts.recurring_within),
        targets=settings.team.targets,
        fiscal_from=settings.team.fiscal_year_from,
        warn_after=settings.team.warn_share,
        charts=settings.watch.rules(),
        raised_tiers=alerts.raised_tiers(),
        calls=alerts.calls(),
        takeover_after=alerts.takeover_after,
        resolve_within=alerts.resolve_within,
        escalate_to=alerts.escalate_to,
        working_hours=settings.team.working_hours,
        team_workdays=Workdays(settings.calendar.holidays, settings.calendar.workdays),
        team=tuple(Address(channel.name, chat) for channel in on for chat in channel.team(settings)),
        admins=frozenset().union(*(channel.admins(settings) for channel in channels)),
        channels=tuple(channel.name for channel in on if channel.capabilities.customers),
        capabilities=capabilities_of(channels),
        max_rate=min(rate for channel in channels if (rate := channel.max_rate(settings)) is not None),
        links=Links(settings.http.public_url, key),
        privacy=_privacy(settings),
        lexicon=lexicon,
        comments=_comments(settings),
        test_customers=frozenset(survey.test_customers),
        desks=desk_terms(settings),
    )
    known = _with_files(policy.knowing([*stored.values(), *surveys.values()]), settings)
    return replace(known, current={one.id: one.version for one in surveys.values()})


def _with_files(policy: Policy, settings: Settings) -> Policy:
    """Return the policy with what stands in files of their own, and what the page asks for. Raises ConfigErrors."""
    folder, asked = settings.files.directory, settings.survey.ask_contact
    contact = ("name", "phone") if asked == "both" else () if asked == "off" else (asked,)
    files = replace(policy, duplicates=read_counting(folder), lists=read_lists(folder), forms=read_forms(folder))
    return replace(files, ask_contact=contact)


def _comments(settings: Settings) -> CommentVocabulary:
    """Return the words by which comments are read. Raises ConfigErrors for what is wrong in the owner's."""
    folder = settings.files.directory
    rules = VocabularyRules(
        load_masker, load_mining_rules, mark=partial(load_mark, folder), encoder=partial(encoder_path, folder)
    )
    comments = CommentVocabulary(partial(load_weighed, folder), rules)
    if any(text_files(folder)):
        _ = comments.lexicons  # now, since a mistake stops the start
    return comments


def _privacy(settings: Settings) -> Privacy:
    """Return where the notice stands: on the owner's page, else on ours."""
    ours, chosen = f"{settings.http.public_url.rstrip('/')}/privacy", settings.privacy
    kept = tuple((kind, getattr(settings.retention, kind)) for kind in _TOLD)
    return Privacy(chosen.company or "", chosen.url or ours, chosen.contact or "", chosen.version, kept)
