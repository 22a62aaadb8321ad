"""Has every process read comments by the phrases that were mapped: at once where it was decided, soon elsewhere."""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.receiver import Receiver
from scoring.values import replace
from storage.model.errors import NOT_SAVED
from storage.model.text_records import StoredPhrase
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Committed

__all__ = ["MappedPhrases"]

logger = logging.getLogger(__name__)
_EVERY = 10.0
"""Seconds after which what another process has decided is known here."""


@dataclass(eq=False, slots=True)
class MappedPhrases:
    """Keeps the mapped phrases in the policy."""

    receiver: Receiver
    reader: Reader
    _decided: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, committed: Committed) -> None:
        """Begin a look at once after a commit that decides about a phrase; neither raises nor blocks."""
        every = (record for changes in committed.decided for record in changes.records)
        if any(isinstance(record, StoredPhrase) for record in every):
            self._decided.set()

    async def run(self) -> None:
        """Run until cancelled; where the database fails, the next look is soon enough."""
        while True:
            try:
                await self.look()
            except NOT_SAVED as why:
                logger.warning("mapped phrases are looked for later: %s", why)
            try:
                async with asyncio.timeout(_EVERY):
                    await self._decided.wait()
            except TimeoutError:
                continue
            self._decided.clear()

    async def look(self) -> None:
        """Read the mapped phrases, and read comments by them from now on. Raises what the database raises."""
        mapped = tuple((one.phrase, one.dimension, one.polarity) for one in await self.reader.texts.mapped())
        policy = self.receiver.policy
        if mapped != policy.comments.mapped:
            self.receiver.adopt(replace(policy, comments=policy.comments.with_mapped(mapped)))
            logger.info("comments are read by %d mapped phrases", len(mapped))
