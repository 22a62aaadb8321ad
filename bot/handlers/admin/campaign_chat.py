"""A campaign as its admin follows it in a chat: the question being asked, its preview, its progress."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.handlers.admin.campaign_draft import Unfit, surveys_of
from bot.handlers.admin.campaign_message import Following, followed, kept
from bot.handlers.common.context import Scene
from dialogs.campaign.audience_parser import known_filters
from dialogs.campaign.model import Campaign, Figures, State
from dialogs.campaign.screens import Step, overview, question, words_of
from dialogs.campaign.summary_text import CampaignLines
from dialogs.messages import Prompt
from dialogs.sanitize import clipped
from dialogs.survey import Survey, in_locale
from storage.unit_of_work.changes import Changes

__all__ = ["drawn", "show_figures"]

_LONGEST_TITLE = 40


def show_figures(scene: Scene, campaign: Campaign, figures: Figures) -> Changes:
    """Edit the message in which an admin follows the campaign; nothing where nobody does."""
    following = followed(scene, campaign.id)
    if following is None or (campaign.state is State.DRAFT and following.step != Step.CONFIRM):
        return Changes()
    return kept(scene, campaign, following, drawn(scene, campaign, following, figures))


def drawn(
    scene: Scene, campaign: Campaign, following: Following, figures: Figures | None = None, wrong: Unfit | None = None
) -> Prompt:
    """Give the message as it stands; without figures a preview says that people are being counted."""
    policy, locale = scene.policy, following.locale
    lines = CampaignLines(
        campaign,
        policy.phrases,
        locale,
        _zone(campaign, policy.timezone),
        scene.now,
        _survey(scene, campaign),
        figures or Figures(),
        counting=figures is None,
    )
    if campaign.state is not State.DRAFT:
        return overview(lines, sure=following.step == Step.DROP)
    values = {"known": known_filters(locale)} | dict(wrong.values) if wrong is not None else {}
    said = words_of(wrong.key, policy.phrases, locale, **values) if wrong is not None else ""
    return question(lines, following.step, _titles(scene, locale), said)


def _survey(scene: Scene, campaign: Campaign) -> Survey | None:
    return scene.policy.survey(campaign.survey) if campaign.survey in scene.policy.current else None


def _titles(scene: Scene, locale: str) -> Sequence[str]:
    titles = (in_locale(scene.policy.survey(survey).title, locale) for survey in surveys_of(scene))
    return tuple(clipped(title, _LONGEST_TITLE) for title in titles)


def _zone(campaign: Campaign, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(campaign.schedule.timezone) if campaign.schedule.timezone else zone
