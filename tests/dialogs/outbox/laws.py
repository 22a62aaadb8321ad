"""The laws of an outgoing message, held against every one that claims, channels and decisions can bring about."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

from dialogs.campaign.model import CampaignState
from dialogs.machine import Machine, Transition
from dialogs.outbox import machine as on
from dialogs.outbox.machine import OUTBOX
from dialogs.outbox.model import FINAL, WAITING, Sending, SendingState, SendingTerms
from scoring.values import replace
from tests.dialogs.exploring import Walk, explore
from tests.dialogs.samples import NOW

__all__ = ["LAWS", "broken_laws", "walk_of"]

Visit = Walk[Sending, SendingTerms]

LATER = NOW + timedelta(hours=1)
STARTS = tuple(
    Sending(NOW, expires_at=expires, edits=edits, repeats=edits is not None)
    for expires, edits in product((None, NOW, LATER), (None, "out_root"))
)
_TERMS = tuple(
    SendingTerms(NOW, has_opted_out, is_locked, root, receipt, campaign)
    for has_opted_out, is_locked, (root, receipt), campaign in product(
        (False, True),
        (False, True),
        ((None, ""), *((state, "") for state in SendingState), (SendingState.CANCELLED, "9")),
        (None, CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.CANCELLED),
    )
)
_CALM = SendingTerms(NOW)
_ENDS = (
    on.MessageDelivered("9"),
    on.MessageDelivered(),
    on.MessagePostponed(NOW, "busy"),
    on.MessagePostponed(LATER, "busy"),
    on.MessageHeldBack(LATER, "window"),
    on.MessageHeldBack(None, "window"),
    on.MessageDoubted("cut off"),
    on.MessageDropped("not worth it"),
    on.MessageFailed("blocked"),
    on.MessageCancelled(),
    on.MessageOvertaken(),
    on.LeaseReturned(),
    on.LeaseReturned(has_begun=True),
)
_HAPPENINGS = (*((on.MessageClaimed(LATER), terms) for terms in _TERMS), *((event, _CALM) for event in _ENDS))


def walk_of(start: Sending = STARTS[0], machine: Machine[Sending, SendingTerms] = OUTBOX) -> Visit:
    """Visit every message; how often it was tried, beyond once, tells no difference."""
    return explore(machine, start, lambda _: _HAPPENINGS, _stored)


def _stored(step: Transition[Sending]) -> Sending:
    return replace(step.thing, attempts=min(step.thing.attempts, 1))


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def over_is_over(walk: Visit) -> Iterator[object]:
    """What is over is not sent again; only a doubt may become a proof."""
    for move in walk.all_moves:
        is_proof = (move.before.state, move.after.state) == (SendingState.UNKNOWN, SendingState.SENT)
        if move.before.state in FINAL and not is_proof:
            yield move


def it_goes_only_with_a_lease(walk: Visit) -> Iterator[object]:
    """A lease has an end, and nothing else has one."""
    for sending in walk.moves:
        if (sending.state is SendingState.LEASED) != (sending.leased_until is not None):
            yield sending


def whoever_opted_out_gets_nothing(walk: Visit) -> Iterator[object]:
    """No lease is given for a customer who wants no messages, and none that is too late."""
    for move in walk.all_moves:
        is_late = move.before.expires_at is not None and move.before.expires_at <= move.context.now
        if move.after.state is SendingState.LEASED and (move.context.has_opted_out or is_late):
            yield move


def nothing_overtakes_what_it_edits(walk: Visit) -> Iterator[object]:
    """An edit waits while its message waits or is under way, and nothing is claimed while its customer is changed."""
    for move in walk.all_moves:
        must_wait = move.context.root in (*WAITING, SendingState.LEASED) or move.context.is_locked
        if move.after.state is SendingState.LEASED and must_wait:
            yield move


def a_halted_campaign_sends_nothing(walk: Visit) -> Iterator[object]:
    """What a campaign has handed out goes only while it is under way."""
    halted = (CampaignState.PAUSED, CampaignState.CANCELLED)
    yield from (m for m in walk.all_moves if m.after.state is SendingState.LEASED and m.context.campaign in halted)


def a_doubt_is_repeated_only_where_that_is_harmless(walk: Visit) -> Iterator[object]:
    """A sender that died leaves a new message leased, until somebody decides that it is in doubt."""
    for move in walk.all_moves:
        if isinstance(move.event, on.LeaseReturned) and move.event.has_begun and not move.before.repeats:
            yield move


def whatever_waits_can_end(walk: Visit) -> Iterator[object]:
    """What waits or is under way can be delivered, dropped and failed; what waits can be taken back."""
    for sending, moves in walk.moves.items():
        reached = {move.after.state for move in moves}
        if sending.state not in FINAL and not {SendingState.SENT, SendingState.CANCELLED, SendingState.DEAD} <= reached:
            yield sending


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    over_is_over,
    it_goes_only_with_a_lease,
    whoever_opted_out_gets_nothing,
    nothing_overtakes_what_it_edits,
    a_halted_campaign_sends_nothing,
    a_doubt_is_repeated_only_where_that_is_harmless,
    whatever_waits_can_end,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
