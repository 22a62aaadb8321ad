"""The only place of batching: while one commit is on its way to the disk, the next batch collects itself."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from scoring.values import replace
from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.errors import Unavailable, WriteConflict
from storage.unit_of_work.apply import apply
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import Call, Committed, Decision, Job, TransactionStep, decided, failed_job
from storage.unit_of_work.leases import Claimed, Recovered, claim, recover
from storage.unit_of_work.load import load
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.send_start import Go, opted_out_ids, start_sending

__all__ = ["Committed", "Decision", "Job", "TransactionStep", "Writer"]

A = TypeVar("A")


class Writer:
    """Decides and saves in batches; nobody hears of a decision before it is on the disk.

    `clock_now` gives each batch its instant (UTC); `on_commit` hears of each batch right after its callers.
    """

    def __init__(
        self,
        store: Store,
        clock_now: Callable[[], datetime],
        batch_limit: int = 200,
        on_commit: Callable[[Committed], None] = lambda _: None,
    ) -> None:
        self._store, self._now, self._limit, self._on_commit = store, clock_now, batch_limit, on_commit
        self._calls: deque[Call[Any]] = deque()
        self._loop: asyncio.Task[None] | None = None
        self._leavers: set[str] = set()  # who has opted out since we began: noted before that is saved
        self._starting: set[asyncio.Future[None]] = set()  # messages of whom nobody was noted begin to go
        self._is_stopping = False

    async def decide(self, job: Job[A]) -> A:
        """Decide, save and return the decision's answer.

        Raises DecisionFailed if deciding raised. WriteConflict (other processes kept changing the same rows) and
        Unavailable mean that nothing was saved.
        """
        return await self._call(Call(job))

    async def perform(self, step: TransactionStep[A]) -> A:
        """Run a step in the next batch's transaction; return what it gives, raise what it raises."""
        return await self._call(Call(step=step))

    async def claim(self, messages: Collection[str], until: datetime) -> list[Claimed]:
        """Take messages for sending until then; see `storage.unit_of_work.leases.claim`."""
        return await self.perform(
            lambda session, now: session.together(lambda inside: claim(inside, now, messages, until))
        )

    async def start_sending(self, leased: Mapping[str, str], go: Go) -> list[Claimed]:
        """Begin to send leased messages (with their customers) that are still wanted; see `send_start.start_sending`.

        Where no other process can save an opt-out, nobody has to be looked up who asked for none since we began.
        """
        if self._store.is_alone and self._leavers.isdisjoint(leased.values()):
            starting = asyncio.ensure_future(_begun(go, leased))
            self._starting.add(starting)
            starting.add_done_callback(self._starting.discard)
            await starting
            return []
        return await self.perform(lambda session, _now: start_sending(session, leased, go))

    async def recover(self, *, everything: bool) -> Recovered:
        """Settle messages whose sender died; see `storage.unit_of_work.leases.recover`."""
        return await self.perform(
            lambda session, now: session.together(lambda inside: recover(inside, now, everything=everything))
        )

    async def stop(self) -> None:
        """Save what was asked for; refuse what comes later."""
        self._is_stopping = True
        if self._loop is not None:
            await self._loop

    async def _call(self, call: Call[A]) -> A:
        if self._is_stopping:
            raise Unavailable("the service is stopping")
        self._calls.append(call)
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._drain())
        return await call.done

    async def _drain(self) -> None:
        while self._calls:
            taken = [self._calls.popleft() for _ in range(min(len(self._calls), self._limit))]
            batch = [call for call in taken if not call.done.done()]
            try:
                await self._commit(batch)
            except Unavailable as error:
                for call in batch:
                    call.settle(Unavailable(str(error)))
            except Exception:  # noqa: BLE001 - one call spoils it for all; alone, each fares as it deserves
                for call in batch:
                    await self._alone(call)

    async def _alone(self, call: Call[Any]) -> None:
        try:
            await self._commit([call])
        except (Unavailable, WriteConflict) as error:
            call.settle(error)
        except Exception as error:  # noqa: BLE001 - what was decided can never be saved: save that it failed
            try:
                await self._commit([replace(call, job=failed_job(call.job, error))])
            except Exception:  # noqa: BLE001 - not even that
                call.settle(error)

    async def _commit(self, calls: Sequence[Call[Any]]) -> None:
        changes, outcomes = await self._store.transaction(lambda session: self._fold(session, calls))
        for call, outcome in zip(calls, outcomes, strict=True):
            call.settle(outcome)
        asyncio.get_running_loop().call_soon(self._on_commit, Committed(tuple(changes)))

    async def _fold(self, session: Session, calls: Sequence[Call[Any]]) -> tuple[list[Changes], list[object]]:
        """One load, the decisions one after another, each seeing those before it, one apply; then the steps."""
        now, changes, outcomes = self._now(), [], {}
        needs = Needs.all(call.job.needs for call in calls if call.job)
        steps = [call for call in calls if call.step is not None]
        snapshot = await session.together(lambda inside: load(inside, needs, now))
        for call in calls:
            if call.job is not None:
                change, outcomes[call] = decided(call.job, snapshot, now)
                snapshot.absorb(change)
                changes.append(change)
        await self._note(opted_out_ids(changes))
        await session.together(lambda inside: apply(inside, changes), commits=not steps)
        for call in steps:
            if call.step is not None:
                outcomes[call] = await call.step(session, now)
        return changes, [outcomes[call] for call in calls]

    async def _note(self, leavers: Iterable[str]) -> None:
        """Note who opts out before that is saved, and let messages begin that go because nobody was noted before."""
        before = len(self._leavers)
        self._leavers.update(leavers)
        if len(self._leavers) > before and self._starting:
            await asyncio.wait(self._starting)


async def _begun(go: Go, leased: Mapping[str, str]) -> None:
    await go(leased.keys())
