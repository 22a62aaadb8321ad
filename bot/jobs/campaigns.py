"""Runs campaigns: starts occurrences, sends portions, shows figures, and stops a campaign that is refused too often.

Each step is one commit: a campaign is woken at its `wake_at`, and the commit sets the next one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from bot.handlers.admin.campaign_chat import show_figures
from bot.handlers.campaigns import occurrences as running
from bot.handlers.campaigns.distribution import hand_out, release_held, sending_needs
from bot.handlers.common.context import DecisionContext
from bot.jobs.campaign_preview import find_audience, preview_figures, sending_time, targets_of
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.crash_points import crash_point
from bot.receiver import Receiver
from dialogs.campaign.model import Campaign, CampaignState, Figures, Run, RunState
from dialogs.ids import Ref
from dialogs.time.doubt import is_held
from scoring.values import replace
from storage.model.errors import DecisionFailed
from storage.model.note_keys import campaign_chat_key
from storage.reads.campaigns import CampaignHealth, CampaignReads
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import failure_reason
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["CampaignRunner"]

_PORTION = 2.0
"""Seconds of sending in a portion; two of them may be in the outbox at a time."""
_LOOKS_AGAIN = timedelta(seconds=1)
_RESTS = timedelta(seconds=30)
"""When to look again while all targets wait for something else, such as the campaign's window."""
_SHOWS_EVERY = 3.0
_AT_ONCE = 500
_ENOUGH = 20
"""Messages that must be finished before their share of refusals counts."""
_SHARE = 0.05
_LIMITS = 3
_TOLD = {
    "limited": "the platform asked for a pause three times within five minutes",
    "refused": "more than 5 % of its latest messages were refused",
}


class CampaignRunner:
    """Takes campaigns a step further when they are due."""

    def __init__(self, receiver: Receiver, reads: CampaignReads, alarms: Alarms, clock: Clock) -> None:
        self._receiver = receiver
        self._reads = reads
        self._alarms = alarms
        self._clock = clock
        self._shown: dict[str, float] = {}

    async def wake(self, ref: Ref) -> None:
        """Process a campaign that is due. Raises DecisionFailed where it cannot be decided, and what `do` raises."""
        campaign = await self._reads.find(ref.id)
        now, doubt = self._clock.now(), self._clock.doubt()
        if campaign is None or campaign.wake_at is None or campaign.wake_at > now:
            return
        if is_held(campaign.wake_at, campaign.next_at, now, doubt):
            return
        try:
            await self._wake(campaign)
        except (KeyError, ValueError) as why:  # such as a zone that this machine no longer knows
            raise DecisionFailed(failure_reason(why)) from why

    async def _wake(self, campaign: Campaign) -> None:
        match campaign.state:
            case CampaignState.DRAFT:
                await self._show(campaign, None)
            case CampaignState.SCHEDULED:
                await self._scheduled(campaign)
            case CampaignState.RUNNING:
                await self._running(campaign)
            case CampaignState.CANCELLED:
                await self._tidy_up(campaign)
            case CampaignState.PAUSED | CampaignState.FINISHED:
                await self._decide(campaign, Needs(), lambda _context, now: Changes((replace(now, wake_at=None),)))

    # -- before -------------------------------------------------------------------------------------------------

    async def _show(self, campaign: Campaign, wake_at: datetime | None) -> None:
        """Show the preview in the chat, and look again at `wake_at`."""
        figures = await preview_figures(self._reads, await self._receiver.current_policy(), campaign, self._clock.now())

        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            waits = replace(campaign, wake_at=wake_at)
            return Changes((waits,)) + show_figures(context, waits, figures)

        await self._decide(campaign, Needs(), decide)

    async def _scheduled(self, campaign: Campaign) -> None:
        turn = running.turn_of(campaign, self._clock.now())
        if turn is None:
            await self._show(campaign, campaign.next_at)
        elif turn.runs is None:
            await self._decide(campaign, Needs(), lambda context, campaign: running.missed(context, campaign, turn))
        else:
            await self._begin(campaign, turn, turn.runs)

    async def _begin(self, campaign: Campaign, turn: running.Turn, occurrence: datetime) -> None:
        found = await find_audience(self._reads, await self._receiver.current_policy(), campaign, occurrence)

        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            targets = targets_of(context, campaign, occurrence, found)
            return running.begun(context, campaign, turn, occurrence, targets)

        await self._decide(campaign, Needs(), decide)
        crash_point("occurrence")

    # -- under way ------------------------------------------------------------------------------------------------

    async def _running(self, campaign: Campaign) -> None:
        now = self._clock.now()
        turn, occurrence = running.turn_of(campaign, now), campaign.occurrence
        if turn is not None or occurrence is None:
            await self._pass(campaign, turn)
            return
        health = await self._reads.health(campaign.id, now)
        run = Run(campaign.id, occurrence, RunState.RUNNING)
        why = _why_stop(health)
        if why:
            await self._stop(campaign, run, why)
            return
        room = max(0, 2 * self._portion(campaign) - health.under_way)
        held = await self._reads.held(campaign.id, room) if room else []
        targets = await self._reads.waiting(campaign.id, occurrence, now, _AT_ONCE) if room > len(held) else []
        is_idle = not (targets or held or health.under_way)
        figures = await self._reads.progress(run) if is_idle or self._is_time_to_show(campaign) else None
        if is_idle and figures is not None and not figures.waiting:
            await self._end(campaign, figures)
            return
        later = await self._reads.due_next(campaign.id, occurrence, now) if is_idle else None
        wake_at = min(later or now + _RESTS, campaign.next_at or now + _RESTS) if is_idle else None

        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            given = hand_out(context, campaign, targets, room - len(held))
            waits = replace(campaign, wake_at=max(wake_at or context.now, context.now + _LOOKS_AGAIN))
            shown = self._figures(context, waits, figures) if figures is not None else Changes()
            return release_held(context, campaign, held) + given + Changes((waits,)) + shown

        await self._decide(campaign, sending_needs(campaign, targets, held), decide)
        crash_point("portion")

    async def _pass(self, campaign: Campaign, turn: running.Turn | None) -> None:
        """Write down occurrences that came while one is under way."""
        if turn is not None:
            await self._decide(campaign, Needs(), lambda context, campaign: running.missed(context, campaign, turn))

    async def _end(self, campaign: Campaign, figures: Figures) -> None:
        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            changes = running.exhausted(context, campaign)
            ended = context.after(changes).snapshot.campaign(campaign.id)
            return changes + (show_figures(context, ended, figures) if ended is not None else Changes())

        await self._decide(campaign, Needs(), decide)
        self._shown.pop(campaign.id, None)

    async def _stop(self, campaign: Campaign, run: Run, why: str) -> None:
        """Halt it, and tell the operator."""
        figures = await self._reads.progress(run)

        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            changes = running.stopped(context, campaign, why)
            halted = context.after(changes).snapshot.campaign(campaign.id)
            return changes + (show_figures(context, halted, figures) if halted is not None else Changes())

        if await self._decide(campaign, Needs(), decide):
            counts = f"sent {figures.sent}, failed {figures.failed}, waiting {figures.waiting}"
            mend = "See why, then resume or cancel it."
            told = f"{campaign.name} ({campaign.id}) has halted: {_TOLD[why]}; {counts}. {mend}"
            self._alarms.sound("campaign", told, campaign.name)

    async def _tidy_up(self, campaign: Campaign) -> None:
        asks = await self._reads.unsent_interviews(campaign.id, _AT_ONCE)
        runs = [run for run in await self._reads.runs(campaign.id) if run.occurrence == campaign.occurrence]
        figures = await self._reads.progress(runs[0]) if runs else Figures()

        def decide(context: DecisionContext, campaign: Campaign) -> Changes:
            rests = replace(campaign, wake_at=None)
            return running.asks_taken_back(context, asks) + Changes((rests,)) + show_figures(context, rests, figures)

        await self._decide(campaign, Needs(interviews=frozenset(asks)), decide)

    # -- inside ---------------------------------------------------------------------------------------------------

    async def _decide(
        self, seen: Campaign, needs: Needs, decide: Callable[[DecisionContext, Campaign], Changes]
    ) -> bool:
        """Decide unless the campaign has changed since it was read; return whether anything was changed."""

        def if_unchanged(context: DecisionContext) -> Decision[bool]:
            campaign = context.snapshot.campaign(seen.id)
            if campaign is None or campaign != seen:  # in one batch it changes before its version does
                return Decision(Changes(), answer=False)
            changes = decide(context, campaign)
            return Decision(changes, bool(changes))

        mine = Needs(campaigns=frozenset({seen.id}), notes=frozenset({campaign_chat_key(seen.id)}))
        return await self._receiver.do(mine | needs, if_unchanged)

    def _portion(self, campaign: Campaign) -> int:
        return ceil(min(campaign.per_minute / 60, self._receiver.policy.max_rate) * _PORTION)

    def _is_time_to_show(self, campaign: Campaign) -> bool:
        moment = self._clock.monotonic()
        if moment - self._shown.get(campaign.id, -_SHOWS_EVERY) < _SHOWS_EVERY:
            return False
        self._shown[campaign.id] = moment
        return True

    def _figures(self, context: DecisionContext, campaign: Campaign, figures: Figures) -> Changes:
        ends_at = context.now + sending_time(context.policy, campaign, figures.waiting)
        return show_figures(context, campaign, replace(figures, ends_at=ends_at))


def _why_stop(health: CampaignHealth) -> str:
    """Return the reason why a campaign stops by itself, empty where it goes on."""
    if health.limited >= _LIMITS:
        return "limited"
    if health.attempted >= _ENOUGH and health.refused > _SHARE * health.attempted:
        return "refused"
    return ""
