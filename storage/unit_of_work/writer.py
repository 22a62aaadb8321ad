"""The only place of batching: while one commit is on its way to the disk, the next batch collects itself."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import Context
from datetime import datetime
from typing import Any, TypeVar

from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import ConnectionLost, Unavailable, WriteConflict
from storage.unit_of_work.batch import Batch
from storage.unit_of_work.jobs import Call, Committed, Decision, Job, TransactionStep, failed_job
from storage.unit_of_work.leases import Claimed, DepartureGate, Recovered, claim, hand_back, recover
from storage.unit_of_work.send_start import Go, NotedOptOuts, start_sending

__all__ = ["Committed", "Decision", "Job", "TransactionStep", "Writer"]

A = TypeVar("A")


class Writer:
    """Decides and saves in batches; a decision is known to nobody before it is on the disk.

    `clock_now` gives each batch its instant (UTC); `on_commit` gets each batch right after its callers; `gate` says
    which new messages this process may lease as they are written (none without it).
    """

    shares_within = 0.1
    """Seconds that a decision which nobody waits for may wait for another one to share its commit."""

    def __init__(
        self,
        store: Store,
        clock_now: Callable[[], datetime],
        batch_limit: int = 200,
        on_commit: Callable[[Committed], None] = lambda _: None,
        gate: DepartureGate | None = None,
    ) -> None:
        self._store, self._now, self._limit = store, clock_now, batch_limit
        self._on_commit, self._gate = on_commit, gate
        self._calls: deque[Call[Any]] = deque()
        self._waiting: deque[Call[Any]] = deque()  # those that wait for company
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.Task[None] | None = None
        self._opt_outs = NotedOptOuts()
        self._is_stopping = False
        self._has_failed = False

    @property
    def has_failed(self) -> bool:
        """Whether the database was unavailable, and nothing has been written since."""
        return self._has_failed

    async def decide(self, job: Job[A], *, waits: bool = False) -> A:
        """Decide, save and return the decision's answer.

        One that `waits` is saved with the next batch, or by itself after 100 ms. Raises DecisionFailed if deciding
        raised. WriteConflict (other processes kept changing the same rows) and Unavailable mean that nothing was saved.
        """
        return await self._call(Call(job), waits=waits)

    async def perform(self, step: TransactionStep[A]) -> A:
        """Run a step in the next batch's transaction; return what it gives, raise what it raises.

        As a decision it may be run more than once, and only its last run counts: what it does elsewhere has to bear it.
        """
        return await self._call(Call(step=step))

    async def claim(self, messages: Collection[str], until: datetime, doubt: Doubt | None = None) -> list[Claimed]:
        """Take messages for sending until then; see `storage.unit_of_work.leases.claim`."""
        return await self.perform(
            lambda session, now: session.together(lambda inside: claim(inside, now, messages, until, doubt))
        )

    async def start_sending(self, leased: Mapping[str, str], go: Go) -> list[Claimed]:
        """Begin to send leased messages (with their customers) that are still wanted; see `send_start`."""
        if self._store.is_alone and await self._opt_outs.start(leased, go):
            return []
        begun: set[str] = set()

        async def go_once(messages: Collection[str]) -> None:
            begun.update(messages)
            await go(messages)

        def rest() -> Mapping[str, str]:
            """Return what has not begun: a transaction may be run again, but nothing that went is taken back by it."""
            return {one: customer for one, customer in leased.items() if one not in begun}

        return await self.perform(lambda session, _now: start_sending(session, rest(), go_once))

    async def recover(self, *, everything: bool) -> Recovered:
        """Settle messages whose sender died; see `storage.unit_of_work.leases.recover`."""
        return await self.perform(
            lambda session, now: session.together(lambda inside: recover(inside, now, everything=everything))
        )

    async def hand_back(self, messages: Callable[[], Collection[str]]) -> int:
        """Return leases that this process may hold without having begun; see `storage.unit_of_work.leases`.

        `messages` is called in the transaction, after the decisions of its batch have leased theirs.
        """
        return await self.perform(
            lambda session, _now: session.together(lambda inside: hand_back(inside, sorted(messages())))
        )

    async def stop(self) -> None:
        """Save what was asked for; refuse what comes later."""
        self._is_stopping = True
        self._begin()
        if self._loop is not None:
            await asyncio.shield(self._loop)  # a stop that is cut short cuts no commit

    async def _call(self, call: Call[A], *, waits: bool = False) -> A:
        if self._is_stopping:
            raise Unavailable("the service is stopping: try again when it runs")
        if waits:
            self._waiting.append(call)
            self._timer = self._timer or asyncio.get_running_loop().call_later(self.shares_within, self._begin)
        else:
            self._calls.append(call)
            self._begin()
        return await call.done

    def _begin(self) -> None:
        """Add what waits to the next batch, and begin it unless one is on its way."""
        self._calls.extendleft(reversed(self._waiting))
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._calls and (self._loop is None or self._loop.done()):
            # In a context of its own: what it logs belongs to all who wait, not to the request that came first.
            self._loop = asyncio.create_task(self._drain(), context=Context())

    async def _drain(self) -> None:
        while self._calls:
            taken = [self._calls.popleft() for _ in range(min(len(self._calls), self._limit))]
            batch = [call for call in taken if not call.done.done()]
            try:
                await self._commit(batch, self._gate)
            except Unavailable as error:
                for call in batch:
                    call.settle(type(error)(str(error)))
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

    async def _commit(self, calls: Sequence[Call[Any]], gate: DepartureGate | None = None) -> None:
        try:
            batch = await self._save(calls, gate)
        except Unavailable:
            self._has_failed = True
            raise
        committed = batch.tell()
        self._has_failed = self._has_failed and not any(committed.decided)
        asyncio.get_running_loop().call_soon(self._on_commit, committed)

    async def _save(self, calls: Sequence[Call[Any]], gate: DepartureGate | None) -> Batch:
        """Run a batch in a transaction, and in a second one where the first lost its connection before the commit."""
        try:
            return await self._transact(Batch(calls, gate))
        except ConnectionLost:
            pass
        try:
            return await self._transact(Batch(calls, gate))
        except ConnectionLost as error:
            raise Unavailable(str(error)) from error

    async def _transact(self, batch: Batch) -> Batch:
        try:
            await self._store.transaction(lambda session: batch.run(session, self._now(), self._opt_outs))
        except BaseException:
            batch.give_up()
            raise
        return batch
