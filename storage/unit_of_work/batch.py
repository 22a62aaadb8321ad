"""Some calls on their way into one transaction: one load, the decisions in turn, one apply; then the steps."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from dialogs.outbox.model import SendingState
from storage.connection.session import Session
from storage.model.records import OutboxMessage
from storage.unit_of_work.apply import apply
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import Call, Committed, decided
from storage.unit_of_work.leases import Claimed, DepartureGate
from storage.unit_of_work.load import load
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.send_start import NotedOptOuts, opted_out_ids

__all__ = ["Batch"]

_FEW = 4
"""Decisions whose rows are looked up sooner than a thread is told to."""


class Batch:
    """Calls that share a transaction. `gate`, if any, says which new messages are leased as they are written."""

    def __init__(self, calls: Sequence[Call[Any]], gate: DepartureGate | None) -> None:
        self._calls, self._gate = calls, gate
        self._changes: list[Changes] = []
        self._outcomes: dict[Call[Any], object] = {}
        self._admitted: set[str] = set()
        self._claims: list[Claimed] = []

    async def run(self, session: Session, now: datetime, opt_outs: NotedOptOuts) -> None:
        """Decide and write, inside the transaction; each decision sees those before it."""
        needs = Needs.all(call.job.needs for call in self._calls if call.job)
        is_small = len(self._calls) <= _FEW and not (needs.roster or needs.waiting)
        snapshot = await session.together(lambda inside: load(inside, needs, now), is_look_up=is_small)
        for call in self._calls:
            if call.job is not None:
                change, self._outcomes[call] = decided(call.job, snapshot, now)
                snapshot.absorb(change)
                self._changes.append(change)
        await opt_outs.note(opted_out_ids(self._changes))
        self._admit(now)
        steps = [call for call in self._calls if call.step is not None]
        self._claims = await session.together(
            lambda inside: apply(inside, self._changes, now, self._admitted), commits=not steps
        )
        for call in steps:
            if call.step is not None:
                self._outcomes[call] = await call.step(session, now)

    def tell(self) -> Committed:
        """Answer the calls, now that everything is saved; return what was."""
        for call in self._calls:
            call.settle(self._outcomes[call])
        saved = asyncio.get_running_loop().time()
        waited = tuple(saved - call.asked for call in self._calls if call.job is not None)
        return Committed(tuple(self._changes), tuple(self._claims), waited)

    def give_up(self) -> None:
        """Take back what was admitted: nothing was saved."""
        if self._gate is not None and self._admitted:
            self._gate.withdraw(self._admitted)

    def _admit(self, now: datetime) -> None:
        records = chain.from_iterable(change.records for change in self._changes)
        fresh = [one for one in records if isinstance(one, OutboxMessage) and one.status is SendingState.PENDING]
        if self._gate is not None and fresh:
            self._admitted.update(self._gate.admit(fresh, now))
