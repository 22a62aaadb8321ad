"""The laws of a campaign, held against every campaign that people and the clock can bring about."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dialogs.campaign import machine as on
from dialogs.campaign.machine import CAMPAIGN
from dialogs.campaign.model import OVER, Campaign, CampaignKind, CampaignState
from dialogs.machine import Machine, Transition
from scoring.values import replace
from tests.dialogs.exploring import Walk, explore
from tests.dialogs.samples import NOW

__all__ = ["LAWS", "broken_laws", "walk_of"]

Visit = Walk[Campaign, datetime]

LATER = NOW + timedelta(days=1)
START = Campaign("cam_a", "再问一次", CampaignKind.REMINDER, NOW, wake_at=NOW)
_HAPPENINGS = tuple(
    (event, NOW)
    for event in (
        on.Started(NOW),
        on.OccurrenceDue(NOW, None),
        on.OccurrenceDue(NOW, LATER),
        on.OccurrencesMissed(None),
        on.OccurrencesMissed(LATER),
        on.OccurrenceDone(),
        on.CampaignPaused(),
        on.CampaignResumed(),
        on.Halted("too many were refused"),
        on.Cancelled(),
    )
)


def walk_of(machine: Machine[Campaign, datetime] = CAMPAIGN) -> Visit:
    """Visit every campaign."""
    return explore(machine, START, lambda _: _HAPPENINGS, _stored)


def _stored(step: Transition[Campaign]) -> Campaign:
    return replace(step.thing, next_at=step.thing.next_at and LATER)


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def over_is_over(walk: Visit) -> Iterator[object]:
    """Nothing moves a campaign that has ended."""
    yield from (move for move in walk.all_moves if move.before.state in OVER)


def a_person_can_always_end_it(walk: Visit) -> Iterator[object]:
    """Whatever is not over can be cancelled."""
    for campaign, moves in walk.moves.items():
        ends = [move for move in moves if isinstance(move.event, on.Cancelled)]
        if campaign.state not in OVER and [move.after.state for move in ends] != [CampaignState.CANCELLED]:
            yield campaign


def it_runs_only_an_occurrence(walk: Visit) -> Iterator[object]:
    """Whatever runs has an occurrence, and whatever waits for one has none."""
    for campaign in walk.moves:
        if campaign.state is CampaignState.RUNNING and campaign.occurrence is None:
            yield campaign
        if campaign.state is CampaignState.SCHEDULED and campaign.occurrence is not None:
            yield campaign


def nothing_wakes_a_halted_one(walk: Visit) -> Iterator[object]:
    """A halted campaign waits for a person; one that waits or runs is looked at again."""
    for campaign in walk.moves:
        if campaign.state is CampaignState.PAUSED and campaign.wake_at is not None:
            yield campaign
        if campaign.state in (CampaignState.SCHEDULED, CampaignState.RUNNING) and campaign.wake_at is None:
            yield campaign


def who_halts_itself_says_why(walk: Visit) -> Iterator[object]:
    """A campaign that stopped by itself says why until a person lets it go on."""
    for move in walk.all_moves:
        if isinstance(move.event, on.Halted) and not move.after.why:
            yield move
        if isinstance(move.event, on.CampaignResumed) and move.after.why:
            yield move


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    over_is_over,
    a_person_can_always_end_it,
    it_runs_only_an_occurrence,
    nothing_wakes_a_halted_one,
    who_halts_itself_says_why,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
