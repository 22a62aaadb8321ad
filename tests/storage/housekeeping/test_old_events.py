"""What webhooks told goes after its time, whether it arrived or not, and not later than customers' words."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.jobs.retention import housekeeping_periods
from config.settings.settings import RetentionSettings
from scoring.values import replace
from storage.connection.store import Store
from storage.housekeeping.runner import HousekeepingPeriods, keep_house
from storage.housekeeping.walk import PORTION
from storage.model.outgoing.hook_records import EndpointStatus
from storage.schema import tables as t
from storage.unit_of_work.writer import Writer
from tests.storage.sample_hooks import listening, told
from tests.storage.samples import NOW, save, soon

DAYS = timedelta(days=1)
PERIODS = HousekeepingPeriods(webhooks=30 * DAYS)
COUNTS = [select(func.count()).select_from(table) for table in (t.hook_events, t.hook_deliveries, t.hook_endpoints)]


async def counts(store: Store) -> list[int]:
    """Return how many events, deliveries and endpoints there are."""
    async with store.reading() as session:
        return [(await session.fetch(count))[0][0] for count in COUNTS]


async def test_events_past_their_time_go_with_their_deliveries(store: Store, writer: Writer) -> None:
    await save(writer, replace(listening(NOW), state=EndpointStatus.ACTIVE))
    await save(writer, *(told(NOW, number) for number in range(PORTION + 20)))
    await save(writer, told(soon(days=10), 1000))
    assert await counts(store) == [PORTION + 21, PORTION + 21, 1]
    assert (await keep_house(store, writer, PERIODS, soon(days=30)))["webhooks"] == 0
    assert (await keep_house(store, writer, PERIODS, soon(days=31)))["webhooks"] == PORTION + 20
    assert await counts(store) == [1, 1, 1]


async def test_kept_for_ever_is_kept(store: Store, writer: Writer) -> None:
    await save(writer, listening(NOW), told(NOW))
    assert (await keep_house(store, writer, HousekeepingPeriods(), soon(days=4000)))["webhooks"] == 0
    assert await counts(store) == [1, 1, 1]


async def test_what_is_left_for_another_run_is_left(store: Store, writer: Writer) -> None:
    await save(writer, listening(NOW), *(told(NOW, number) for number in range(PORTION + 20)))
    left = iter((True, True))
    deleted = await keep_house(store, writer, PERIODS, soon(days=31), lambda: next(left, False))
    assert deleted["webhooks"] <= PORTION
    await keep_house(store, writer, PERIODS, soon(days=31))
    assert await counts(store) == [0, 0, 1]


@pytest.mark.parametrize(
    ("webhooks", "texts", "days"),
    [("30d", "365d", 30), ("30d", "7d", 7), ("off", "90d", 90), ("30d", "off", 30), ("off", "off", None)],
)
def test_a_copy_of_a_customers_words_goes_no_later_than_the_words(webhooks: str, texts: str, days: int | None) -> None:
    periods = housekeeping_periods(RetentionSettings.model_validate({"webhooks": webhooks, "texts": texts}), {})
    assert periods.webhooks == (None if days is None else days * DAYS)
