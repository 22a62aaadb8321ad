"""Ratings as they stand: a correction replaces the value, and whether it counts is decided with each."""

from datetime import datetime

import pytest

from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.fact_records import RatingFact, RatingStatus
from storage.unit_of_work.selects import all_of
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, save, soon

GIVEN = RatingFact(
    *("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, NOW, "telegram"),
)
UNDONE = replace(GIVEN, status=RatingStatus.UNDONE)
EXCLUDED = replace(GIVEN, status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED)
LATER = soon(minutes=1)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (GIVEN, replace(GIVEN, value=5, at=LATER), replace(GIVEN, value=5, at=LATER)),
        (GIVEN, UNDONE, UNDONE),
        (UNDONE, replace(GIVEN, value=4, at=LATER), replace(GIVEN, value=4, at=LATER)),
        (EXCLUDED, replace(EXCLUDED, value=5, at=LATER), replace(EXCLUDED, value=5, at=LATER)),
        (EXCLUDED, UNDONE, UNDONE),
        (GIVEN, EXCLUDED, EXCLUDED),
        (EXCLUDED, GIVEN, GIVEN),
    ],
    ids=[
        "corrected",
        "taken back",
        "given again",
        "corrected while excluded",
        "undone while excluded",
        "excluded",
        "restored",
    ],
)
async def test_a_rating_stands_as_it_was_decided_last(
    store: Store, writer: Writer, before: RatingFact, now: RatingFact, expected: RatingFact
) -> None:
    other = replace(GIVEN, item="speed", at=datetime.fromisoformat("2026-01-01T00:00:00Z"))
    await save(writer, before, other)
    await save(writer, now)
    async with store.reading() as session:
        found = await session.records(RatingFact, all_of(RatingFact))
    assert {one.item: one for one in found} == {"care": expected, "speed": other}
