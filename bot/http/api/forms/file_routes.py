"""Files as evidence, by API: upload one, list those of a sheet, fetch one."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import Invalid, NotFound
from bot.handlers.evidence_files import LARGEST_FILE, TAKEN_FILES
from bot.handlers.sheet_files import (
    PROBLEM_TEXTS,
    RefusedFile,
    SheetUpload,
    add_file,
    hand_out_file,
    hand_out_needs,
    shown_files,
    upload_needs,
)
from bot.http.api.forms.sheet_requests import SheetFileOut, sheet_file_out
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import Id, RaterName
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.http.limits import Disconnected, TooLarge, whole_body
from bot.http.pages import file_disposition
from bot.http.problems import Problem
from storage.model.filled_forms import AssessmentFile

__all__ = ["file_answer", "router"]

router = api_router("assessments")

_BY_API = "API"
AssessmentId = Annotated[Id, Path(description="The sheet's id.")]
FileId = Annotated[Id, Path(alias="file", description="The file's id, as it stands in the evidence of its item.")]
_BODY = {
    "requestBody": {
        "required": True,
        "description": f"The file as it is, one of {TAKEN_FILES}; {LARGEST_FILE // 1024 // 1024} MiB at most.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_LARGE: dict[int | str, Any] = {413: problems(413)[413] | {"description": "The file is too large"}}


class SheetFileList(BaseModel):
    """The files of a sheet."""

    items: tuple[SheetFileOut, ...]


@router.post(
    "/files",
    status_code=HTTPStatus.CREATED,
    response_model=SheetFileOut,
    responses={**problems(401, 413, 422, 503), **_LARGE},
    openapi_extra=_BODY,
)
async def upload_evidence(
    request: Request,
    web: TheWeb,
    *,
    name: Annotated[str, Query(max_length=400, description="What the file is called.")],
    by: Annotated[RaterName, Query(description="Who uploads it.")] = _BY_API,
) -> Response:
    """Take a file, which is stored before it is answered; the sheet that names its id as evidence has it.

    What it is, is told by what it holds. It goes after 7 days unless a sheet names it. Raises Problem.
    """
    try:
        content = await whole_body(request.scope, request.receive, LARGEST_FILE)
    except TooLarge:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The file {PROBLEM_TEXTS['large']}.") from None
    except Disconnected:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body ended before it was whole.") from None
    upload = SheetUpload(f"file_{web.secrets.token()}", name, content, by)

    def tell(answer: AssessmentFile | RefusedFile) -> ApiAnswer:
        if isinstance(answer, RefusedFile):
            return refusal_answer(Invalid("file", PROBLEM_TEXTS[answer.why]))
        return ok_answer(sheet_file_out(answer), HTTPStatus.CREATED)

    answer = await decide_once(web, request, upload_needs(upload), lambda context: add_file(context, upload), tell)
    return answer.response()


@router.get("/{assessment}/files", response_model=SheetFileList, responses=problems(401, 404, 422, 503))
async def list_sheet_files(assessment: AssessmentId, web: TheWeb) -> Response:
    """List the files of a sheet; none of a rater who is not named."""
    sheet = await web.reader.assessments.find(assessment)
    if sheet is None:
        return refusal_answer(NotFound(f"sheet {assessment}")).response()
    shown = shown_files(sheet, await web.reader.assessments.files(assessment))
    return ok_answer(SheetFileList(items=tuple(map(sheet_file_out, shown)))).response()


@router.get("/{assessment}/files/{file}", responses=problems(401, 404, 422, 503))
async def fetch_sheet_file(assessment: AssessmentId, file: FileId, web: TheWeb) -> Response:
    """Return a file of a sheet as it was uploaded, to be saved and not shown; the audit log says it was fetched."""
    found = await web.receiver.do(
        hand_out_needs(assessment), lambda context: hand_out_file(context, assessment, file, _BY_API)
    )
    if isinstance(found, NotFound):
        return refusal_answer(found).response()
    return await file_answer(web, found)


async def file_answer(web: Web, file: AssessmentFile) -> Response:
    """Return an uploaded file: a browser saves it under its name, and neither shows nor runs what it may hold."""
    content = await web.reader.file(file.hash)
    if content is None:
        return refusal_answer(NotFound(f"file {file.id} any more")).response()
    headers = {
        "cache-control": "no-store",
        "content-disposition": file_disposition(file.name),
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(content, HTTPStatus.OK, headers, file.media_type)
