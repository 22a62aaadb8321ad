"""Looks every minute at the findings whose time has come: reminds, escalates, and verifies what was done.

A verification waits while some who were asked in its window may still answer, at most a week after its end.
"""

from datetime import timedelta

from bot.handlers.improvement.commands import conclude_measure, finding_needs
from bot.handlers.improvement.terms import BY_TIME, pass_term, postpone_verification
from bot.jobs.improvement.measure_result import verified
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from bot.receiver import Receiver
from dialogs.improvement.model import Finding, FindingState
from scoring.values import Value
from storage.model.errors import NOT_SAVED, DecisionFailed, Unavailable
from storage.reads.reader import Reader

__all__ = ["FindingTermJob"]

_LOOKS_EVERY = 60.0
"""Seconds."""
_AGAIN = timedelta(hours=6)
_AT_MOST = timedelta(days=7)


class FindingTermJob(Value, eq=False):
    """Takes findings over their terms."""

    receiver: Receiver
    reader: Reader
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every minute until cancelled."""
        why = "deadlines of measures and their verification wait for the next minute"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="findings", why=why)

    async def look(self) -> None:
        """Store what is due, nothing while the time is not corroborated.

        A finding that cannot be stored does not stop the others; in the end DecisionFailed names the first of them.
        Raises Unavailable at once.
        """
        if self.clock.doubt() is not None:
            return
        failed: list[tuple[str, Exception]] = []
        for finding in await self.reader.findings.due(self.clock.now()):
            try:
                await self._pass(finding)
            except (*NOT_SAVED, DecisionFailed) as why:
                if isinstance(why, Unavailable):
                    raise
                failed.append((finding.id, why))
        if failed:
            id_, first = failed[0]
            raise DecisionFailed(f"{len(failed)} cannot be stored, the first is {id_}: {first}") from first

    async def _pass(self, finding: Finding) -> None:
        needs, id_ = finding_needs(finding.id), finding.id
        if finding.state is not FindingState.DONE:
            await self.receiver.do(needs, lambda context: pass_term(context, id_))
            return
        now = self.clock.now()
        found = await verified(self.reader, finding, now)
        if found is None or finding.measure is None:
            return
        if found.provisional and now < finding.measure.window.until + _AT_MOST:
            await self.receiver.do(needs, lambda context: postpone_verification(context, id_, _AGAIN))
            return
        result = found.result
        await self.receiver.do(needs, lambda context: conclude_measure(context, id_, BY_TIME, result))
