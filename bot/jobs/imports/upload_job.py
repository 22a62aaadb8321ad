"""Imports what came by the API, one file after the other, in one process of all; a restart goes on where it was."""

import asyncio
import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.imports.table_columns import ImportKind
from bot.imports.unreadable import UnreadableFile
from bot.jobs.imports.import_desk import ImportDesk, ImportJob
from bot.jobs.imports.import_run import ImportOrder
from bot.ports import Clock
from bot.process.alarms import Alarms
from bot.process.repeated_looks import look_again
from scoring.values import Value, replace
from storage.model.errors import NOT_SAVED, InUse
from storage.model.import_records import Upload, UploadState, UploadTask

__all__ = ["UploadJob"]

logger = logging.getLogger(__name__)
_KEPT, _HALF_KEPT = timedelta(days=7), timedelta(days=1)
"""How long a file stays that nobody fetched, such as the list of wrong rows; and half an upload, since it broke off."""
_LOOKS_EVERY = 2.0
_TELLS_EVERY = 1.0
"""Seconds."""
_MOST_TRIES = 5
"""Processes that may end with a file under way before it is given up: it may be what ends them."""
_PIECE = 1 << 20


class UploadJob(Value, eq=False):
    """Takes what waits."""

    desk: ImportDesk
    clock: Clock
    alarms: Alarms

    async def run(self) -> None:
        """Run every two seconds until cancelled."""
        await self._tidy()
        why = "what was uploaded is imported later"
        await look_again(self.look, _LOOKS_EVERY, self.alarms, alarm="imports", why=why)

    async def look(self) -> None:
        """Take everything that waits. Raises what the writer raises."""
        while (upload := await self.desk.uploads.next_one()) is not None:
            await self._take(upload)
            await self._tidy()

    async def _tidy(self) -> None:
        now = self.clock.now()
        await self.desk.uploads.tidy(now - _KEPT, now - _HALF_KEPT)

    async def _take(self, upload: Upload) -> None:
        if upload.tries >= _MOST_TRIES:
            logger.error("import %s is given up: %d processes ended in it", upload.import_id, upload.tries)
            await self._end(upload, {"problem": "The service has ended several times in the middle of this file."})
            return
        upload = replace(upload, state=UploadState.RUNNING, tries=upload.tries + 1)
        await self.desk.uploads.move(upload)
        try:
            told = await (self._undo(upload) if upload.task is UploadTask.UNDO else self._store(upload))
        except (UnreadableFile, InUse, LookupError) as why:
            told = {"problem": str(why)}
        except (*NOT_SAVED, asyncio.CancelledError):
            raise
        except Exception as error:
            logger.exception("import %s failed", upload.import_id)
            told = {"problem": f"It failed ({type(error).__name__}); the log of the service says why."}
        await self._end(upload, told)

    async def _end(self, upload: Upload, told: Mapping[str, Any]) -> None:
        errors = upload.errors if told.get("errors") else ""
        over = replace(upload, state=UploadState.OVER, parts="", errors=errors, told=json.dumps(told))
        await self.desk.uploads.move(over, drops=[upload.parts] if errors else [upload.parts, upload.errors])

    async def _undo(self, upload: Upload) -> Mapping[str, Any]:
        await self._followed(upload, self.desk.undo(upload.import_id))
        return {}

    async def _store(self, upload: Upload) -> Mapping[str, Any]:
        with TemporaryDirectory(prefix="huifang-import-") as folder:
            path, errors = Path(folder) / "table", Path(folder) / "errors.csv"
            if not await self._unpacked(upload, path):
                raise UnreadableFile("the file is not there any more; upload it again")
            job = await self._followed(upload, self.desk.start(_order(upload, path, errors)))
            if job.progress.errors:
                await self._keep(upload.errors, errors)
            return job.progress.told()

    async def _unpacked(self, upload: Upload, path: Path) -> int:
        """Write a file from its pieces, and return how many bytes it has."""
        size = 0
        with path.open("wb") as file:
            async for piece in self.desk.uploads.parts(upload.parts):
                size += await asyncio.to_thread(file.write, piece)
        return size

    async def _keep(self, name: str, path: Path) -> None:
        """Store the file of wrong rows in pieces."""
        number = 0
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await self.desk.uploads.add_part(name, number, piece)
                number += 1

    async def _followed(self, upload: Upload, key: str) -> ImportJob:
        """Return a job at its end; until then tell now and then how far it is. Raises what it fails at."""
        job = self.desk.job(key)
        if job is None:
            raise LookupError(f"there is no job {key}")
        try:
            while not job.is_over:
                await asyncio.wait([job.task], timeout=_TELLS_EVERY)
                if not job.is_over:
                    await self.desk.uploads.move(replace(upload, told=json.dumps(job.progress.told())))
        except BaseException:
            job.task.cancel()
            await asyncio.wait([job.task])
            raise
        job.task.result()
        return job


def _order(upload: Upload, path: Path, errors: Path) -> ImportOrder:
    """Return the order by which an uploaded file is imported from a folder of ours."""
    options = json.loads(upload.options)
    return ImportOrder(
        ImportKind(upload.kind),
        path,
        upload.file,
        by=upload.by,
        map=options["map"],
        map_name="map.json",
        take_good=options["take_good"],
        is_trial=options["dry_run"],
        errors=errors,
    )
