"""Beside the counts of a period stand the ratings of customers who answered several times, on both databases."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from dialogs.interview.model import InterviewState
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import RatingFact, RatingStatus
from storage.model.records import Customer
from storage.reads.figures.rating_counts import AskedOften, read_ratings
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)


async def again(store: Store, records: Iterable[Record]) -> None:
    """Store a visit of a customer who is known already."""
    await store_records(store, NOON, *(one for one in records if not isinstance(one, Customer)))


async def test_a_customer_of_several_responses_is_told_apart_and_nobody_else_is(store: Store) -> None:
    for number in range(3):
        await store_records(store, NOON, *closed_visit(str(number), NOON, {"attitude": 4, "speed": 5}))
    await again(store, closed_visit("9", NOON, {"attitude": 2}, customer="0", team="south"))
    found = await Reader(store).ratings(NOON, NOON + DAY)
    assert sorted((one.person, one.keys["team"], one.keys["question"], one.n) for one in found.repeated) == [
        ("c-0", "north", "attitude", 1),
        ("c-0", "north", "speed", 1),
        ("c-0", "south", "attitude", 1),
    ]
    assert sum(one.n for one in found.counts) == 7


async def test_what_does_not_count_and_what_is_outside_is_not_among_them(store: Store) -> None:
    await store_records(store, NOON, *closed_visit("0", NOON, {"attitude": 4}))
    excluded = [
        replace(one, status=RatingStatus.EXCLUDED, reason=ExclusionReason.TEST) if isinstance(one, RatingFact) else one
        for one in closed_visit("1", NOON, {"attitude": 1}, customer="0")
    ]
    await again(store, excluded)
    await again(store, closed_visit("2", NOON, {"attitude": 2}, customer="0", state=InterviewState.RATING))
    await again(store, closed_visit("3", NOON - DAY, {"attitude": 2}, customer="0"))
    found = await Reader(store).ratings(NOON, NOON + DAY)
    assert [one.value for one in found.repeated] == [4]


async def test_where_counts_are_large_enough_nobody_needs_to_be_told_apart(store: Store) -> None:
    for number in range(9):
        await store_records(store, NOON, *closed_visit(str(number), NOON, {"attitude": 4}))
    await again(store, closed_visit("20", NOON, {"attitude": 4}, customer="0"))
    often = AskedOften()
    async with store.reading() as session:
        assert await often.most(session, NOON, NOON + DAY) == 2
        enough = await read_ratings(session, NOON, NOON + DAY, often)
        always = await read_ratings(session, NOON, NOON + DAY, None)
    assert (enough.repeated, len(always.repeated)) == ((), 2)  # ten answers, of which nobody gave more than two
    await again(store, closed_visit("21", NOON, {"attitude": 4}, customer="0"))
    async with store.reading() as session:
        assert await often.most(session, NOON, NOON + DAY) == 3
        assert len((await read_ratings(session, NOON, NOON + DAY, often)).repeated) == 3
