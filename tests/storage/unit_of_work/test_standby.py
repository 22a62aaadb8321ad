"""A process that is not the one to send remembers nothing; when it comes to send, it sends what there is, at once."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.channels.telegram.rate_limits import RateLimiter, RateLimits
from bot.handlers.common.context import DecisionContext
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import Customer, OutboxMessage, Purpose
from storage.unit_of_work.changes import Cancel, Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.sending import Process, Wire, letter

CROWD = 40
SLOW = RateLimits(rate=1)
"""At this pace the crowd takes longer than anybody waits for one more message."""


def crowd(process: Process) -> list[OutboxMessage]:
    return [letter(process, f"old-{person}", person, Purpose.SURVEY) for person in range(1, CROWD + 1)]


def customers() -> list[Customer]:
    return [Customer(f"c-{person}") for person in range(1, CROWD + 2)]


def is_over(rows: dict[str, OutboxMessage]) -> bool:
    return not {one.status for one in rows.values()} & {SendingState.PENDING, SendingState.LEASED}


async def remembered(process: Process) -> int:
    """Count the messages in the sender's memory, once it has been told of what is saved."""
    await asyncio.sleep(0.05)
    return len(process.sender.queue)


async def test_what_others_send_is_not_remembered_by_a_process_that_only_decides(store: Store) -> None:
    process = Process(store, wire := Wire())
    await process.decides_on(*customers(), *crowd(process))
    assert await remembered(process) == 0
    async with process.sending():
        await process.rows_when(is_over)
    assert len(wire.begun) == CROWD
    await process.decides_on(letter(process, "later"))
    assert await remembered(process) == 0
    await process.writer.stop()


async def test_a_role_that_is_lost_leaves_nothing_behind(store: Store) -> None:
    process = Process(store, Wire(), pacers={"sandbox": RateLimiter(SLOW)})
    async with process.sending():
        await process.decides_on(*customers(), *crowd(process))
        assert await remembered(process) > CROWD / 2
    assert await remembered(process) == 0
    await process.writer.stop()


async def test_a_takeover_begins_with_what_there_is(url: str, store: Store) -> None:
    if store.is_alone:
        return  # there is no other process
    async with Store.open(url) as elsewhere:
        first, standby = (
            Process(store, Wire()),
            Process(elsewhere, wire := Wire(), pacers={"sandbox": RateLimiter(SLOW)}),
        )
        await standby.decides_on(*customers(), *crowd(standby))
        async with first.sending():
            await first.rows_when(is_over)
        await standby.decides_on(letter(standby, "new", CROWD + 1, Purpose.CLOSURE))
        async with standby.sending():
            await wire.until_begun("new")
        assert wire.begun == ["new"]
        await first.writer.stop()
        await standby.writer.stop()


async def test_what_is_not_sent_costs_no_pace(store: Store) -> None:
    process = Process(store, wire := Wire(), pacers={"sandbox": RateLimiter(SLOW)})
    async with process.sending():
        await process.decides_on(*customers(), *crowd(process))
        await _cancels(process, [f"c-{person}" for person in range(1, CROWD + 1)])
        await process.decides_on(letter(process, "new", CROWD + 1, Purpose.CLOSURE))  # less urgent than the crowd
        await wire.until_begun("new")
    await process.writer.stop()


async def test_what_came_too_late_costs_no_pace(store: Store) -> None:
    process = Process(store, wire := Wire(), pacers={"sandbox": RateLimiter(SLOW)})
    past = process.clock.now() - timedelta(hours=1)
    late = (replace(one, expires_at=past, not_before=past) for one in crowd(process))
    await process.decides_on(*customers(), *late, letter(process, "new", CROWD + 1, Purpose.CLOSURE))
    async with process.sending():
        await wire.until_begun("new")
        await process.rows_when(is_over)
    assert wire.begun == ["new"]
    await process.writer.stop()


async def test_a_campaign_keeps_its_pace_only_for_what_goes(store: Store) -> None:
    process = Process(store, wire := Wire())
    offers = [replace(one, campaign="cam_1", per_minute=240) for one in crowd(process)]
    async with process.sending():
        await process.decides_on(*customers(), *offers)
        await _cancels(process, [f"c-{person}" for person in range(1, CROWD)])
        await wire.until_begun(f"old-{CROWD}")
    await process.writer.stop()


async def _cancels(process: Process, whom: Sequence[str]) -> None:
    await asyncio.sleep(0.3)
    cancels = tuple(Cancel((Purpose.SURVEY,), customer=one) for one in whom)

    def decide(_context: DecisionContext) -> Decision[None]:
        return Decision(Changes(cancels=cancels), None)

    await process.receiver.do(Needs(), decide)
