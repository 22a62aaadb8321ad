"""`POST /api/v1/codes`: a code to hang up, about a team, a station, a product or a device; signed, and it expires."""

import io
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.handlers.survey_page.walk_in import CODE_PLACES
from bot.http.api.openapi import problems
from bot.http.api.schemas.field_types import RatedId
from bot.http.api.schemas.ticket_request import RequestBody
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ok_answer
from bot.http.problems import Problem
from bot.signed_links import LinkPurpose

__all__ = ["router"]

router = api_router("codes")

_LONGEST = 730
_UNPROCESSABLE = 422


class CodeBody(RequestBody):
    """What the code is about, by exactly one of these, and for how many days it holds."""

    team: RatedId | None = None
    station: RatedId | None = None
    product: RatedId | None = None
    device: RatedId | None = None
    days: Annotated[int, Field(ge=1, le=_LONGEST)] = 365


class CodeOut(BaseModel):
    """The address behind a code, the code as an SVG picture to print, and until when it holds."""

    url: str
    qr_svg: str
    expires_at: datetime


@router.post("", response_model=CodeOut, responses=problems(401, 413, 422, 503))
async def make_code(body: CodeBody, web: TheWeb) -> Response:
    """Return a code to hang up; whoever scans it answers a survey about what it names. Raises Problem."""
    named = {key: name for key in CODE_PLACES if (name := getattr(body, key)) is not None}
    if len(named) != 1:
        wrong = FieldProblem("team", f"name exactly one of {', '.join(CODE_PLACES)}")
        raise Problem(_UNPROCESSABLE, "The body holds wrong fields.", [wrong])
    ((key, name),) = named.items()
    expires_at = web.clock.now() + timedelta(days=body.days)
    url = web.receiver.policy.links.url(LinkPurpose.PLACE, f"{key}={name}", expires_at)
    picture = io.BytesIO()
    import segno  # noqa: PLC0415 (not before a code is asked for)

    segno.make(url, error="m").save(picture, kind="svg", scale=6, xmldecl=False)
    return ok_answer(CodeOut(url=url, qr_svg=picture.getvalue().decode(), expires_at=expires_at)).response()
