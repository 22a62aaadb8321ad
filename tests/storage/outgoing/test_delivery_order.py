"""Whatever happens, fails, dies and is replayed: of one subject nothing is sent before what came before has arrived."""

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from scoring.values import replace
from storage.connection.store import Store
from storage.model.outgoing.hook_records import HookDeliveryStatus, HookEndpoint
from storage.outgoing.delivery_claims import (
    HOOK_LEASE,
    ClaimedDelivery,
    claim_deliveries,
    settle_delivery,
)
from storage.unit_of_work.writer import Writer
from tests.storage.sample_hooks import told
from tests.storage.samples import NOW, save
from tests.support.database.migrated import copy_migrated
from tests.support.examples import tries

CRM = HookEndpoint("hook_crm", "CRM", "https://crm.example.com/", NOW)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("happens"), st.integers(0, 2)),
        st.tuples(st.just("claims"), st.integers(1, 4)),
        st.tuples(st.sampled_from(["arrives", "fails", "arrives unheard"]), st.integers(0, 9)),
        st.tuples(st.just("passes"), st.integers(1, 40)),
    ),
    max_size=40,
)


class World:
    """A sender that is watched: what happened to each subject, what arrived, and what it has in its hands."""

    def __init__(self, writer: Writer) -> None:
        self.writer, self.now = writer, NOW
        self.happened: list[tuple[str, str]] = []
        self.arrived: list[str] = []
        self.held: list[ClaimedDelivery] = []

    async def happens(self, subject: int) -> None:
        """Let something happen to a subject."""
        number = len(self.happened)
        await save(self.writer, told(self.now, number, f"inv_{subject}"))
        self.happened.append((f"evt_{number}", f"inv_{subject}"))

    async def claims(self, most: int) -> None:
        """Claim what may go, and check that it may."""
        now = self.now
        fresh = await self.writer.perform(lambda session, _: claim_deliveries(session, now, CRM.id, most))
        held = {one.delivery.event for one in self.held if one.delivery.due_at > now}
        for one in fresh:
            assert one.delivery.event not in held, "it is in the hands of a sender that lives"
            before = [event for event, subject in self.happened if subject == one.delivery.subject]
            earlier = before[: before.index(one.delivery.event)]
            assert set(earlier) <= set(self.arrived), "something of this subject has not arrived yet"
        self.held += fresh

    async def ends(self, number: int, *, well: bool, told_of: bool = True) -> None:
        """Let a sending end; one that is not told of was cut off behind its arrival."""
        if not self.held:
            return
        one = self.held.pop(number % len(self.held))
        if well:
            self.arrived.append(one.delivery.event)
        if not told_of:
            return
        state = HookDeliveryStatus.DELIVERED if well else HookDeliveryStatus.WAITING
        settled = replace(one.delivery, state=state, due_at=self.now + timedelta(seconds=5))
        await self.writer.perform(lambda session, _: settle_delivery(session, settled))

    async def step(self, what: str, number: int) -> None:
        """Take one step."""
        match what:
            case "happens":
                await self.happens(number)
            case "claims":
                await self.claims(number)
            case "passes":
                self.now += timedelta(seconds=number)
            case _:
                await self.ends(number, well=what != "fails", told_of=what != "arrives unheard")

    async def everything_arrives(self) -> None:
        """Let nothing fail any more: what is left arrives, in the order in which it happened."""
        for _ in range(2 * len(self.happened) + 2):
            self.held.clear()
            self.now += HOOK_LEASE + timedelta(seconds=5)
            await self.claims(99)
            while self.held:
                await self.ends(0, well=True)
        assert {event for event, _ in self.happened} == set(self.arrived)


async def _live(folder: Path, steps: list[tuple[str, int]]) -> None:
    async with Store.open(f"sqlite:///{copy_migrated(folder / 'huifang.db')}") as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, CRM)
        world = World(writer)
        for what, number in steps:
            await world.step(what, number)
        await world.everything_arrives()
        await writer.stop()


@given(STEPS)
@tries(25)
def test_each_arrives_and_of_one_subject_in_order(steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory(dir="/tmp") as folder:
        asyncio.run(_live(Path(folder), steps))
