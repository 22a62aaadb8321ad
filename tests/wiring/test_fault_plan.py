"""Which exchanges are made to fail: every statement meets every fault, and none of them twice for the same reason."""

from collections.abc import Iterator, Sequence

from tests.support.database.wire import Fault
from tests.wiring.exchanges import FaultPlan

FAULTS = (Fault.CONFLICT, Fault.CUT, Fault.ANSWER_LOST, Fault.REFUSED)
BEGIN, COMMIT = b"BEGIN;", b"COMMIT;"


PREPARED = {b"s1": b"SELECT 1", b"s2": b"SELECT 1", b"s3": b"SELECT 3"}


def plan_of(fault: Fault) -> FaultPlan:
    return FaultPlan(fault, FAULTS, PREPARED)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4) + body


def simple(statement: bytes) -> bytes:
    return _message(b"Q", statement + b"\0")


def bound(name: bytes, value: bytes = b"1") -> bytes:
    """Return what runs a prepared statement with a value."""
    return _message(b"B", b"\0" + name + b"\0" + value) + _message(b"E", b"\0") + _message(b"S", b"")


def failed(plan: FaultPlan, use: Sequence[bytes]) -> Iterator[int]:
    """Run a use until nothing of it fails any more, and yield the place that failed in each run."""
    plan.begin_use()
    while True:
        fires = plan.next_run()
        found = [place for place, sent in enumerate(use) if fires(sent) is not None]
        if not found:
            return
        (place,) = found
        yield place


def test_each_statement_of_the_first_use_meets_each_fault() -> None:
    use = [simple(BEGIN), bound(b"s1"), simple(COMMIT)]
    for fault in FAULTS:
        assert [*failed(plan_of(fault), use)] == [0, 1, 2]


def test_what_a_use_repeats_fails_once() -> None:
    use = [simple(BEGIN), *(bound(b"s1", value) for value in (b"1", b"2", b"3")), simple(COMMIT)]
    assert [*failed(plan_of(Fault.CUT), use)] == [0, 1, 4]


def test_the_same_statement_is_known_by_whatever_name_it_is_prepared() -> None:
    use = [bound(b"s1"), bound(b"s2"), bound(b"s3")]
    assert [*failed(plan_of(Fault.CUT), use)] == [0, 2]


def test_what_uses_share_meets_one_fault_in_each_and_their_own_statements_meet_all() -> None:
    first = [simple(BEGIN), simple(b"SELECT who"), simple(COMMIT)]
    second = [simple(BEGIN), simple(b"SELECT who"), simple(b"SELECT what"), simple(COMMIT)]
    met: dict[int, list[Fault]] = {place: [] for place in range(len(second))}
    for fault in FAULTS:
        plan = plan_of(fault)
        assert [*failed(plan, first)] == [0, 1, 2]
        for place in failed(plan, second):
            met[place].append(fault)
    assert met == {0: [FAULTS[0]], 1: [FAULTS[1]], 2: [*FAULTS], 3: [*FAULTS]}


def test_each_commit_of_a_use_meets_each_fault_also_where_others_commit_alike() -> None:
    use = [simple(b"SELECT a"), simple(COMMIT), simple(b"SELECT b"), simple(COMMIT)]
    for fault in FAULTS:
        plan = plan_of(fault)
        assert [*failed(plan, use)] == [0, 1, 2, 3]
        assert {1, 3} <= {*failed(plan, use)}
