"""`/campaign` in a chat: a list, a guided conversation, the levers of what runs. Nothing a button says is believed."""

from collections.abc import Callable

from bot.handlers.admin.campaign_chat import drawn
from bot.handlers.admin.campaign_draft import (
    TYPED,
    Unfit,
    answered,
    fresh,
    preset,
    previous,
    scheduled,
    step_after,
    surveys_of,
    unfit,
)
from bot.handlers.admin.campaign_message import Following, followed, kept, typing, unfollowed
from bot.handlers.admin.permissions import Admin
from bot.handlers.admin.query_results import QueryResults
from bot.handlers.admin.replies import locale_for, pressed, shown_in_place, toast
from bot.handlers.campaigns import commands as deeds
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import answer
from bot.handlers.common.results import CampaignView
from dialogs.campaign.model import OVER, Campaign, CampaignKind, CampaignState, Figures
from dialogs.campaign.screens import Button, DraftStep, campaign_list, kinds
from dialogs.ids import derive
from dialogs.messages import Inbound, Tap
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["campaign_command", "campaign_tap", "campaign_words", "is_typing"]


class Press(Value):
    """One press of a button about a campaign, with all that deciding about it takes."""

    context: DecisionContext
    inbound: Inbound
    tap: Tap
    admin: Admin
    brought: QueryResults
    campaign: Campaign
    following: Following

    def figures(self) -> Figures:
        """Return how the campaign stood when the shell looked."""
        return next((f for one, f in self.brought.campaigns if one.id == self.campaign.id), Figures())

    def stale(self) -> Changes:
        """Say that the button is an old one."""
        return toast(self.context, self.inbound, "admin_stale")

    def go(self, campaign: Campaign, step: str, wrong: Unfit | None = None) -> Changes:
        """Ask the question of this step about the draft as it is now; a preview is counted first."""
        return _asked(self.context, self.inbound, campaign, replace(self.following, step=step), wrong)


def campaign_command(context: DecisionContext, inbound: Inbound, brought: QueryResults) -> Changes:
    """Show the campaigns, in a new message."""
    prompt = campaign_list(brought.campaigns, context.policy.phrases, locale_for(context, inbound))
    return Changes((answer(context, inbound, prompt),)) + typing(context, inbound, "")


def campaign_tap(context: DecisionContext, inbound: Inbound, tap: Tap, admin: Admin, brought: QueryResults) -> Changes:
    """Handle a press under the list, a question, or a campaign's progress."""
    locale = locale_for(context, inbound)
    if tap.step == Button.LIST:
        prompt = campaign_list(brought.campaigns, context.policy.phrases, locale)
        shown = Changes((shown_in_place(context, inbound, prompt),)) + typing(context, inbound, "")
        return shown + (unfollowed(context, tap.subject) if tap.subject else Changes())
    if tap.step == Button.NEW:
        return Changes((shown_in_place(context, inbound, kinds(context.policy.phrases, locale)),))
    if tap.step == Button.KIND:
        return _begun(context, inbound, tap, admin)
    campaign, deed = context.snapshot.campaign(tap.subject), _DEEDS.get(tap.step)
    if campaign is None or deed is None:
        return toast(context, inbound, "admin_stale")
    following = _here(context, inbound, campaign, admin)
    return deed(Press(context, inbound, tap, admin, brought, campaign, following))


def is_typing(context: DecisionContext, campaign: Campaign | None) -> bool:
    """Return whether a question about this campaign waits for typed words."""
    following = followed(context, campaign.id) if campaign is not None else None
    waits = campaign is not None and campaign.state is CampaignState.DRAFT
    return waits and following is not None and following.step in TYPED


def campaign_words(context: DecisionContext, inbound: Inbound, campaign: Campaign, text: str) -> Changes:
    """Take typed words as the answer to the question that stands; what is wrong with them is said in its place."""
    following = followed(context, campaign.id)
    if following is None:
        return Changes()
    after = answered(context, campaign, following.step, text)
    if isinstance(after, Unfit):
        return _asked(context, inbound, campaign, following, after)
    if following.step != DraftStep.TEXT:  # the words are shown first as the customers will read them
        following = replace(following, step=step_after(after, following.step))
    return _asked(context, inbound, after, following)


def _begun(context: DecisionContext, inbound: Inbound, tap: Tap, admin: Admin) -> Changes:
    """Begin a draft of the kind pressed, in the message pressed."""
    if not 0 <= tap.value < len(CampaignKind):
        return toast(context, inbound, "admin_stale")
    locale, campaign_id = locale_for(context, inbound), derive("cam", inbound.key)
    campaign = fresh(context, list(CampaignKind)[tap.value], campaign_id, admin.by, locale)
    following = replace(_here(context, inbound, campaign, admin), step=DraftStep.AUDIENCE)
    created = Changes((deeds.audited(context, campaign, "created", admin.by),))
    return created + _asked(context, inbound, campaign, following)


def _here(context: DecisionContext, inbound: Inbound, campaign: Campaign, admin: Admin) -> Following:
    """Return where the campaign is followed from now on: in the message pressed."""
    before, place = followed(context, campaign.id), inbound.place
    message, receipt = pressed(context, inbound)
    if before is not None and message == before.message:
        return before
    step = before.step if before is not None else DraftStep.AUDIENCE
    return Following(place.channel, place.chat, message, step, admin.by, locale_for(context, inbound), receipt=receipt)


def _asked(
    context: DecisionContext, inbound: Inbound, campaign: Campaign, following: Following, wrong: Unfit | None = None
) -> Changes:
    """Keep the draft, ask what comes now, and remember whether typed words answer it."""
    counts = following.step == DraftStep.CONFIRM
    campaign = replace(campaign, wake_at=context.now if counts else None)
    figures = None if counts else Figures()
    shown = kept(context, campaign, following, drawn(context, campaign, following, figures, wrong))
    waits = campaign.id if following.step in TYPED else ""
    return Changes((campaign,)) + shown + typing(context, inbound, waits)


def _choose(step: str, chosen: Callable[[Press], Campaign | None]) -> Callable[[Press], Changes]:
    """Answer the question of `step` by a button; a press from another step is an old one."""

    def deed(press: Press) -> Changes:
        if press.campaign.state is not CampaignState.DRAFT or press.following.step != step:
            return press.stale()
        campaign = chosen(press)
        return press.stale() if campaign is None else press.go(campaign, step_after(campaign, step))

    return deed


def _preset(press: Press) -> Campaign | None:
    return preset(press.campaign, press.tap.value, press.context.policy.timezone, press.context.now)


def _survey(press: Press) -> Campaign | None:
    surveys = surveys_of(press.context)
    known = 0 <= press.tap.value < len(surveys)
    return replace(press.campaign, survey=surveys[press.tap.value]) if known else None


def _text_kept(press: Press) -> Campaign | None:
    return press.campaign if press.campaign.text else None


def _now(press: Press) -> Campaign | None:
    return scheduled(press.campaign, press.context.policy.timezone, press.context.now, tomorrow=False)


def _tomorrow(press: Press) -> Campaign | None:
    return scheduled(press.campaign, press.context.policy.timezone, press.context.now, tomorrow=True)


def _back(press: Press) -> Changes:
    if press.campaign.state is not CampaignState.DRAFT:
        return press.stale()
    before = previous(press.campaign, press.following.step)
    if before:
        return press.go(press.campaign, before)
    return campaign_tap(press.context, press.inbound, replace(press.tap, step=Button.LIST), press.admin, press.brought)


def _open(press: Press) -> Changes:
    """Show a campaign in the message pressed: its question while it is a draft, else how far it is."""
    step = press.following.step
    if press.campaign.state is CampaignState.DRAFT:
        return press.go(press.campaign, step if step != DraftStep.FOLLOW else DraftStep.AUDIENCE)
    return _overview(press, press.campaign, DraftStep.FOLLOW)


def _start(press: Press) -> Changes:
    """Let it go, if it is still as its preview said; while people are being counted there is none."""
    is_shown = press.following.step == DraftStep.CONFIRM and press.campaign.wake_at is None
    if press.campaign.state is not CampaignState.DRAFT or not is_shown:
        return press.stale()
    wrong = unfit(press.context, press.campaign)
    if wrong is not None:
        return press.go(press.campaign, DraftStep.WHEN if wrong.key.startswith("when") else DraftStep.CONFIRM, wrong)
    return _moved(press, deeds.start(press.context, press.campaign.id, press.admin.by))


def _pause(press: Press) -> Changes:
    return _moved(press, deeds.pause(press.context, press.campaign.id, press.admin.by))


def _resume(press: Press) -> Changes:
    return _moved(press, deeds.resume(press.context, press.campaign.id, press.admin.by))


def _cancel(press: Press) -> Changes:
    """End a draft at once; what runs only when it is pressed again."""
    if press.campaign.state is CampaignState.DRAFT:
        return _moved(press, deeds.cancel(press.context, press.campaign.id, press.admin.by))
    return press.stale() if press.campaign.state in OVER else _overview(press, press.campaign, DraftStep.DROP)


def _really(press: Press) -> Changes:
    if press.following.step != DraftStep.DROP:
        return press.stale()
    return _moved(press, deeds.cancel(press.context, press.campaign.id, press.admin.by))


_DEEDS: dict[str, Callable[[Press], Changes]] = {
    Button.OPEN: _open,
    Button.AUDIENCE: _choose(DraftStep.AUDIENCE, _preset),
    Button.SURVEY: _choose(DraftStep.SURVEY, _survey),
    Button.NEXT: _choose(DraftStep.TEXT, _text_kept),
    Button.NOW: _choose(DraftStep.WHEN, _now),
    Button.TOMORROW: _choose(DraftStep.WHEN, _tomorrow),
    Button.BACK: _back,
    Button.START: _start,
    Button.PAUSE: _pause,
    Button.RESUME: _resume,
    Button.CANCEL: _cancel,
    Button.REALLY: _really,
}


def _moved(press: Press, decision: Decision[deeds.Answer]) -> Changes:
    """Show what a deed has made of the campaign; where it could not be done, say how the campaign stands."""
    if not isinstance(decision.answer, CampaignView):
        return toast(press.context, press.inbound, "admin_not_now") + _overview(press, press.campaign, DraftStep.FOLLOW)
    return decision.changes + _overview(press, decision.answer.campaign, DraftStep.FOLLOW)


def _overview(press: Press, campaign: Campaign, step: str) -> Changes:
    following = replace(press.following, step=step)
    shown = kept(press.context, campaign, following, drawn(press.context, campaign, following, press.figures()))
    return shown + typing(press.context, press.inbound, "")
