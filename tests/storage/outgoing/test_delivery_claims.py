"""Who may send a delivery: one sender at a time, the oldest of each subject, and nobody to an endpoint that is gone."""

import asyncio
from datetime import datetime, timedelta

import pytest

from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.outgoing.hook_records import (
    EndpointStatus,
    HookDelivery,
    HookDeliveryStatus,
    HookEndpoint,
    HookEventType,
)
from storage.outgoing.delivery_claims import (
    HOOK_LEASE,
    ClaimedDelivery,
    claim_deliveries,
    drop_deliveries,
    drop_undelivered,
    make_all_due,
    make_due,
    settle_delivery,
)
from storage.outgoing.old_events import delete_events, forget_subjects
from storage.reads.outgoing.hook_reads import HookReads
from storage.unit_of_work.writer import Writer
from tests.storage.sample_hooks import told
from tests.storage.samples import NOW, save

CRM = HookEndpoint("hook_crm", "CRM", "https://crm.example.com/", NOW)


class Desk:
    """An endpoint with what is claimed for it."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self.store, self.writer, self.reads = store, writer, HookReads(store)

    async def claim(self, at: datetime = NOW, most: int = 9) -> list[ClaimedDelivery]:
        """Claim what is due at a moment."""
        return await self.writer.perform(lambda session, _: claim_deliveries(session, at, CRM.id, most))

    async def settle(self, delivery: HookDelivery) -> bool:
        """Write down what became of one."""
        return await self.writer.perform(lambda session, _: settle_delivery(session, delivery))

    async def drop(self, number: int, at: datetime) -> bool:
        """Drop one at a moment."""
        return await self.writer.perform(lambda session, _: drop_undelivered(session, at, number))

    async def log(self) -> list[HookDelivery]:
        """Return every delivery, the oldest first."""
        return list(reversed((await self.reads.deliveries(CRM.id, None, 100)).items))


@pytest.fixture
async def desk(store: Store, writer: Writer) -> Desk:
    await save(writer, CRM)
    return Desk(store, writer)


def arrived(one: ClaimedDelivery) -> HookDelivery:
    return replace(one.delivery, state=HookDeliveryStatus.DELIVERED, code=200, milliseconds=12)


def failed(one: ClaimedDelivery, due_at: datetime) -> HookDelivery:
    return replace(one.delivery, state=HookDeliveryStatus.WAITING, due_at=due_at, code=500, why="it answered 500")


def subjects_left(found: list[HookDelivery]) -> list[str]:
    return [one.event for one in found]


def subjects(claimed: list[ClaimedDelivery]) -> list[str]:
    return [one.delivery.event for one in claimed]


async def test_what_happened_is_claimed_once_with_its_body(desk: Desk) -> None:
    await save(desk.writer, told(NOW))
    (one,) = await desk.claim()
    assert (one.body, one.delivery.attempts, one.delivery.since) == ('{"data":1}', 1, NOW)
    assert await desk.claim() == []
    assert (await desk.log())[0].state is HookDeliveryStatus.SENDING


async def test_a_sender_that_died_leaves_it_to_the_next_when_its_lease_ends(desk: Desk) -> None:
    await save(desk.writer, told(NOW))
    (first,) = await desk.claim()
    assert await desk.claim(NOW + HOOK_LEASE - timedelta(seconds=1)) == []
    (second,) = await desk.claim(NOW + HOOK_LEASE)
    assert (second.delivery.attempts, second.delivery.since) == (2, NOW)
    assert not await desk.settle(arrived(first))  # it is not the dead one's to tell of any more
    assert await desk.settle(arrived(second))
    assert (await desk.log())[0].state is HookDeliveryStatus.DELIVERED


async def test_of_one_subject_the_next_waits_until_the_one_before_has_arrived(desk: Desk) -> None:
    for number, subject in enumerate(("inv_1", "inv_1", "inv_2", "inv_1"), 1):
        await save(desk.writer, told(NOW, number, subject))
    first, other = await desk.claim()
    assert subjects([first, other]) == ["evt_1", "evt_3"]
    later = NOW + timedelta(seconds=5)
    await desk.settle(failed(first, later))
    await desk.settle(arrived(other))
    assert await desk.claim(NOW + timedelta(seconds=4)) == []
    (again,) = await desk.claim(later)
    assert again.delivery.event == "evt_1"
    await desk.settle(arrived(again))
    (second,) = await desk.claim(later)
    assert second.delivery.event == "evt_2"


async def test_one_that_is_dropped_lets_the_later_ones_of_its_subject_go(desk: Desk) -> None:
    await save(desk.writer, told(NOW, 1), told(NOW, 2))
    (first,) = await desk.claim()
    number = first.delivery.number
    assert not await desk.drop(number, NOW)  # it is being sent
    await desk.settle(failed(first, NOW + timedelta(hours=1)))
    assert await desk.claim() == []
    assert await desk.drop(number, NOW)
    assert not await desk.drop(number, NOW)
    (second,) = await desk.claim()
    assert second.delivery.event == "evt_2"
    await desk.settle(arrived(second))
    assert not await desk.drop(second.delivery.number, NOW + timedelta(days=1))  # it has arrived
    assert subjects_left(await desk.log()) == ["evt_2"]


async def test_one_whose_sender_died_can_be_dropped_when_its_lease_ends(desk: Desk) -> None:
    await save(desk.writer, told(NOW))
    (one,) = await desk.claim()
    assert not await desk.drop(one.delivery.number, NOW + HOOK_LEASE - timedelta(seconds=1))
    assert await desk.drop(one.delivery.number, NOW + HOOK_LEASE)
    assert not await desk.settle(arrived(one))  # the dead one's outcome comes too late
    assert await desk.log() == []


async def test_what_is_next_is_told_of_what_may_go_only(desk: Desk) -> None:
    assert await desk.reads.next_due(CRM.id) is None
    await save(desk.writer, told(NOW, 1), told(NOW, 2))
    assert await desk.reads.next_due(CRM.id) == NOW
    (one,) = await desk.claim()
    assert await desk.reads.next_due(CRM.id) == NOW + HOOK_LEASE
    await desk.settle(failed(one, NOW + timedelta(hours=1)))
    assert await desk.reads.next_due(CRM.id) == NOW + timedelta(hours=1)


@pytest.mark.parametrize("state", [EndpointStatus.DISABLED, EndpointStatus.REMOVED])
async def test_an_endpoint_that_is_not_active_gets_nothing(desk: Desk, state: EndpointStatus) -> None:
    await save(desk.writer, told(NOW))
    await save(desk.writer, replace(CRM, state=state, version=1))
    assert await desk.claim() == []


async def test_a_disabled_endpoint_is_kept_what_happens_and_a_removed_one_is_not(desk: Desk) -> None:
    await save(desk.writer, replace(CRM, state=EndpointStatus.DISABLED, version=1))
    await save(desk.writer, told(NOW, 1))
    await save(desk.writer, replace(CRM, state=EndpointStatus.REMOVED, version=2))
    await save(desk.writer, told(NOW, 2))
    assert [one.event for one in await desk.log()] == ["evt_1"]
    assert await desk.reads.endpoints() == []
    assert await desk.reads.endpoint(CRM.id) is None


async def test_an_endpoint_that_hears_other_things_only_is_not_told(desk: Desk) -> None:
    await save(desk.writer, replace(CRM, events=(HookEventType.ISSUE_OPENED,), version=1))
    await save(desk.writer, told(NOW))
    assert await desk.log() == []


async def test_the_same_event_twice_is_one_delivery(desk: Desk) -> None:
    await save(desk.writer, told(NOW))
    await save(desk.writer, told(NOW))
    assert len(await desk.log()) == 1


async def test_one_that_arrived_can_be_sent_once_more_before_what_follows(desk: Desk) -> None:
    await save(desk.writer, told(NOW, 1))
    (one,) = await desk.claim()
    await desk.settle(arrived(one))
    await desk.writer.perform(lambda session, _: make_due(session, NOW, [one.delivery.number]))
    await save(desk.writer, told(NOW, 2))
    assert subjects(await desk.claim()) == ["evt_1"]


async def test_what_waits_for_an_endpoint_is_let_go_at_once_and_its_day_begins_anew(desk: Desk) -> None:
    await save(desk.writer, told(NOW, 1))
    (one,) = await desk.claim()
    await desk.settle(failed(one, NOW + timedelta(hours=1)))
    await desk.writer.perform(lambda session, _: make_all_due(session, NOW, CRM.id))
    later = NOW + timedelta(minutes=1)
    (again,) = await desk.claim(later)
    assert again.delivery.since == later


async def test_a_sender_takes_no_more_than_it_can_carry(desk: Desk) -> None:
    for number in range(5):
        await save(desk.writer, told(NOW, number, f"inv_{number}"))
    assert len(await desk.claim(most=2)) == 2
    assert len(await desk.claim(most=9)) == 3


async def test_whether_something_is_under_way_is_known(desk: Desk) -> None:
    await save(desk.writer, told(NOW))
    assert not await desk.reads.is_under_way(CRM.id, NOW)
    (one,) = await desk.claim()
    assert await desk.reads.is_under_way(CRM.id, NOW)
    assert not await desk.reads.is_under_way(CRM.id, NOW + HOOK_LEASE)
    await desk.settle(arrived(one))
    assert not await desk.reads.is_under_way(CRM.id, NOW)


async def test_deliveries_are_listed_by_pages_the_newest_first(desk: Desk) -> None:
    for number in range(5):
        await save(desk.writer, told(NOW, number))
    first = await desk.reads.deliveries(CRM.id, None, 3)
    second = await desk.reads.deliveries(CRM.id, first.next, 3)
    assert [one.event for one in (*first.items, *second.items)] == [f"evt_{number}" for number in (4, 3, 2, 1, 0)]
    assert second.next is None


async def test_what_is_deleted_takes_its_deliveries_with_it(desk: Desk) -> None:
    await save(desk.writer, told(NOW, 1), told(NOW, 2), told(NOW, 3, "inv_2"))
    await desk.writer.perform(lambda session, now: delete_events(["evt_1"], session, now))
    assert [one.event for one in await desk.log()] == ["evt_2", "evt_3"]
    await desk.writer.perform(lambda session, now: forget_subjects(session, ["inv_1"], now))
    assert [one.event for one in await desk.log()] == ["evt_3"]
    await desk.writer.perform(lambda session, _: drop_deliveries(session, CRM.id))
    assert await desk.log() == []


async def test_two_processes_claim_different_deliveries(migrated_postgres: str) -> None:
    """Each takes what it can at the same moments, and none is taken twice."""
    async with Store.open(migrated_postgres) as one, Store.open(migrated_postgres) as other:
        writers = [Writer(store, lambda: NOW) for store in (one, other)]
        await save(writers[0], CRM, *(told(NOW, number, f"inv_{number}") for number in range(40)))
        desks = [Desk(store, writer) for store, writer in zip((one, other), writers, strict=True)]
        taken = list[str]()
        while len(taken) < 40:
            for desk in desks:
                taken += subjects(await desk.claim(most=3))
        assert sorted(taken) == sorted(f"evt_{number}" for number in range(40))
        for writer in writers:
            await writer.stop()


async def test_an_endpoint_is_removed_before_a_claim_or_after_it(migrated_postgres: str) -> None:
    """While one process claims, another's removal waits: what it waits for next is then to be seen."""
    async with Store.open(migrated_postgres) as one, Store.open(migrated_postgres) as other:
        claims, removes = (Writer(store, lambda: NOW) for store in (one, other))
        await save(claims, CRM, told(NOW, 1, "inv_1"))
        claimed, ends = asyncio.Event(), asyncio.Event()

        async def claim(session: Session, _: datetime) -> None:
            await claim_deliveries(session, NOW, CRM.id, 9)
            claimed.set()
            await ends.wait()

        claiming = asyncio.create_task(claims.perform(claim))
        await claimed.wait()
        stored = await HookReads(other).endpoint(CRM.id)
        assert stored is not None
        removing = asyncio.create_task(save(removes, replace(stored, state=EndpointStatus.REMOVED)))
        done, _ = await asyncio.wait([removing], timeout=0.3)
        ends.set()
        await asyncio.gather(claiming, removing)
        assert not done
        assert await HookReads(other).is_under_way(CRM.id, NOW)
        assert await Desk(other, removes).claim(NOW + HOOK_LEASE) == []
        for writer in (claims, removes):
            await writer.stop()
