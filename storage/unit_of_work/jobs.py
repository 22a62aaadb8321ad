"""What the writer is asked to decide, and what it answers."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from scoring.values import Value, field, replace
from storage.connection.session import Session
from storage.model.errors import DecisionFailed
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.leases import Claimed
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["Call", "Committed", "Decision", "Job", "TransactionStep", "decided", "failed_job", "failure_reason"]

A = TypeVar("A")

TransactionStep = Callable[[Session, datetime], Awaitable[A]]
"""Work in a batch's transaction, after its decisions are written."""


class Decision(Value, Generic[A]):
    """What was decided: changes to save, and the answer for whoever asked."""

    changes: Changes
    answer: A


class Job(Value, Generic[A]):
    """Something to decide: what it has to look at, how it decides, and what to keep if deciding raises.

    `decide` may be called more than once, each time on fresh rows; only its last word counts.
    """

    needs: Needs
    decide: Callable[[Snapshot, datetime], Decision[A]]
    failed: Callable[[Exception, datetime], Changes] | None = None


class Committed(Value):
    """What a batch has saved, decision by decision; `claims` tell of the new messages that were to go at once.

    `waited` are the seconds that each decision took, from being asked for until it was saved.
    """

    decided: tuple[Changes, ...]
    claims: tuple[Claimed, ...] = ()
    waited: tuple[float, ...] = ()

    @property
    def changes(self) -> Changes:
        """Everything in one."""
        return Changes(
            tuple(each for changes in self.decided for each in changes.records),
            tuple(each for changes in self.decided for each in changes.settles),
            tuple(each for changes in self.decided for each in changes.cancels),
            tuple(each for changes in self.decided for each in changes.acknowledgements),
            tuple(each for changes in self.decided for each in changes.anonymizations),
        )


class Call(Value, Generic[A], eq=False):
    """Somebody waiting for a job, or for a step; `asked` is the moment on the loop's clock, in seconds."""

    job: Job[A] | None = None
    step: TransactionStep[A] | None = None
    asked: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    done: asyncio.Future[A] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, outcome: Any) -> None:  # noqa: ANN401 - an answer or an exception
        """Set the result, unless the caller was cancelled."""
        if self.done.done():
            return
        if isinstance(outcome, Exception):
            self.done.set_exception(outcome)
        else:
            self.done.set_result(outcome)


def decided(job: Job[Any], snapshot: Snapshot, now: datetime) -> tuple[Changes, object]:
    """Return what is to be saved and the answer; where deciding raises, what to keep of that and DecisionFailed."""
    try:
        decision = job.decide(snapshot, now)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a bug of ours, and the others go on
        return _kept(job, error, now), _failure(error)
    return decision.changes, decision.answer


def failed_job(job: Job[Any] | None, error: Exception) -> Job[Any]:
    """Return a job that fails with an error which came after its decision; raises that error if none is kept."""
    if job is None or job.failed is None:
        raise error

    def fail(_snapshot: Snapshot, _now: datetime) -> Decision[Any]:
        raise error.__cause__ if isinstance(error.__cause__, Exception) else error

    return replace(job, needs=Needs(), decide=fail)


def _kept(job: Job[Any], error: Exception, now: datetime) -> Changes:
    return job.failed(error, now) if job.failed else Changes()


def failure_reason(error: BaseException) -> str:
    """Return the kind of an error and where it was raised; never its text, which may quote what a customer wrote."""
    places = [(frame.f_globals["__name__"], line) for frame, line in traceback.walk_tb(error.__traceback__)]
    where = " at {}:{}".format(*places[-1]) if places else ""
    return f"{type(error).__name__}{where}"


def _failure(error: Exception) -> DecisionFailed:
    failure = DecisionFailed(failure_reason(error))
    failure.__cause__ = error
    return failure
