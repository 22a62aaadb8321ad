"""Every reachable finding obeys the laws; and laws that are broken on purpose are noticed."""

from collections.abc import Callable

import pytest

from dialogs.improvement import machine as on
from dialogs.improvement.machine import FINDING
from dialogs.improvement.model import FindingState
from dialogs.machine import TransitionRow, row
from scoring.values import replace
from tests.dialogs.improvement import laws

_STATES = FindingState


def test_every_reachable_finding_obeys_every_law_and_every_row_is_walked() -> None:
    walk = laws.walk_of()
    assert len(walk.moves) > 30
    assert laws.broken_laws(walk) == set()
    assert walk.rows == set(FINDING.rows)


def _without(event: type, source: FindingState) -> tuple[TransitionRow, ...]:
    return tuple(each for each in FINDING.rows if (each.event, each.source) != (event, source))


@pytest.mark.parametrize(
    ("spoilt", "law"),
    [
        (lambda: _without(on.FindingDismissed, _STATES.OVERDUE), "people_can_always_end_it"),
        (
            lambda: (*FINDING.rows, row(_STATES.UNDECIDED, on.FindingTold, _STATES.TOLD, on.close_told)),
            "customers_hear_only_what_was_verified",
        ),
        (
            lambda: (*FINDING.rows, row(_STATES.TOLD, on.MeasurePlanned, _STATES.PLANNED, on.plan)),
            "over_is_over",
        ),
        (
            lambda: (
                *_without(on.MeasureVerified, _STATES.DONE),
                row(_STATES.DONE, on.MeasureVerified, _STATES.OPEN, on.conclude, on.is_not_reached),
                row(_STATES.DONE, on.MeasureVerified, _STATES.REACHED, on.conclude, on.is_reached),
            ),
            "not_reached_is_open_again_and_loses_nothing",
        ),
        (
            lambda: (
                *_without(on.ReminderDue, _STATES.PLANNED),
                row(_STATES.PLANNED, on.ReminderDue, _STATES.PLANNED, on.remind),
            ),
            "a_term_is_told_once",
        ),
        (
            lambda: (
                *_without(on.MeasureDone, _STATES.PLANNED),
                row(_STATES.PLANNED, on.MeasureDone, _STATES.DONE, on.escalate),
            ),
            "whoever_has_a_term_is_looked_at",
        ),
    ],
)
def test_a_table_that_breaks_a_law_is_found(spoilt: Callable[[], tuple[TransitionRow, ...]], law: str) -> None:
    assert law in laws.broken_laws(laws.walk_of(replace(FINDING, rows=spoilt())))
