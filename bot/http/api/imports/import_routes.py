"""Imports by API: upload a file, ask how far it is, fetch its wrong rows, take it back."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from bot.handlers.common.results import NotFound
from bot.http.api.imports.import_json import ImportList, ImportOut, UndoBody, import_out
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer, refusal_answer
from bot.http.limits import LARGEST_UPLOAD, announced_length
from bot.http.problems import Problem
from bot.imports.mapping_file import read_column_map
from bot.imports.table_columns import ImportKind
from bot.imports.unreadable import UnreadableFile
from bot.jobs.imports.import_desk import ImportDesk
from bot.jobs.imports.import_run import import_id
from dialogs.sanitize import one_line
from storage.model.errors import InUse
from storage.model.import_records import Upload, UploadState, UploadTask

__all__ = ["router"]

router = api_router("imports")

ImportId = Annotated[Id, Path(alias="import", description="The import's id.")]
_PIECE = 1 << 20
"""Bytes that are held in memory of a file that comes in."""
_LISTED = 100
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV in any usual encoding, or an .xlsx workbook; 256 MiB at most.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

_LARGE: dict[int | str, Any] = {413: problems(413)[413] | {"description": "The file is larger than 256 MiB"}}


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ImportOut,
    responses={**problems(401, 409, 413, 422, 503), **_LARGE},
    openapi_extra=_BODY,
)
async def upload_table(
    request: Request,
    web: TheWeb,
    *,
    kind: Annotated[ImportKind, Query(description="What a row is.")],
    file: Annotated[str, Query(max_length=200, description="What the file is called.")] = "upload",
    by: Annotated[str, Query(max_length=100, description="Who imports it.")] = "API",
    meant: Annotated[
        str, Query(alias="map", max_length=16_000, description="The columns, as the JSON of `--map`.")
    ] = "",
    take_good: Annotated[bool, Query(description="Where rows are wrong, take the others.")] = False,
    dry_run: Annotated[bool, Query(description="Look through it, and store nothing.")] = False,
) -> Response:
    """Take a file, which is stored before it is answered, and imported in its turn.

    The same file again is the same import: what is stored of it stays as it is. Raises Problem.
    """
    _read_map(meant, kind)
    desk = web.imports
    parts = f"upload_{web.secrets.token()}"
    digest = await _received(request, desk, parts)
    id_ = import_id(kind, digest, meant)
    upload = Upload(
        import_id=id_,
        task=UploadTask.STORE,
        state=UploadState.WAITING,
        kind=kind,
        file=one_line(file, 200),
        by=one_line(by, 100),
        at=web.clock.now(),
        options=json.dumps({"map": meant, "take_good": take_good, "dry_run": dry_run}),
        parts=parts,
        errors=f"errors_{parts}",
    )
    return await _wanted(desk, upload)


@router.get("", response_model=ImportList, responses=problems(401, 422, 503))
async def list_imports(web: TheWeb) -> Response:
    """List the latest hundred imports that store anything, whichever way they came, the latest first."""
    desk = web.imports
    records = (await desk.listed())[:_LISTED]
    return ok_answer(ImportList(items=tuple(import_out(one, None) for one in records))).response()


@router.get("/{import}", response_model=ImportOut, responses=problems(401, 404, 422, 503))
async def show_import(import_: ImportId, web: TheWeb) -> Response:
    """Return how far an import is."""
    desk = web.imports
    record, upload = await desk.find(import_), await desk.uploads.find(import_)
    if record is None and upload is None:
        return refusal_answer(NotFound(f"import {import_}")).response()
    return ok_answer(import_out(record, upload)).response()


@router.get("/{import}/errors", responses=problems(401, 404, 422, 503))
async def fetch_wrong_rows(import_: ImportId, web: TheWeb) -> Response:
    """Return the file of wrong rows: row, column, value, problem, fix; it is kept for a week."""
    desk = web.imports
    upload = await desk.uploads.find(import_)
    pieces = desk.uploads.parts(upload.errors) if upload is not None and upload.errors else None
    first = await anext(pieces, None) if pieces is not None else None
    if upload is None or pieces is None or first is None or upload.state is not UploadState.OVER:
        return refusal_answer(NotFound(f"list of wrong rows of import {import_}")).response()

    async def all_pieces() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{import_}.errors.csv"'}
    return StreamingResponse(all_pieces(), HTTPStatus.OK, headers, "text/csv; charset=utf-8")


@router.post(
    "/{import}/undo",
    status_code=HTTPStatus.ACCEPTED,
    response_model=ImportOut,
    responses=problems(401, 404, 409, 413, 422, 503),
)
async def undo_import(import_: ImportId, body: UndoBody, web: TheWeb) -> Response:
    """Take an import back in its turn, whichever way it came."""
    desk = web.imports
    record = await desk.find(import_)
    if record is None:
        return refusal_answer(NotFound(f"import {import_}")).response()
    upload = Upload(
        import_id=import_,
        task=UploadTask.UNDO,
        state=UploadState.WAITING,
        kind=record.kind,
        file=record.file,
        by=body.by,
        at=web.clock.now(),
    )
    return await _wanted(desk, upload)


def _read_map(text: str, kind: ImportKind) -> None:
    """Raise Problem where a map cannot be read."""
    try:
        if text:
            read_column_map(text, "map.json", kind)
    except UnreadableFile as wrong:
        errors = [FieldProblem("map", str(wrong))]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request holds wrong fields.", errors) from None


async def _received(request: Request, desk: ImportDesk, parts: str) -> str:
    """Store a body piece by piece, and return its SHA-256 in hex. Raises Problem for an empty and for a large one."""
    digest, held, size, number = sha256(), bytearray(), 0, 0
    if announced_length(request.scope) > LARGEST_UPLOAD:
        raise _too_large()
    try:
        async for block in request.stream():
            size += len(block)
            if size > LARGEST_UPLOAD:
                raise _too_large()
            digest.update(block)
            held += block
            if len(held) >= _PIECE:
                await desk.uploads.add_part(parts, number, bytes(held))
                held.clear()
                number += 1
        if held:
            await desk.uploads.add_part(parts, number, bytes(held))
    except Problem:
        await desk.uploads.drop(parts)
        raise
    except ClientDisconnect:
        await desk.uploads.drop(parts)
        raise Problem(HTTPStatus.BAD_REQUEST, "The body ended before it was whole.") from None
    if not size:
        errors = [FieldProblem("body", "is empty; send the file as it is")]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "There is no file.", errors)
    return digest.hexdigest()


def _too_large() -> Problem:
    megabytes = LARGEST_UPLOAD // 1024 // 1024
    detail = f"A file may have {megabytes} MiB; a larger one is imported on the machine, by `huifang import`."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


async def _wanted(desk: ImportDesk, upload: Upload) -> Response:
    """Store what is wanted, and return how it stands. Raises Problem where something else is under way with it."""
    try:
        wanted = await desk.uploads.want(upload)
    except InUse as why:
        await desk.uploads.drop(upload.parts)
        raise Problem(HTTPStatus.CONFLICT, str(why)) from None
    record = await desk.find(upload.import_id)
    answer = ok_answer(import_out(record, wanted), HTTPStatus.ACCEPTED).response()
    answer.headers["location"] = f"/api/v1/imports/{upload.import_id}"
    return answer
