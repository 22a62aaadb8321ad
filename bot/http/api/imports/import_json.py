"""Imports in JSON: what is asked for, and how far it has come."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from bot.http.api.schemas.field_types import Name
from bot.http.api.schemas.ticket_request import RequestBody
from storage.model.import_records import ImportRecord, ImportState, Upload, UploadState, UploadTask

__all__ = ["ImportList", "ImportOut", "UndoBody", "import_out"]


class UndoBody(RequestBody):
    """Who takes an import back."""

    by: Name


class ReadColumn(BaseModel):
    """A column of the file, and what it was taken for; null where it is not read."""

    header: str
    column: str | None


class WrongRow(BaseModel):
    """What is wrong in a row, counted as a spreadsheet counts them."""

    row: int
    column: str
    value: str
    problem: str
    fix: str


class ImportOut(BaseModel):
    """An import: what was asked for, how far it is, and what was wrong."""

    id: str
    kind: str
    file: str
    by: str
    state: str = Field(
        description="`waiting`, `checking`, `running`, `done`, `refused` (rows are wrong, none was taken), `failed`, "
        "`undoing`, `undone`, or `checked` (a trial)"
    )
    problem: str | None = Field(description="why it failed, or what stayed as it was taken back")
    rows: int = Field(description="0 until all are looked through")
    done: int = Field(description="the number of the last row that was looked at")
    added: int
    same: int = Field(description="rows that were there already")
    refused: int = Field(description="rows that are wrong; `…/errors` has all of them")
    columns: tuple[ReadColumn, ...]
    first: tuple[dict[str, str], ...] = Field(description="the first rows as they are understood, each with its `row`")
    mistakes: tuple[WrongRow, ...] = Field(description="the first ten")
    has_errors: bool = Field(description="whether `…/errors` has a file")
    started_at: datetime
    ended_at: datetime | None


class ImportList(BaseModel):
    """Imports, the latest first."""

    items: tuple[ImportOut, ...]


def import_out(record: ImportRecord | None, upload: Upload | None) -> ImportOut:
    """Return an import as the API shows it: as it is registered, as it came by the API, or both.

    Raises ValueError where it is neither.
    """
    known = upload or record
    if known is None:
        raise ValueError("no import")
    told: Mapping[str, Any] = json.loads(upload.told) if upload is not None and upload.told else {}
    is_storing = record is not None and record.state is ImportState.RUNNING
    counts = {name: _count(name, record, {} if is_storing else told) for name in ("rows", "added", "same", "refused")}
    columns = (ReadColumn(header=header, column=name or None) for header, name in told.get("columns", ()))
    return ImportOut(
        id=upload.import_id if upload is not None else record.id if record is not None else "",
        kind=known.kind,
        file=known.file,
        by=known.by,
        state=_state(record, upload, told),
        problem=told.get("problem") or (record.why if record is not None else "") or None,
        **counts,
        done=record.position if record is not None and (is_storing or not told) else told.get("done", 0),
        columns=tuple(columns),
        first=tuple(told.get("first", ())),
        mistakes=tuple(WrongRow(**one) for one in told.get("mistakes", ())),
        has_errors=upload is not None and upload.state is UploadState.OVER and bool(upload.errors),
        started_at=record.started_at if record is not None else known.at if isinstance(known, Upload) else record,
        ended_at=record.ended_at if record is not None else None,
    )


_UNDER_WAY = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)


def _count(name: str, record: ImportRecord | None, told: Mapping[str, Any]) -> int:
    found: int = told[name] if name in told else getattr(record, name, 0)
    return found


def _state(record: ImportRecord | None, upload: Upload | None, told: Mapping[str, Any]) -> str:
    if upload is not None and upload.state is UploadState.WAITING:
        return "waiting"
    is_trial = upload is not None and json.loads(upload.options).get("dry_run", False)
    if upload is not None and upload.state is UploadState.OVER and (told.get("problem") or is_trial):
        return "failed" if told.get("problem") else "checked"
    if record is not None and not is_trial and (upload is None or upload.state is UploadState.OVER):
        return record.state.value
    begun = "undoing" if upload is not None and upload.task is UploadTask.UNDO else "checking"
    return record.state.value if record is not None and record.state in _UNDER_WAY and not is_trial else begun
