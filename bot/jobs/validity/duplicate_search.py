"""Looks at responses once they have ended, and at what hangs together with them: one of those that say the same counts.

Whatever commits a response brings it here, in every process: an answer that ends it, a correction, an exclusion, what
is entered. At the start the latest are looked at once more, for what a kill or another version of the rules has left.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.handlers.responses.duplicates import duplicate_needs, reflagged, settle_duplicates
from bot.handlers.surveys.response_flags import review_period
from bot.receiver import Receiver
from dialogs.interview.model import FINAL, Interview
from dialogs.time.local_time import wall_of
from dialogs.time.periods import named_period
from scoring.deduplication import DuplicateRules
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.reads.figures.review_keys import ReviewKeys, ended_since, read_linked, read_responses, read_review_keys
from storage.unit_of_work.writer import Committed

__all__ = ["DuplicateJob"]

logger = logging.getLogger(__name__)
_EVERY = 2.0
"""Seconds for which ended responses collect: looking at a hundred costs little more than at one."""
_LATELY = timedelta(days=40)
"""How far back the start looks: a whole month, and the responses that ended in it late."""
_PORTION = 200
"""Responses looked at together."""


@dataclass(eq=False, slots=True)
class DuplicateJob:
    """Collects the responses that commits have ended or changed, and settles which of them count."""

    store: Store
    receiver: Receiver
    now: Callable[[], datetime]
    _waiting: dict[str, None] = field(default_factory=dict)

    def take(self, committed: Committed) -> None:
        """Note the responses of a commit that have ended; neither raises nor blocks, as `CommitFeed` demands."""
        for changes in committed.decided:
            for record in changes.records:
                if isinstance(record, Interview) and record.state in FINAL and record.answers:
                    self._waiting[record.id] = None

    async def run(self) -> None:
        """Run until cancelled: the latest responses first, then what ends; what fails is tried again."""
        work = self.catch_up
        while True:
            try:
                await work()
                work = self.settle
            except (*NOT_SAVED, DecisionFailed) as why:
                logger.warning("duplicates are looked for later: %s", why)
            await asyncio.sleep(_EVERY)

    async def catch_up(self) -> int:
        """Settle the latest responses, whatever has been settled before; as `settle`."""
        self._waiting |= dict.fromkeys(await ended_since(self.store, self.now() - _LATELY))
        return await self.settle()

    async def settle(self) -> int:
        """Settle all that waits, and return how many responses count otherwise than before.

        Raises what the writer raises; what was not settled then waits again.
        """
        changed = 0
        while waiting := list(self._waiting)[:_PORTION]:
            for one in waiting:
                self._waiting.pop(one, None)
            try:
                changed += await self._settle(waiting)
            except BaseException:
                self._waiting |= dict.fromkeys(waiting)
                raise
        return changed

    async def _settle(self, responses: Sequence[str]) -> int:
        policy, changed = self.receiver.policy, 0
        by_period: dict[str, list[ReviewKeys]] = {}
        for one in await read_review_keys(self.store, responses):
            name = review_period(one.placed_at, policy.duplicates, policy.timezone)
            by_period.setdefault(name, []).append(one)
        for name, seeds in by_period.items():
            if _is_in_force(name, policy.duplicates, policy.timezone):
                changed += await self._settle_period(name, seeds)
        return changed

    async def _settle_period(self, name: str, seeds: Sequence[ReviewKeys]) -> int:
        policy, changed = self.receiver.policy, 0
        period = named_period(name, policy.timezone)
        for group in _apart(await read_linked(self.store, seeds, period.since, period.until)):
            if len(group) == 1 and not group[0].is_flagged:
                continue
            keys = {one.response: one for one in group}
            read = await read_responses(self.store, list(keys))
            surveys = await self.receiver.survey_versions(one.survey for one in read)
            changed += await self._store(reflagged(policy, surveys, [(keys[one.id], one) for one in read], name))
        return changed

    async def _store(self, changed: Sequence[Interview]) -> int:
        if not changed:
            return 0
        missed = await self.receiver.do_untold(
            duplicate_needs(changed), lambda context: settle_duplicates(context, changed)
        )
        self._waiting |= dict.fromkeys(missed)
        return len(changed) - len(missed)


def _is_in_force(period: str, rules: DuplicateRules, zone: ZoneInfo) -> bool:
    return wall_of(named_period(period, zone).since, zone).date() >= rules.effective_from


def _apart(linked: Sequence[ReviewKeys]) -> list[list[ReviewKeys]]:
    """Return those that hang together, over customers or contacts, apart from the others."""
    leader: dict[tuple[str, ...], int] = {}
    groups: dict[int, list[ReviewKeys]] = {}
    for number, one in enumerate(linked):
        names = [("customer", one.customer), ("contact", one.contact)]
        mine = {leader[name] for name in names if name[-1] and name in leader}
        joined = [each for old in sorted(mine) for each in groups.pop(old)] + [one]
        groups[number] = joined
        for name, old in list(leader.items()) if mine else ():
            if old in mine:
                leader[name] = number
        leader |= {name: number for name in names if name[-1]}
    return list(groups.values())
