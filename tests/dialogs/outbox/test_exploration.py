"""Every reachable message obeys the laws; and laws that are broken on purpose are noticed."""

from collections.abc import Callable

import pytest

from dialogs.machine import TransitionRow, row
from dialogs.outbox import machine as on
from dialogs.outbox.machine import OUTBOX, sources_of, target_of
from dialogs.outbox.model import Sending, SendingState
from scoring.values import replace
from tests.dialogs.outbox import laws


def test_every_reachable_message_obeys_every_law_and_every_row_is_walked() -> None:
    walks = [laws.walk_of(start) for start in laws.STARTS]
    assert [laws.broken_laws(walk) for walk in walks] == [set()] * len(walks)
    assert {arrow for walk in walks for arrow in walk.rows} == set(OUTBOX.rows)
    assert {sending.state for walk in walks for sending in walk.moves} == set(SendingState)


def _without(event: type, source: SendingState) -> tuple[TransitionRow, ...]:
    return tuple(each for each in OUTBOX.rows if (each.event, each.source) != (event, source))


def _keep_the_lease(sending: Sending, _event: object, _terms: object) -> tuple[Sending, tuple[object, ...]]:
    return sending, ()


def _always(_sending: Sending, _event: object, _terms: object) -> bool:
    return True


_S = SendingState


@pytest.mark.parametrize(
    ("spoilt", "law"),
    [
        (lambda: _without(on.MessageDropped, _S.LEASED), "whatever_waits_can_end"),
        (lambda: (*OUTBOX.rows, row(_S.UNKNOWN, on.MessagePostponed, _S.PENDING, on.try_again_later)), "over_is_over"),
        (
            lambda: (
                *_without(on.MessageDoubted, _S.LEASED),
                row(_S.LEASED, on.MessageDoubted, _S.UNKNOWN, _keep_the_lease),
            ),
            "it_goes_only_with_a_lease",
        ),
        (
            lambda: (
                *_without(on.MessageClaimed, _S.PENDING),
                row(_S.PENDING, on.MessageClaimed, _S.LEASED, on.lease, _always),
            ),
            "whoever_opted_out_gets_nothing",
        ),
        (
            lambda: (
                *_without(on.MessageClaimed, _S.HELD),
                row(_S.HELD, on.MessageClaimed, _S.LEASED, on.lease, _always),
            ),
            "nothing_overtakes_what_it_edits",
        ),
        (
            lambda: (
                *_without(on.MessageClaimed, _S.HELD),
                row(_S.HELD, on.MessageClaimed, _S.LEASED, on.lease, _always),
            ),
            "a_halted_campaign_sends_nothing",
        ),
        (
            lambda: (
                *_without(on.LeaseReturned, _S.LEASED),
                row(_S.LEASED, on.LeaseReturned, _S.PENDING, on.give_the_lease_back),
            ),
            "a_doubt_is_repeated_only_where_that_is_harmless",
        ),
        (
            lambda: (*OUTBOX.rows, row(_S.LEASED, on.MessageDelivered, _S.SENT, on.note_the_receipt)),
            "at_most_one_row_fits",
        ),
    ],
)
def test_a_spoilt_table_breaks_a_law(spoilt: Callable[[], tuple[TransitionRow, ...]], law: str) -> None:
    walk = laws.walk_of(machine=replace(OUTBOX, rows=spoilt()))
    assert law in laws.broken_laws(walk)


def test_a_statement_over_many_rows_asks_the_table_for_its_states() -> None:
    assert (sources_of(on.MessageCancelled), target_of(on.MessageCancelled)) == ((_S.PENDING, _S.HELD), _S.CANCELLED)
    assert (sources_of(on.MessageOvertaken), target_of(on.MessageOvertaken)) == ((_S.PENDING,), _S.SUPERSEDED)
    assert sources_of(on.MessageDelivered) == (_S.PENDING, _S.HELD, _S.LEASED, _S.UNKNOWN)
    with pytest.raises(ValueError, match="too many values"):
        target_of(on.MessageClaimed)
