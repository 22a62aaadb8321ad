"""Ratings as they stand: a correction replaces the value, and whether it counts is decided with each."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from dialogs.interview.model import InterviewState
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.fact_records import RatingFact, RatingStatus
from storage.schema import tables as t
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, person, save, soon

GIVEN = RatingFact(
    *("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, NOW, "telegram"),
)
UNDONE = replace(GIVEN, status=RatingStatus.UNDONE)
EXCLUDED = replace(GIVEN, status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED)
LATER = soon(minutes=1)


CORRECTED: dict[str, Any] = {"value": 5, "at": LATER}
STEPS: dict[str, tuple[RatingFact, RatingFact]] = {
    "corrected": (GIVEN, replace(GIVEN, **CORRECTED)),
    "found important": (GIVEN, replace(GIVEN, importance=5)),
    "taken back": (GIVEN, UNDONE),
    "given again": (UNDONE, replace(GIVEN, **CORRECTED)),
    "corrected while excluded": (EXCLUDED, replace(EXCLUDED, **CORRECTED)),
    "taken back while excluded": (EXCLUDED, UNDONE),
    "excluded": (GIVEN, EXCLUDED),
    "restored": (EXCLUDED, GIVEN),
}


async def test_a_rating_stands_as_it_was_decided_last(store: Store, writer: Writer) -> None:
    await save(writer, *person(), *asked())
    untouched = replace(GIVEN, item="speed", at=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    await save(writer, untouched, *(replace(before, item=name) for name, (before, _) in STEPS.items()))
    await save(writer, *(replace(after, item=name) for name, (_, after) in STEPS.items()))
    async with store.reading() as session:
        found = await session.records(RatingFact, all_of(RatingFact))
    expected = {name: replace(after, item=name) for name, (_, after) in STEPS.items()} | {"speed": untouched}
    assert {one.item: one for one in found} == expected


async def test_an_item_is_stored_once_also_where_its_first_rating_is_rolled_back(store: Store, writer: Writer) -> None:
    visit = asked()
    await save(writer, *person(), *visit)
    stale = replace(visit[1], state=InterviewState.COMPLETED, version=7)
    with pytest.raises(WriteConflict):
        await save(writer, GIVEN, stale)
    for scale in (5, 5, 10):
        await save(writer, replace(GIVEN, highest=scale, response=f"int_{scale}"))
    async with store.reading() as session:
        items = await session.fetch(select(t.rated_items.c.item, t.rated_items.c.highest))
        rated = await session.fetch(select(t.ratings.c.response))
    assert sorted(items) == [("care", 5), ("care", 10)]
    assert sorted(rated) == [("int_10",), ("int_5",)]
