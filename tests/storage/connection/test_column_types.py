"""Instants come back as they were stored, sort as they follow each other, and take few bytes where rows are many."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect, make_url

from storage.schema.column_types import CompactInstant, Instant

MOMENTS = (
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 59, 1, tzinfo=UTC),
    datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
    datetime(2026, 11, 22, 2, 30, 0, 123_456, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
)
_URLS = ("sqlite", "postgresql+asyncpg")
DIALECTS: dict[str, Dialect] = {name: make_url(f"{name}://").get_dialect()() for name in _URLS}
SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize("kind", [Instant(), CompactInstant()], ids=["text", "number"])
def test_an_instant_comes_back_and_sorts_as_it_is(kind: Instant | CompactInstant) -> None:
    encode, decode = kind.bind_processor(DIALECTS["sqlite"]), kind.result_processor(DIALECTS["sqlite"], None)
    assert decode is not None
    stored = [encode(moment) for moment in MOMENTS]
    assert [decode(one) for one in stored] == list(MOMENTS)
    assert sorted(stored) == stored
    assert [encode(moment.astimezone(SHANGHAI)) for moment in MOMENTS] == stored


@pytest.mark.parametrize("name", DIALECTS)
def test_an_instant_without_a_time_zone_is_refused(name: str) -> None:
    for kind in (Instant(), CompactInstant()):
        with pytest.raises(ValueError, match="without a time zone"):
            kind.bind_processor(DIALECTS[name])(datetime(2026, 11, 22, 2, 30))  # noqa: DTZ001 (that is the point)
