"""Published periods by API: a period as it stands, what was published about it, and publishing."""

from http import HTTPStatus
from typing import Annotated, NoReturn

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.publish_period import PublishOutcome, needs, publish
from bot.http.api.openapi import problems
from bot.http.api.paging import Cursor, Limit, paged
from bot.http.api.periods.content import PeriodDesk, prepared, read_standing
from bot.http.api.periods.period_json import (
    PeriodOut,
    PublicationOut,
    PublicationPage,
    PublishBody,
    PublishedOut,
    period_out,
    publication_out,
    published_out,
)
from bot.http.api.schemas.field_types import Language
from bot.http.api.strict_route import api_router
from bot.http.context import TheWeb, Web
from bot.http.field_errors import FieldProblem
from bot.http.idempotent_decide import ApiAnswer, decide_once, ok_answer, refusal_answer
from bot.http.problems import Problem
from bot.jobs.period_summary import FigureRequestError
from dialogs.phrases import Phrases
from dialogs.time.named_days import PERIOD_EXAMPLES

__all__ = ["router"]

router = api_router("periods")

_PERIODS = f"As in {PERIOD_EXAMPLES}, or 2026-11-01..2026-11-16, whose last day is excluded."
PeriodName = Annotated[str, Path(max_length=30, description=_PERIODS)]
About = Annotated[str, Path(max_length=200, description="`figures`, or the id of the form whose scores are wanted.")]
Revision = Annotated[int | None, Query(ge=1, description="The latest where it is left out.")]


@router.get("", response_model=PublicationPage, responses=problems(401, 422, 503))
async def list_publications(
    web: TheWeb,
    *,
    period: Annotated[str, Query(max_length=30)] = "",
    about: Annotated[str, Query(max_length=200)] = "",
    locale: Language = "",
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Response:
    """List what was published, every revision, those published first before those published later."""
    page = await paged(web.reader.publications.page(period, about, cursor, limit))
    items = tuple(published_out(one, *_words(web, locale)) for one in page.items)
    return ok_answer(PublicationPage(items=items, next=page.next)).response()


@router.get("/{period}", response_model=PeriodOut, responses=problems(401, 422, 503))
async def show_period(period: PeriodName, web: TheWeb, *, locale: Language = "") -> Response:
    """Return a period with its days, whether it is over, and what waits for a next revision. Raises Problem."""
    desk = _desk(web)
    try:
        when, standing = await read_standing(desk, period)
    except FigureRequestError as wrong:
        _refuse(wrong)
    is_over, zone = when.is_over(desk.now), web.receiver.policy.timezone
    return ok_answer(period_out(when, zone, standing, *_words(web, locale), is_over=is_over)).response()


@router.get("/{period}/{about}", response_model=PublicationOut, responses=problems(401, 404, 422, 503))
async def show_publication(
    period: PeriodName, about: About, web: TheWeb, *, revision: Revision = None, locale: Language = ""
) -> Response:
    """Return what was published about a period, with all that it rests on."""
    found = await web.reader.publications.revision(about, period, revision)
    if found is None:
        return refusal_answer(_unknown(period, about, revision)).response()
    return ok_answer(publication_out(found, *_words(web, locale))).response()


@router.get("/{period}/{about}/content", responses=problems(401, 404, 422, 503))
async def read_content(period: PeriodName, about: About, web: TheWeb, *, revision: Revision = None) -> Response:
    """Return what was published to the byte, of which `digest` is the SHA-256."""
    found = await web.reader.publications.revision(about, period, revision)
    if found is None:
        return refusal_answer(_unknown(period, about, revision)).response()
    return Response(found.content, HTTPStatus.OK, {"cache-control": "no-store"}, "application/json")


@router.post(
    "/{period}/{about}",
    status_code=HTTPStatus.CREATED,
    response_model=PublishedOut,
    responses=problems(401, 409, 413, 422, 503),
)
async def publish_period(
    period: PeriodName, about: About, body: PublishBody, request: Request, web: TheWeb
) -> Response:
    """Publish a period's figures or scores: 201 when the revision is new, 200 for the same one again. Raises Problem.

    409 while the period is not over, where the number was published with other content, and where nothing has changed.
    """
    try:
        made = await prepared(_desk(web), body.wanted(period, about))
    except FigureRequestError as wrong:
        _refuse(wrong)

    def tell(answer: PublishOutcome | Conflict | Invalid) -> ApiAnswer:
        if not isinstance(answer, PublishOutcome):
            return refusal_answer(answer)
        status = HTTPStatus.CREATED if answer.created else HTTPStatus.OK
        return ok_answer(published_out(answer.publication, *_words(web, body.locale or "")), status)

    return (await decide_once(web, request, needs(made), lambda context: publish(context, made), tell)).response()


def _desk(web: Web) -> PeriodDesk:
    return PeriodDesk(web.reader, web.forms, web.receiver.policy, web.clock.now())


def _words(web: Web, locale: str) -> tuple[Phrases, str]:
    policy = web.receiver.policy
    return policy.phrases, policy.phrases.locale(locale or policy.locale)


def _unknown(period: str, about: str, revision: int | None) -> NotFound:
    return NotFound(f"{'' if revision is None else f'revision {revision} of '}{about} published for {period}")


def _refuse(wrong: FigureRequestError) -> NoReturn:
    listed = [FieldProblem(wrong.field, wrong.problem)]
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "That cannot be published.", listed) from None
