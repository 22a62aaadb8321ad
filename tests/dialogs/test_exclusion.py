"""The exclusion's table, whole: who may take which step in which state."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.exclusion.machine import (
    EXCLUSION,
    AppealDismissed,
    Appealed,
    AppealGranted,
    ExclusionApproved,
    ExclusionRejected,
)
from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.names import is_same_person
from dialogs.time.workdays import Workdays
from dialogs.time.working_time import WorkingTime
from dialogs.time.zones import find_zone
from scoring.validity import ExclusionReason
from scoring.values import replace

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
UNTIL = NOW + timedelta(days=3)
NEW = Exclusion("exc_1", "int_1", 1, ExclusionReason.MALICIOUS, "A", NOW, "")
DECIDED = replace(NEW, decided_by="B", appeal_until=UNTIL, appealed_by="C")
EVENTS: dict[str, Callable[[str], object]] = {
    "approve": lambda by: ExclusionApproved(by, "", UNTIL),
    "reject": lambda by: ExclusionRejected(by, ""),
    "appeal": lambda by: Appealed(by, ""),
    "grant": lambda by: AppealGranted(by, ""),
    "dismiss": lambda by: AppealDismissed(by, ""),
}
ALLOWED = {
    ("proposed", "approve"): ("BCD", "excluded"),
    ("proposed", "reject"): ("ABCD", "rejected"),
    ("excluded", "appeal"): ("ABCD", "appealed"),
    ("appealed", "grant"): ("D", "restored"),
    ("appealed", "dismiss"): ("D", "upheld"),
}


@pytest.mark.parametrize("state", ExclusionState)
@pytest.mark.parametrize("name", EVENTS)
def test_each_step_is_taken_by_whom_it_may_and_by_nobody_else(state: ExclusionState, name: str) -> None:
    people, target = ALLOWED.get((state.value, name), ("", ""))
    for by in "ABCD":
        moved = EXCLUSION.step(replace(DECIDED, state=state), EVENTS[name](by), NOW)
        assert (moved.thing.state.value if moved else "") == (target if by in people else "")


def test_an_appeal_comes_until_the_term_and_not_after() -> None:
    for late, expected in ((0, True), (1, False)):
        moved = EXCLUSION.step(
            replace(DECIDED, state=ExclusionState.EXCLUDED), Appealed("C", ""), UNTIL + timedelta(seconds=late)
        )
        assert (moved is not None) is expected


def test_a_name_is_the_same_in_every_spelling() -> None:
    assert is_same_person("Li  Gong", "ｌｉ gong")
    assert not is_same_person("李工", "李公")


@pytest.mark.parametrize("spelling", ["{}\u200b", "\u200c{}", "{} ", "\u3000{}", "{}\u3164", "{}\ufe0f"])
def test_no_spelling_makes_somebody_a_second_or_third_person(spelling: str) -> None:
    again = spelling.format("A")
    assert EXCLUSION.step(NEW, EVENTS["approve"](again), NOW) is None
    for name in "ABC":
        for step in ("grant", "dismiss"):
            by = spelling.format(name.lower())
            assert EXCLUSION.step(replace(DECIDED, state=ExclusionState.APPEALED), EVENTS[step](by), NOW) is None


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20T08:00:00+00:00", 3, "2026-11-25T16:00:00+00:00"),
        ("2026-11-20T17:00:00+00:00", 1, "2026-11-23T16:00:00+00:00"),
        ("2026-11-22T02:00:00+00:00", 1, "2026-11-23T16:00:00+00:00"),
    ],
    ids=["over a weekend", "Saturday in Shanghai already", "from a Sunday"],
)
def test_a_term_ends_with_a_working_day(start: str, days: int, end: str) -> None:
    zone = find_zone("Asia/Shanghai")
    assert zone is not None
    time = WorkingTime(zone)
    assert time.end_of_day(datetime.fromisoformat(start), days) == datetime.fromisoformat(end)
    never = replace(time, calendar=Workdays(weekend=frozenset(range(7))))
    assert never.end_of_day(NOW, 3) == datetime(2026, 11, 23, 16, tzinfo=UTC)
