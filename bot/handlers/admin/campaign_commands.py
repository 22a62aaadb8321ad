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
from bot.handlers.admin.query_results import Brought
from bot.handlers.admin.replies import locale_for, pressed, shown_in_place, toast
from bot.handlers.campaigns import commands as deeds
from bot.handlers.common.context import Scene
from bot.handlers.common.replies import answer
from bot.handlers.common.results import CampaignView
from dialogs.campaign.model import OVER, Campaign, Figures, Kind, State
from dialogs.campaign.screens import Button, Step, campaign_list, kinds
from dialogs.ids import derive
from dialogs.messages import Inbound, Tap
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["campaign_command", "campaign_tap", "campaign_words", "is_typing"]


class Press(Value):
    """One press of a button about a campaign, with all that deciding about it takes."""

    scene: Scene
    inbound: Inbound
    tap: Tap
    admin: Admin
    brought: Brought
    campaign: Campaign
    following: Following

    def figures(self) -> Figures:
        """Give how the campaign stood when the shell looked."""
        return next((f for one, f in self.brought.campaigns if one.id == self.campaign.id), Figures())

    def stale(self) -> Changes:
        """Say that the button is an old one."""
        return toast(self.scene, self.inbound, "admin_stale")

    def go(self, campaign: Campaign, step: str, wrong: Unfit | None = None) -> Changes:
        """Ask the question of this step about the draft as it is now; a preview is counted first."""
        return _asked(self.scene, self.inbound, campaign, replace(self.following, step=step), wrong)


def campaign_command(scene: Scene, inbound: Inbound, brought: Brought) -> Changes:
    """Show the campaigns, in a new message."""
    prompt = campaign_list(brought.campaigns, scene.policy.phrases, locale_for(scene, inbound))
    return Changes((answer(scene, inbound, prompt),)) + typing(scene, inbound, "")


def campaign_tap(scene: Scene, inbound: Inbound, tap: Tap, admin: Admin, brought: Brought) -> Changes:
    """Handle a press under the list, a question, or a campaign's progress."""
    locale = locale_for(scene, inbound)
    if tap.step == Button.LIST:
        prompt = campaign_list(brought.campaigns, scene.policy.phrases, locale)
        shown = Changes((shown_in_place(scene, inbound, prompt),)) + typing(scene, inbound, "")
        return shown + (unfollowed(scene, tap.subject) if tap.subject else Changes())
    if tap.step == Button.NEW:
        return Changes((shown_in_place(scene, inbound, kinds(scene.policy.phrases, locale)),))
    if tap.step == Button.KIND:
        return _begun(scene, inbound, tap, admin)
    campaign, deed = scene.snapshot.campaign(tap.subject), _DEEDS.get(tap.step)
    if campaign is None or deed is None:
        return toast(scene, inbound, "admin_stale")
    following = _here(scene, inbound, campaign, admin)
    return deed(Press(scene, inbound, tap, admin, brought, campaign, following))


def is_typing(scene: Scene, campaign: Campaign | None) -> bool:
    """Say whether a question about this campaign waits for typed words."""
    following = followed(scene, campaign.id) if campaign is not None else None
    waits = campaign is not None and campaign.state is State.DRAFT
    return waits and following is not None and following.step in TYPED


def campaign_words(scene: Scene, inbound: Inbound, campaign: Campaign, text: str) -> Changes:
    """Take typed words as the answer to the question that stands; what is wrong with them is said in its place."""
    following = followed(scene, campaign.id)
    if following is None:
        return Changes()
    after = answered(scene, campaign, following.step, text)
    if isinstance(after, Unfit):
        return _asked(scene, inbound, campaign, following, after)
    if following.step != Step.TEXT:  # the words are shown first as the customers will read them
        following = replace(following, step=step_after(after, following.step))
    return _asked(scene, inbound, after, following)


def _begun(scene: Scene, inbound: Inbound, tap: Tap, admin: Admin) -> Changes:
    """Begin a draft of the kind pressed, in the message pressed."""
    if not 0 <= tap.value < len(Kind):
        return toast(scene, inbound, "admin_stale")
    locale, campaign_id = locale_for(scene, inbound), derive("cam", inbound.key)
    campaign = fresh(scene, list(Kind)[tap.value], campaign_id, admin.by, locale)
    following = replace(_here(scene, inbound, campaign, admin), step=Step.AUDIENCE)
    created = Changes((deeds.audited(scene, campaign, "created", admin.by),))
    return created + _asked(scene, inbound, campaign, following)


def _here(scene: Scene, inbound: Inbound, campaign: Campaign, admin: Admin) -> Following:
    """Give where the campaign is followed from now on: in the message pressed."""
    before, place = followed(scene, campaign.id), inbound.place
    message, receipt = pressed(scene, inbound)
    if before is not None and message == before.message:
        return before
    step = before.step if before is not None else Step.AUDIENCE
    return Following(place.channel, place.chat, message, step, admin.by, locale_for(scene, inbound), receipt=receipt)


def _asked(
    scene: Scene, inbound: Inbound, campaign: Campaign, following: Following, wrong: Unfit | None = None
) -> Changes:
    """Keep the draft, ask what comes now, and remember whether typed words answer it."""
    counts = following.step == Step.CONFIRM
    campaign = replace(campaign, wake_at=scene.now if counts else None)
    figures = None if counts else Figures()
    shown = kept(scene, campaign, following, drawn(scene, campaign, following, figures, wrong))
    waits = campaign.id if following.step in TYPED else ""
    return Changes((campaign,)) + shown + typing(scene, inbound, waits)


def _choose(step: str, chosen: Callable[[Press], Campaign | None]) -> Callable[[Press], Changes]:
    """Answer the question of `step` by a button; a press from another step is an old one."""

    def deed(press: Press) -> Changes:
        if press.campaign.state is not State.DRAFT or press.following.step != step:
            return press.stale()
        campaign = chosen(press)
        return press.stale() if campaign is None else press.go(campaign, step_after(campaign, step))

    return deed


def _preset(press: Press) -> Campaign | None:
    return preset(press.campaign, press.tap.value, press.scene.policy.timezone, press.scene.now)


def _survey(press: Press) -> Campaign | None:
    surveys = surveys_of(press.scene)
    known = 0 <= press.tap.value < len(surveys)
    return replace(press.campaign, survey=surveys[press.tap.value]) if known else None


def _text_kept(press: Press) -> Campaign | None:
    return press.campaign if press.campaign.text else None


def _now(press: Press) -> Campaign | None:
    return scheduled(press.campaign, press.scene.policy.timezone, press.scene.now, tomorrow=False)


def _tomorrow(press: Press) -> Campaign | None:
    return scheduled(press.campaign, press.scene.policy.timezone, press.scene.now, tomorrow=True)


def _back(press: Press) -> Changes:
    if press.campaign.state is not State.DRAFT:
        return press.stale()
    before = previous(press.campaign, press.following.step)
    if before:
        return press.go(press.campaign, before)
    return campaign_tap(press.scene, press.inbound, replace(press.tap, step=Button.LIST), press.admin, press.brought)


def _open(press: Press) -> Changes:
    """Show a campaign in the message pressed: its question while it is a draft, else how far it is."""
    step = press.following.step
    if press.campaign.state is State.DRAFT:
        return press.go(press.campaign, step if step != Step.FOLLOW else Step.AUDIENCE)
    return _overview(press, press.campaign, Step.FOLLOW)


def _start(press: Press) -> Changes:
    """Let it go, if it is still as its preview said; while people are being counted there is none."""
    is_shown = press.following.step == Step.CONFIRM and press.campaign.wake_at is None
    if press.campaign.state is not State.DRAFT or not is_shown:
        return press.stale()
    wrong = unfit(press.scene, press.campaign)
    if wrong is not None:
        return press.go(press.campaign, Step.WHEN if wrong.key.startswith("when") else Step.CONFIRM, wrong)
    return _moved(press, deeds.start(press.scene, press.campaign.id, press.admin.by))


def _pause(press: Press) -> Changes:
    return _moved(press, deeds.pause(press.scene, press.campaign.id, press.admin.by))


def _resume(press: Press) -> Changes:
    return _moved(press, deeds.resume(press.scene, press.campaign.id, press.admin.by))


def _cancel(press: Press) -> Changes:
    """End a draft at once; what runs only when it is pressed again."""
    if press.campaign.state is State.DRAFT:
        return _moved(press, deeds.cancel(press.scene, press.campaign.id, press.admin.by))
    return press.stale() if press.campaign.state in OVER else _overview(press, press.campaign, Step.DROP)


def _really(press: Press) -> Changes:
    if press.following.step != Step.DROP:
        return press.stale()
    return _moved(press, deeds.cancel(press.scene, press.campaign.id, press.admin.by))


_DEEDS: dict[str, Callable[[Press], Changes]] = {
    Button.OPEN: _open,
    Button.AUDIENCE: _choose(Step.AUDIENCE, _preset),
    Button.SURVEY: _choose(Step.SURVEY, _survey),
    Button.NEXT: _choose(Step.TEXT, _text_kept),
    Button.NOW: _choose(Step.WHEN, _now),
    Button.TOMORROW: _choose(Step.WHEN, _tomorrow),
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
        return toast(press.scene, press.inbound, "admin_not_now") + _overview(press, press.campaign, Step.FOLLOW)
    return decision.changes + _overview(press, decision.answer.campaign, Step.FOLLOW)


def _overview(press: Press, campaign: Campaign, step: str) -> Changes:
    following = replace(press.following, step=step)
    shown = kept(press.scene, campaign, following, drawn(press.scene, campaign, following, press.figures()))
    return shown + typing(press.scene, press.inbound, "")
