"""The laws of an invitation: it is asked, or it says why not."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from dialogs.invitation import machine as on
from dialogs.invitation.machine import INVITATION
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.machine import Machine, Transition
from scoring.values import replace
from tests.dialogs.exploring import Walk, explore
from tests.dialogs.samples import NOW

__all__ = ["LAWS", "broken_laws", "walk_of"]

Visit = Walk[Invitation, datetime]

LATE = NOW + timedelta(hours=25)
START = Invitation(
    id="inv_a",
    source="desk",
    ticket="1",
    closing=1,
    customer="c-1",
    survey="five",
    due_at=NOW,
    deadline_at=NOW + timedelta(hours=24),
    closed_at=NOW,
    wake_at=NOW,
)
_REASONS: Mapping[InvitationState, set[InvitationReason | None]] = {
    InvitationState.SCHEDULED: {
        None,
        InvitationReason.NO_CONTACT,
        InvitationReason.BLOCKED,
        InvitationReason.WINDOW_CLOSED,
    },
    InvitationState.ASKED: {None},
    InvitationState.SUPPRESSED: {InvitationReason.QUARANTINE, InvitationReason.QUIET_HOURS, InvitationReason.DEADLINE},
    InvitationState.UNREACHABLE: {
        InvitationReason.NO_CONTACT,
        InvitationReason.BLOCKED,
        InvitationReason.WINDOW_CLOSED,
    },
    InvitationState.CANCELLED: {InvitationReason.OPTED_OUT, InvitationReason.REOPENED},
}
_OPEN = (InvitationState.SCHEDULED, InvitationState.ASKED)
_ENDS = {on.OptedOut(): InvitationReason.OPTED_OUT, on.TicketReopened(): InvitationReason.REOPENED}
_EVENTS = (
    on.Asked("telegram"),
    on.Unreached(InvitationReason.NO_CONTACT),
    on.Unreached(InvitationReason.WINDOW_CLOSED),
    on.Suppressed(InvitationReason.QUARANTINE),
    on.Suppressed(InvitationReason.QUIET_HOURS),
    on.Bounced(InvitationReason.BLOCKED),
    on.Recalled("five", START.deadline_at),
    on.DeadlinePassed(),
    *_ENDS,
)
_HAPPENINGS = tuple((event, now) for event in _EVENTS for now in (NOW, LATE))


def walk_of(machine: Machine[Invitation, datetime] = INVITATION) -> Visit:
    """Visit every invitation."""
    return explore(machine, START, lambda _: _HAPPENINGS, _without_instants)


def _without_instants(step: Transition[Invitation]) -> Invitation:
    """Forget which of the two instants it was."""
    thing = step.thing
    return replace(thing, asked_at=thing.asked_at and NOW, due_at=NOW, wake_at=thing.wake_at and NOW)


def is_finite(walk: Visit) -> Iterator[object]:
    """The walk comes to an end."""
    yield from ["endless"] * walk.endless


def at_most_one_row_fits(walk: Visit) -> Iterator[object]:
    """The table never has two answers."""
    yield from (move for move in walk.all_moves if len(move.rows) > 1)


def it_is_asked_or_says_why_not(walk: Visit) -> Iterator[object]:
    """Every state has reasons of its own kind, and none ends without one."""
    yield from (invitation for invitation in walk.moves if invitation.reason not in _REASONS[invitation.state])


def only_a_person_takes_it_up_again(walk: Visit) -> Iterator[object]:
    """What has ended stays ended, unless somebody asks by hand."""
    for move in walk.all_moves:
        if move.before.state not in _OPEN and not isinstance(move.event, on.Recalled):
            yield move


def the_deadline_ends_it(walk: Visit) -> Iterator[object]:
    """Nothing stays scheduled for ever."""
    for invitation, moves in walk.moves.items():
        over = [move.after.state for move in moves if move.event == on.DeadlinePassed()]
        if invitation.state in _OPEN and (not over or any(state in _OPEN for state in over)):
            yield invitation


def an_opt_out_or_a_reopened_ticket_cancels_it(walk: Visit) -> Iterator[object]:
    """Whatever is still open is cancelled, with the reason."""
    for invitation, moves in walk.moves.items():
        ended = {move.event: move.after.reason for move in moves if move.after.state is InvitationState.CANCELLED}
        if invitation.state in _OPEN and ended != _ENDS:
            yield invitation


def scheduled_ones_wake_and_others_rest(walk: Visit) -> Iterator[object]:
    """Only what is scheduled is looked at again."""
    yield from (i for i in walk.moves if (i.wake_at is not None) != (i.state is InvitationState.SCHEDULED))


def only_an_asked_one_was_asked(walk: Visit) -> Iterator[object]:
    """What was never sent does not count for the quarantine."""
    yield from (i for i in walk.moves if (i.asked_at is not None) != (i.state is InvitationState.ASKED))


LAWS: tuple[Callable[[Visit], Iterator[object]], ...] = (
    is_finite,
    at_most_one_row_fits,
    it_is_asked_or_says_why_not,
    only_a_person_takes_it_up_again,
    the_deadline_ends_it,
    an_opt_out_or_a_reopened_ticket_cancels_it,
    scheduled_ones_wake_and_others_rest,
    only_an_asked_one_was_asked,
)


def broken_laws(walk: Visit) -> set[str]:
    """Name the laws that something on the walk breaks."""
    return {law.__name__ for law in LAWS if next(law(walk), None) is not None}
