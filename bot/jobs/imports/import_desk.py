"""Where imports are started and asked after: each runs beside everything else, one at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

from bot.handlers.common.policy import Policy
from bot.jobs.imports.import_progress import ImportProgress
from bot.jobs.imports.import_run import Importer, ImportOrder
from bot.ports import Clock
from scoring.values import Value
from storage.bulk.import_register import find_import, list_imports
from storage.bulk.upload_register import UploadRegister
from storage.connection.store import Store
from storage.model.import_records import ImportRecord
from storage.unit_of_work.writer import Writer

__all__ = ["ImportDesk", "ImportJob"]

_KEPT = 50
"""Jobs that are remembered after their end."""


class ImportJob(Value, eq=False):
    """An import that runs, or has run in this process; `task` ends with it, and raises what it has failed at."""

    progress: ImportProgress
    task: asyncio.Task[Any]

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self.task.done()


class ImportDesk:
    """Starts imports on a database, by the policy that holds then; `uploads` are the files that came by the API."""

    def __init__(self, store: Store, writer: Writer, policy: Callable[[], Awaitable[Policy]], clock: Clock) -> None:
        self._store = store
        self.uploads = UploadRegister(store, writer)
        self._importer = Importer(store, writer, policy, clock)
        self._jobs: dict[str, ImportJob] = {}

    def start(self, order: ImportOrder) -> str:
        """Start an import, and return the key by which it is asked after."""
        progress = ImportProgress()
        return self._begun(progress, self._importer.run(order, progress))

    def undo(self, import_: str) -> str:
        """Start to take an import back, and return the key by which it is asked after."""
        progress = ImportProgress("undoing")
        return self._begun(progress, self._undone(import_, progress))

    def job(self, key: str) -> ImportJob | None:
        """Return a job of this process, None where there is none (any more)."""
        return self._jobs.get(key)

    async def listed(self) -> Sequence[ImportRecord]:
        """Return all imports, the latest first."""
        return await list_imports(self._store)

    async def find(self, import_: str) -> ImportRecord | None:
        """Return an import, None where there is none of this id."""
        return await find_import(self._store, import_)

    async def stop(self) -> None:
        """Stop what runs; the same again goes on where it was."""
        running = [job.task for job in self._jobs.values() if not job.is_over]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _undone(self, import_: str, progress: ImportProgress) -> None:
        progress.ended(await self._importer.undo(import_))

    def _begun(self, progress: ImportProgress, work: Coroutine[Any, Any, Any]) -> str:
        over = [key for key, job in self._jobs.items() if job.is_over]
        for key in over[: max(len(over) - _KEPT, 0)]:
            del self._jobs[key]
        job = ImportJob(progress, asyncio.create_task(work))
        job.task.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever asks is told
        key = str(id(job))
        self._jobs[key] = job
        return key
