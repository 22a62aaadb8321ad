"""Commands on imports: start one, ask how far it is, list them, take one back."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.control.arguments import text_argument
from bot.control.execute import CommandHandler
from bot.control.protocol import CommandProblem
from bot.imports.table_columns import ImportKind
from bot.jobs.imports.import_desk import ImportJob
from bot.jobs.imports.import_run import ImportOrder
from bot.wiring.services import Services
from scoring.values import fields
from storage.model.import_records import ImportRecord

__all__ = ["IMPORT_COMMANDS"]

Json = dict[str, Any]
_ALONE, _BESIDE_OTHERS = 500, 200
"""Rows in a commit, where nobody else waits for the writer, and where it is the service's."""


async def _start(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Start an import, and return the key of its job. Raises CommandProblem."""
    kind, path = text_argument(arguments, "kind"), Path(text_argument(arguments, "path"))
    if kind not in set(ImportKind):
        raise CommandProblem(f"there is no kind {kind!r}, only {', '.join(ImportKind)}")
    if not await asyncio.to_thread(path.is_file):
        raise CommandProblem(f"{path} is no file that the service can read")
    order = ImportOrder(
        ImportKind(kind),
        path,
        path.name,
        by=text_argument(arguments, "by"),
        map=text_argument(arguments, "map"),
        map_name=text_argument(arguments, "map_name"),
        take_good=bool(arguments.get("take_good")),
        is_trial=bool(arguments.get("dry_run")),
        chunk=_ALONE if arguments.get("alone") else _BESIDE_OTHERS,
    )
    return {"job": services.imports.start(order)}


async def _undo(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Start to take an import back, and return the key of its job. Raises CommandProblem."""
    id_ = text_argument(arguments, "id")
    if await services.imports.find(id_) is None:
        raise CommandProblem(f"there is no import {id_}; huifang import list shows them")
    return {"job": services.imports.undo(id_)}


async def _look(services: Services, arguments: Mapping[str, Any]) -> Json:
    """Return how far a job is. Raises CommandProblem for one that is not known, or that failed, with its reason."""
    job = services.imports.job(text_argument(arguments, "job"))
    if job is None:
        raise CommandProblem("the service was started anew meanwhile; the same command again goes on where it was")
    if job.is_over:
        job.task.result()
    return _job_out(job)


def _job_out(job: ImportJob) -> Json:
    progress = job.progress
    record = _record_out(progress.record) if progress.record is not None else None
    return {**progress.told(), "is_over": job.is_over, "import": record}


def _record_out(record: ImportRecord) -> Json:
    named = {one.name: getattr(record, one.name) for one in fields(ImportRecord)}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in named.items()}


async def _list(services: Services, _arguments: Mapping[str, Any]) -> Json:
    """Return all imports, the latest first."""
    return {"items": [_record_out(one) for one in await services.imports.listed()]}


IMPORT_COMMANDS: Mapping[str, CommandHandler] = {
    "import start": _start,
    "import look": _look,
    "import undo": _undo,
    "import list": _list,
}
