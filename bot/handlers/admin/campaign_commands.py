"""`/campaign` in a chat: the list, a guided draft, and the controls of what runs.

What a button carries comes from outside: each press is checked against the campaign's state and the step shown.
"""

from collections.abc import Callable

from bot.handlers.admin.admin_turn import AdminTurn
from bot.handlers.admin.campaign_chat import campaign_prompt
from bot.handlers.admin.campaign_draft import (
    TYPED_STEPS,
    DraftProblem,
    draft_problem,
    new_draft,
    previous_step,
    step_after,
    surveys_of,
    with_answer,
    with_preset_audience,
    with_schedule,
)
from bot.handlers.admin.campaign_message import Following, followed, note_typing, show_and_keep, unfollowed
from bot.handlers.campaigns import commands as campaigns
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import CampaignOutcome
from bot.handlers.common.turn import TurnContext
from dialogs.campaign.model import OVER, Campaign, CampaignKind, CampaignState, Figures
from dialogs.campaign.screens import CampaignButton, DraftStep, campaign_list, kind_question
from dialogs.ids import RefKind, derive
from dialogs.messages import Tap
from scoring.values import Value, replace
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["campaign_command", "campaign_tap", "campaign_words", "is_typing"]


class Press(Value):
    """One press of a button about a campaign, and the message in which it is followed."""

    said: AdminTurn
    tap: Tap
    campaign: Campaign
    following: Following

    @property
    def turn(self) -> TurnContext:
        """The turn of the conversation."""
        return self.said.turn

    @property
    def by(self) -> str:
        """Who pressed, by their name in the audit log."""
        return self.said.admin.by

    def figures(self) -> Figures:
        """Return the campaign's figures as they were read before the decision."""
        return next((f for one, f in self.said.found.campaigns if one.id == self.campaign.id), Figures())

    def stale(self) -> Changes:
        """Answer that the button is out of date."""
        return self.turn.toast("admin_stale", alert=True)

    def go(self, campaign: Campaign, step: str, wrong: DraftProblem | None = None) -> Changes:
        """Ask the question of a step about the draft as it is now; a preview is counted first."""
        return _asked(self.turn, campaign, replace(self.following, step=step), wrong)


def campaign_command(said: AdminTurn) -> Changes:
    """Send the list of campaigns in a new message."""
    turn = said.turn
    prompt = campaign_list(said.found.campaigns, turn.phrases, turn.locale)
    return turn.reply(prompt) + note_typing(turn, "")


def campaign_tap(said: AdminTurn, tap: Tap) -> Changes:
    """Handle a press under the list, a question, or a campaign's progress."""
    turn = said.turn
    if tap.step == CampaignButton.LIST:
        shown = turn.edit_pressed(campaign_list(said.found.campaigns, turn.phrases, turn.locale)) + note_typing(
            turn, ""
        )
        return shown + (unfollowed(turn.context, tap.subject) if tap.subject else Changes())
    if tap.step == CampaignButton.NEW:
        return turn.edit_pressed(kind_question(turn.phrases, turn.locale))
    if tap.step == CampaignButton.KIND:
        return _begun(said, tap)
    campaign, button = turn.snapshot.campaign(tap.subject), _BUTTONS.get(tap.step)
    if campaign is None or button is None:
        return turn.toast("admin_stale", alert=True)
    return button(Press(said, tap, campaign, _here(said, campaign)))


def is_typing(context: DecisionContext, campaign: Campaign | None) -> bool:
    """Return whether a question about this campaign waits for typed words."""
    following = followed(context, campaign.id) if campaign is not None else None
    waits = campaign is not None and campaign.state is CampaignState.DRAFT
    return waits and following is not None and following.step in TYPED_STEPS


def campaign_words(turn: TurnContext, campaign: Campaign, text: str) -> Changes:
    """Take typed words as the answer to the open question; an error is shown in the question's place."""
    following = followed(turn.context, campaign.id)
    if following is None:
        return Changes()
    after = with_answer(turn.context, campaign, following.step, text)
    if isinstance(after, DraftProblem):
        return _asked(turn, campaign, following, after)
    if following.step != DraftStep.TEXT:  # the words are shown first as the customers will read them
        following = replace(following, step=step_after(after, following.step))
    return _asked(turn, after, following)


def _begun(said: AdminTurn, tap: Tap) -> Changes:
    """Create a draft of the kind pressed, followed in the message pressed."""
    turn = said.turn
    if not 0 <= tap.value < len(CampaignKind):
        return turn.toast("admin_stale", alert=True)
    context, kind, by = turn.context, list(CampaignKind)[tap.value], said.admin.by
    campaign = new_draft(context, kind, derive(RefKind.CAMPAIGN, turn.key), by, turn.locale)
    following = replace(_here(said, campaign), step=DraftStep.AUDIENCE)
    created = Changes((campaigns.audited(context, campaign, "created", by),))
    return created + _asked(turn, campaign, following)


def _here(said: AdminTurn, campaign: Campaign) -> Following:
    """Return the message in which the campaign is followed from now on: the one pressed."""
    turn = said.turn
    before, place = followed(turn.context, campaign.id), turn.place
    message, receipt = turn.pressed()
    if before is not None and message == before.message:
        return before
    step = before.step if before is not None else DraftStep.AUDIENCE
    return Following(place.channel, place.chat, message, step, said.admin.by, turn.locale, receipt=receipt)


def _asked(turn: TurnContext, campaign: Campaign, following: Following, wrong: DraftProblem | None = None) -> Changes:
    """Save the draft, ask the next question, and record whether typed words answer it."""
    counts = following.step == DraftStep.CONFIRM
    campaign = replace(campaign, wake_at=turn.context.now if counts else None)
    figures = None if counts else Figures()
    shown = show_and_keep(
        turn.context, campaign, following, campaign_prompt(turn.context, campaign, following, figures, wrong)
    )
    waits = campaign.id if following.step in TYPED_STEPS else ""
    return Changes((campaign,)) + shown + note_typing(turn, waits)


def _choose(step: str, chosen: Callable[[Press], Campaign | None]) -> Callable[[Press], Changes]:
    """Return what a button does that answers the question of `step`; a press from another step is out of date."""

    def button(press: Press) -> Changes:
        if press.campaign.state is not CampaignState.DRAFT or press.following.step != step:
            return press.stale()
        campaign = chosen(press)
        return press.stale() if campaign is None else press.go(campaign, step_after(campaign, step))

    return button


def _preset(press: Press) -> Campaign | None:
    return with_preset_audience(
        press.campaign, press.tap.value, press.turn.context.policy.timezone, press.turn.context.now
    )


def _survey(press: Press) -> Campaign | None:
    surveys = surveys_of(press.turn.context)
    known = 0 <= press.tap.value < len(surveys)
    return replace(press.campaign, survey=surveys[press.tap.value]) if known else None


def _text_kept(press: Press) -> Campaign | None:
    return press.campaign if press.campaign.text else None


def _now(press: Press) -> Campaign | None:
    return with_schedule(press.campaign, press.turn.context.policy.timezone, press.turn.context.now, tomorrow=False)


def _tomorrow(press: Press) -> Campaign | None:
    return with_schedule(press.campaign, press.turn.context.policy.timezone, press.turn.context.now, tomorrow=True)


def _back(press: Press) -> Changes:
    if press.campaign.state is not CampaignState.DRAFT:
        return press.stale()
    before = previous_step(press.campaign, press.following.step)
    if before:
        return press.go(press.campaign, before)
    return campaign_tap(press.said, replace(press.tap, step=CampaignButton.LIST))


def _open(press: Press) -> Changes:
    """Show a campaign in the message pressed: its question while it is a draft, else its progress."""
    step = press.following.step
    if press.campaign.state is CampaignState.DRAFT:
        return press.go(press.campaign, step if step != DraftStep.FOLLOW else DraftStep.AUDIENCE)
    return _overview(press, press.campaign, DraftStep.FOLLOW)


def _start(press: Press) -> Changes:
    """Start the draft if its preview was shown; there is none while people are counted."""
    is_shown = press.following.step == DraftStep.CONFIRM and press.campaign.wake_at is None
    if press.campaign.state is not CampaignState.DRAFT or not is_shown:
        return press.stale()
    wrong = draft_problem(press.turn.context, press.campaign)
    if wrong is not None:
        return press.go(press.campaign, DraftStep.WHEN if wrong.key.startswith("when") else DraftStep.CONFIRM, wrong)
    return _moved(press, campaigns.start(press.turn.context, press.campaign.id, press.by))


def _pause(press: Press) -> Changes:
    return _moved(press, campaigns.pause(press.turn.context, press.campaign.id, press.by))


def _resume(press: Press) -> Changes:
    return _moved(press, campaigns.resume(press.turn.context, press.campaign.id, press.by))


def _cancel(press: Press) -> Changes:
    """Cancel a draft at once; ask once more before a running campaign is cancelled."""
    if press.campaign.state is CampaignState.DRAFT:
        return _moved(press, campaigns.cancel(press.turn.context, press.campaign.id, press.by))
    return press.stale() if press.campaign.state in OVER else _overview(press, press.campaign, DraftStep.DROP)


def _really(press: Press) -> Changes:
    if press.following.step != DraftStep.DROP:
        return press.stale()
    return _moved(press, campaigns.cancel(press.turn.context, press.campaign.id, press.by))


_BUTTONS: dict[str, Callable[[Press], Changes]] = {
    CampaignButton.OPEN: _open,
    CampaignButton.AUDIENCE: _choose(DraftStep.AUDIENCE, _preset),
    CampaignButton.SURVEY: _choose(DraftStep.SURVEY, _survey),
    CampaignButton.NEXT: _choose(DraftStep.TEXT, _text_kept),
    CampaignButton.NOW: _choose(DraftStep.WHEN, _now),
    CampaignButton.TOMORROW: _choose(DraftStep.WHEN, _tomorrow),
    CampaignButton.BACK: _back,
    CampaignButton.START: _start,
    CampaignButton.PAUSE: _pause,
    CampaignButton.RESUME: _resume,
    CampaignButton.CANCEL: _cancel,
    CampaignButton.REALLY: _really,
}


def _moved(press: Press, decision: Decision[campaigns.CampaignResult]) -> Changes:
    """Show the campaign after a command; where it was refused, show the state that refused it."""
    if not isinstance(decision.answer, CampaignOutcome):
        return press.turn.toast("admin_not_now", alert=True) + _overview(press, press.campaign, DraftStep.FOLLOW)
    return decision.changes + _overview(press, decision.answer.campaign, DraftStep.FOLLOW)


def _overview(press: Press, campaign: Campaign, step: str) -> Changes:
    following = replace(press.following, step=step)
    shown = show_and_keep(
        press.turn.context,
        campaign,
        following,
        campaign_prompt(press.turn.context, campaign, following, press.figures()),
    )
    return shown + note_typing(press.turn, "")
