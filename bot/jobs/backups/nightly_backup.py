"""Makes a backup at the times of `backup.at`, and keeps as many as `backup.keep` says."""

import asyncio
import logging
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.handlers.common.context import DecisionContext
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.system import product_version
from bot.receiver import Receiver
from dialogs.time.recurrence import Recurrence, next_run
from scoring.values import Value
from storage.backups.backup import make_backup
from storage.model.errors import NOT_SAVED, DecisionFailed
from storage.model.note_keys import LAST_BACKUP
from storage.model.records import Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["NightlyBackupJob"]

logger = logging.getLogger(__name__)

_LOOKS_EVERY, _AGAIN_AFTER = 60.0, 600.0
"""Seconds; the second after one that failed, which may take long."""
_NEEDS = Needs(notes=frozenset({LAST_BACKUP}))
_OURS = "huifang-????-??-??T????.backup"


class NightlyBackupJob(Value, eq=False):
    """Writes backups of `url` into `folder`; `when` is None where the owner wants none."""

    receiver: Receiver
    clock: Clock
    alarms: Alarms
    url: str
    folder: Path
    when: Recurrence | None
    keep: int
    zone: ZoneInfo

    async def run(self) -> None:
        """Run every minute until cancelled; end at once where no backup is wanted."""
        while self.when is not None:
            wait = _LOOKS_EVERY
            try:
                await self.look(self.when)
                self.alarms.over("backup")
            except (*NOT_SAVED, DecisionFailed, OSError, ValueError) as error:
                self.alarms.sound("backup", f"the backup of {self.folder} was not made: {error}")
                wait = _AGAIN_AFTER
            await asyncio.sleep(wait)

    async def look(self, when: Recurrence) -> Path | None:
        """Make a backup if a time for it has passed since the last one, and return it; of several missed it is one.

        The first look notes from when on times count. Nothing is due while the time is not corroborated. Raises what
        the writer and `make_backup` raise.
        """
        if self.clock.doubt() is not None:
            return None
        last = await self.receiver.do(_NEEDS, _last)
        now = self.clock.now()
        due = next_run(when, self.zone, last)
        if due is None or due > now:
            return None
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self.folder / f"huifang-{now.astimezone(self.zone):%Y-%m-%dT%H%M}.backup"
        header = await make_backup(self.url, target, now, product_version())
        await self.receiver.do(_NEEDS, _made)
        for old in sorted(self.folder.glob(_OURS))[: -self.keep]:
            old.unlink(missing_ok=True)
        logger.info("backup %s: %d rows, %d bytes", target, header.total, header.bytes)
        return target


def _last(context: DecisionContext) -> Decision[datetime]:
    note = context.snapshot.note(LAST_BACKUP)
    if note is None or note.at > context.now:  # one of the future was made by a clock that was wrong
        return Decision(Changes((_note(context),)), context.now)
    return Decision(Changes(), note.at)


def _made(context: DecisionContext) -> Decision[None]:
    return Decision(Changes((_note(context),)), None)


def _note(context: DecisionContext) -> Note:
    before = context.snapshot.note(LAST_BACKUP)
    return Note(LAST_BACKUP, "", context.now, before.version if before is not None else 0)
