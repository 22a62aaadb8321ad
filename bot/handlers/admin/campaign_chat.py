"""The message in which an admin follows a campaign: the question being asked, the preview, the progress."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.handlers.admin.campaign_draft import DraftProblem, surveys_of
from bot.handlers.admin.campaign_message import Following, followed, show_and_keep
from bot.handlers.common.context import DecisionContext
from dialogs.campaign.audience_parser import known_filters
from dialogs.campaign.model import Campaign, CampaignState, Figures
from dialogs.campaign.screens import DraftStep, campaign_overview, draft_question, reason_text
from dialogs.campaign.summary_text import CampaignLines
from dialogs.messages import Prompt
from dialogs.sanitize import clipped
from dialogs.survey import Survey, in_locale
from storage.unit_of_work.changes import Changes

__all__ = ["campaign_prompt", "show_figures"]

_LONGEST_TITLE = 40


def show_figures(context: DecisionContext, campaign: Campaign, figures: Figures) -> Changes:
    """Return the edit of the message in which an admin follows the campaign; empty where nobody does."""
    following = followed(context, campaign.id)
    if following is None or (campaign.state is CampaignState.DRAFT and following.step != DraftStep.CONFIRM):
        return Changes()
    return show_and_keep(context, campaign, following, campaign_prompt(context, campaign, following, figures))


def campaign_prompt(
    context: DecisionContext,
    campaign: Campaign,
    following: Following,
    figures: Figures | None = None,
    wrong: DraftProblem | None = None,
) -> Prompt:
    """Return the message for the campaign's state and step; without figures a preview says that people are counted."""
    policy, locale = context.policy, following.locale
    lines = CampaignLines(
        campaign,
        policy.phrases,
        locale,
        _zone(campaign, policy.timezone),
        context.now,
        _survey(context, campaign),
        figures or Figures(),
        counting=figures is None,
    )
    if campaign.state is not CampaignState.DRAFT:
        return campaign_overview(lines, confirming=following.step == DraftStep.DROP)
    values = {"known": known_filters(locale)} | dict(wrong.values) if wrong is not None else {}
    said = reason_text(wrong.key, policy.phrases, locale, **values) if wrong is not None else ""
    return draft_question(lines, following.step, _titles(context, locale), said)


def _survey(context: DecisionContext, campaign: Campaign) -> Survey | None:
    return context.policy.survey(campaign.survey) if campaign.survey in context.policy.current else None


def _titles(context: DecisionContext, locale: str) -> Sequence[str]:
    titles = (in_locale(context.policy.survey(survey).title, locale) for survey in surveys_of(context))
    return tuple(clipped(title, _LONGEST_TITLE) for title in titles)


def _zone(campaign: Campaign, zone: ZoneInfo) -> ZoneInfo:
    return ZoneInfo(campaign.schedule.timezone) if campaign.schedule.timezone else zone
