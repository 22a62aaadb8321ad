"""What is decided once after a restore: of what may have been sent since the backup nothing is sent again.

What fell due in the time in doubt is decided as of its own moment, as the service did that may have gone on: the same
rows come about, the same deadlines drop the same asks. Then every message that waits is in doubt, as after a process
that died while it sent. Campaigns under way wait for a person.
"""

import logging
from collections import Counter
from functools import partial

from bot.handlers import due
from bot.handlers.campaigns import commands
from bot.handlers.common.context import DecisionContext
from bot.ports import Clock
from bot.receiver import Receiver
from dialogs.campaign.model import Campaign, CampaignState
from dialogs.ids import Ref, RefKind
from scoring.values import Value, replace
from storage.backups.in_doubt import doubt_waiting
from storage.backups.restore_mark import RestoreMark, read_mark
from storage.connection.store import Store
from storage.model.errors import Unavailable
from storage.model.note_keys import LAST_DIGEST, RESTORED
from storage.model.records import Note
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["RestoredDoubts"]

logger = logging.getLogger(__name__)

_PATIENCE = 300.0
"""Seconds to wait for another process that does it."""
_MOST, _ATTEMPTS = 1_000_000, 20
"""Things that are due at a time, and how often one may be: an ask, its reminder, its end, and what follows."""
_DECIDED = (RefKind.INVITATION, RefKind.INTERVIEW, RefKind.ISSUE)
_NEEDS = Needs(notes=frozenset({RESTORED, LAST_DIGEST}))
_BY = "restore"


class RestoredDoubts(Value, eq=False):
    """Settles what a restore left in doubt, before anything is sent."""

    store: Store
    receiver: Receiver
    reader: Reader
    clock: Clock

    async def settle(self) -> None:
        """Settle it where that is not done yet; raises what the writer raises."""
        if await self._mark() is None:
            return
        async with self.store.singleton(RESTORED, _PATIENCE) as lock:
            mark = await self._mark()
            if mark is None:
                return
            if not lock.held:
                raise Unavailable("another process has yet to settle what the restore left in doubt")
            is_over = mark.in_doubt_until <= mark.taken_at  # nothing was sent since
            paused, doubted = (0, 0) if is_over else await self._doubt(mark)
            await self.receiver.do(_NEEDS, partial(_settled, mark))
            text = "restored from a backup of %s: %d messages are in doubt, %d campaigns wait for a person"
            logger.warning(text, mark.taken_at.isoformat(), doubted, paused)

    async def _doubt(self, mark: RestoreMark) -> tuple[int, int]:
        """Settle what may have been sent; return how many campaigns wait, and how many messages are in doubt."""
        paused = [one for one in await self.reader.campaigns.all() if _is_under_way(one, mark)]
        for campaign in paused:
            pause = partial(commands.pause, campaign_id=campaign.id, by=_BY)
            await self.receiver.do(commands.needs(campaign.id), pause)
        await self._decide_due(mark)
        return len(paused), await doubt_waiting(self.store, mark)

    async def _mark(self) -> RestoreMark | None:
        """Return the mark of a restore that is not settled yet."""
        notes = await self.reader.notes([RESTORED])
        mark = read_mark(notes[0].value) if notes else None
        return None if mark is None or mark.is_settled else mark

    async def _decide_due(self, mark: RestoreMark) -> None:
        """Decide what fell due until then, each as of its own moment, until nothing is left that moves."""
        attempts: Counter[Ref] = Counter()
        while True:
            found = await self.reader.due(mark.in_doubt_until, _MOST)
            moving = [ref for ref in found if ref.kind in _DECIDED and attempts[ref] < _ATTEMPTS]
            if not moving:
                return
            for ref in moving:
                attempts[ref] += 1
                needs = due.needs(ref, self.receiver.policy, self.clock.now())
                await self.receiver.do(needs, partial(_decided, ref))


def _is_under_way(campaign: Campaign, mark: RestoreMark) -> bool:
    """Return whether a campaign may have sent something until then."""
    is_due = campaign.next_at is not None and campaign.next_at <= mark.in_doubt_until
    return campaign.state is CampaignState.RUNNING or (campaign.state is CampaignState.SCHEDULED and is_due)


def _decided(ref: Ref, context: DecisionContext) -> Decision[None]:
    moment = due.wake_of(context, ref)
    then = context if moment is None else replace(context, now=min(moment, context.now), doubt=None)
    return Decision(due.wake(then, ref), None)


def _settled(mark: RestoreMark, context: DecisionContext) -> Decision[None]:
    """Note that it is done; a digest of the time in doubt is not written again."""
    note, digest = context.snapshot.note(RESTORED), context.snapshot.note(LAST_DIGEST)
    done = Note(RESTORED, replace(mark, is_settled=True).text, context.now, note.version if note else 0)
    later = [replace(digest, at=mark.in_doubt_until)] if digest and digest.at < mark.in_doubt_until else []
    return Decision(Changes((done, *later)), None)
