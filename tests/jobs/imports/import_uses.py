"""Uses of the database by imports, for the places that are made to fail."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.control.commands import CONTROL_COMMANDS
from bot.jobs.imports.upload_job import UploadJob
from storage.bulk.bulk_writer import BulkWriter
from storage.model.import_records import Upload, UploadState, UploadTask
from storage.model.records import Customer

__all__ = ["IMPORT_USES"]

_numbers = itertools.count(1)
_TABLE = "ticket,customer,closed_at\nT{0},C{0},2026-01-05 10:00\n"


async def _import_and_undo(desk: Any) -> object:  # noqa: ANN401 (the desk of the uses)
    """Import a ticket, look at it, add a customer to it, and take it back."""
    number = next(_numbers)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{number}.csv"
        path.write_text(_TABLE.format(number))
        imported = await _until_over(desk, "import start", kind="tickets", path=str(path))
    id_ = imported["import"]["id"]
    await BulkWriter(desk.container.services.writer, id_).add([Customer(f"c-bulk-{number}")], 1000)
    await CONTROL_COMMANDS["import list"](desk.container.services, {})
    return await _until_over(desk, "import undo", id=id_)


async def _until_over(desk: Any, name: str, **arguments: str) -> Any:  # noqa: ANN401 (as JSON gives it)
    services = desk.container.services
    job: Any = await CONTROL_COMMANDS[name](services, arguments)
    while True:
        told: Any = await CONTROL_COMMANDS["import look"](services, job)
        if told["is_over"]:
            return told
        await asyncio.sleep(0.01)


async def _upload(desk: Any) -> object:  # noqa: ANN401 (as above)
    """Upload a table with a wrong row, import it as the service does, fetch the wrong row, and take it back."""
    services, number = desk.container.services, next(_numbers)
    register, name = services.imports.uploads, f"parts-{number}"
    await register.add_part(name, 0, f"{_TABLE.format(number)}X,,\n".encode())
    id_, now = f"imp_use_{number}", services.clock.now()
    options = '{"map": "", "take_good": true, "dry_run": true}'
    waits = (UploadTask.STORE, UploadState.WAITING, "tickets", "t.csv", "", now, options, name, f"errors-{number}")
    await register.want(Upload(id_, *waits))
    await UploadJob(services.imports, services.clock, desk.container.alarms).look()
    found = await register.find(id_)
    wrong = [piece async for piece in register.parts(found.errors)]
    await register.drop(found.errors)
    await services.imports.find(id_)
    return wrong


IMPORT_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "import a file, and take it back": _import_and_undo,
    "upload a table": _upload,
}
"""What each of them is called, and does with a process."""
