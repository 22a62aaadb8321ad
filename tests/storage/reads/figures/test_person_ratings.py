"""Ratings are read one by one with who gave them, on both databases, and are the same as those of the sums."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dialogs.interview.model import InterviewState
from scoring.effects.before_after import PersonRating
from scoring.metrics.facts import RatingCount
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.reads.figures.person_ratings import TAGGED, read_person_ratings
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Record
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def tagged(records: Sequence[Record], *tags: str) -> list[Record]:
    return [replace(one, tags=tags) if isinstance(one, Closing) else one for one in records]


async def read(store: Store, tag: str = "", until: datetime = NOON + DAY) -> list[PersonRating]:
    return await read_person_ratings(store, NOON, until, tag)


def plain(one: RatingCount) -> tuple[object, ...]:
    keys = {key: value for key, value in one.keys.items() if key != TAGGED}
    return (*sorted(keys.items()), one.value, one.scale.lowest, one.scale.highest, one.excluded)


async def test_each_rating_has_its_customer_and_whether_its_closing_has_the_tag(store: Store) -> None:
    await store_records(store, NOON, *tagged(closed_visit("1", NOON, {"attitude": 5, "convenience": 4}), "x", "new"))
    await store_records(store, NOON, *tagged(closed_visit("2", NOON, {"attitude": 3}), "newer"))
    found = await read(store, "new")
    assert sorted((one.person, one.rating.keys["question"], one.rating.keys[TAGGED]) for one in found) == [
        ("c-1", "attitude", "yes"),
        ("c-1", "convenience", "yes"),
        ("c-2", "attitude", "no"),
    ]
    assert {one.rating.keys[TAGGED] for one in await read(store)} == {"no"}


async def test_they_are_those_that_the_sums_count_one_each(store: Store) -> None:
    for number in range(6):
        team, sold = "north" if number % 2 else "south", f"p{number % 3}"
        given = {"attitude": 1 + number % 5}
        await store_records(store, NOON, *closed_visit(str(number), NOON, given, team=team, product=sold))
    excluded = [
        replace(one, status=RatingStatus.EXCLUDED, reason=ExclusionReason.TEST) if isinstance(one, RatingFact) else one
        for one in closed_visit("out", NOON, {"attitude": 1})
    ]
    await store_records(store, NOON, *excluded)
    await store_records(store, NOON, *closed_visit("on", NOON, {"attitude": 2}, state=InterviewState.RATING))
    ones, sums = await read(store), (await Reader(store).ratings(NOON, NOON + DAY)).counts
    assert {one.rating.n for one in ones} == {1}
    assert Counter(plain(one.rating) for one in ones) == Counter({plain(one): one.n for one in sums})
    assert {one.rating.excluded for one in ones} == {"", "test", "unfinished"}


async def test_the_window_has_its_first_moment_and_not_its_last(store: Store) -> None:
    for number, at in enumerate((NOON - timedelta(seconds=1), NOON, NOON + DAY - timedelta(seconds=1), NOON + DAY)):
        await store_records(store, NOON, *closed_visit(str(number), at, {"attitude": 5}))
    assert sorted(one.person for one in await read(store)) == ["c-1", "c-2"]
