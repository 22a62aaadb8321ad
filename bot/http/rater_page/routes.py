"""`/f/{token}`: one rater fills one sheet, looks at it once more, and sends it.

Nothing is recorded by GET, since link previews and scanners fetch it, too, nor before the second press: what was typed
goes with the page from step to step, and the browser keeps it where scripts run.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.handlers.assessments import AssessmentOutcome, NewAssessment
from bot.handlers.common.results import Conflict
from bot.handlers.rater_links import RaterSight, page_needs, rater_link, rating_by, send_sheet, view_sheet
from bot.handlers.sheet_files import UNKNOWN_OWNER, SheetUpload, add_file, upload_id, upload_needs
from bot.http.api.forms.file_routes import file_answer
from bot.http.backoff import WrongSecrets
from bot.http.context import Web
from bot.http.limits import Disconnected, TooLarge
from bot.http.pages import NOT_CACHED, NOT_DECIDED, is_foreign
from bot.http.problems import Problem
from bot.http.rater_page.entered_sheet import EnteredSheet, FieldError, RaterFile, entered_before, posted_sheet
from bot.http.rater_page.render import OpenedSheet, RaterScreens
from bot.signed_links import LinkPurpose, Stale
from dialogs.forms.filled_sheet import SheetEntry
from dialogs.forms.model import form_in_force
from dialogs.time.named_days import named_days
from dialogs.time.periods import named_period
from scoring.values import Value, replace
from storage.model.filled_forms import AssessmentFile
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["rater_routes"]

_DOOR = "f"
REVIEW, EDIT, SEND = "review", "edit", "send"
"""The buttons of the page."""


def rater_routes(wrong: WrongSecrets) -> list[BaseRoute]:
    """Return the routes; forged links are counted in `wrong`, as wrong keys are."""
    return [
        Route("/f/{token}", partial(_show, wrong), methods=["GET"]),
        Route("/f/{token}", partial(_take, wrong), methods=["POST"]),
        Route("/f/{token}/files/{file}", partial(_fetch, wrong), methods=["GET"]),
    ]


async def _show(wrong: WrongSecrets, request: Request) -> Response:
    """Return the empty sheet, or the one that is stored; with `?edit=1` its fields."""
    screens, opened = RaterScreens(request), _opened(wrong, request)
    if not isinstance(opened, OpenedSheet):
        return opened
    try:
        sight = await _sight(request, rating_by(opened.link, opened.form, opened.period))
    except NOT_DECIDED:
        return screens.note("busy", HTTPStatus.SERVICE_UNAVAILABLE)
    opened = replace(opened, files=sight.files)
    if sight.stored is None:
        waiting = ((one.item, one.id) for one in sight.files.values() if one.item)
        return screens.fields(opened, EnteredSheet().with_evidence(waiting))
    if EDIT in request.query_params and not sight.is_published:
        return screens.fields(opened, entered_before(sight.stored))
    return screens.thanks(opened, sight.stored, is_published=sight.is_published)


async def _take(wrong: WrongSecrets, request: Request) -> Response:
    """Return the next step for what was typed; only the button that sends it stores it."""
    screens, opened = RaterScreens(request), _opened(wrong, request)
    if not isinstance(opened, OpenedSheet):
        return opened
    web: Web = request.app.state.web
    if is_foreign(request, web.receiver.policy.links.base):
        return screens.note("foreign", HTTPStatus.FORBIDDEN)
    try:
        entered, posted = await posted_sheet(request)
    except TooLarge:
        return screens.note("large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except (Disconnected, ValueError):
        return screens.note("busy", HTTPStatus.BAD_REQUEST)
    try:
        uploads = await _uploaded(request, opened, posted)
    except NOT_DECIDED:
        return screens.fields(opened, entered, said="busy", status=HTTPStatus.SERVICE_UNAVAILABLE)
    return await _next_step(request, replace(opened, files=uploads.files), entered, uploads)


async def _next_step(request: Request, opened: OpenedSheet, typed: EnteredSheet, uploads: "_Uploads") -> Response:
    """Return the page that follows on a button."""
    screens, (entered, gone) = RaterScreens(request), typed.with_evidence(uploads.stored).among_files(uploads.files)
    if uploads.owner_is_gone:
        return screens.note("closed", HTTPStatus.CONFLICT)
    wrong = {**gone, **uploads.wrong}
    if entered.pressed not in (REVIEW, SEND):
        return screens.fields(opened, entered, wrong)
    entry, mistakes = entered.entry(opened.form)
    if mistakes or wrong:
        return screens.fields(opened, entered, {**mistakes, **wrong})
    if entered.pressed == REVIEW:
        return screens.review(opened, entered, entry)
    return await _sent(request, opened, entered, entry)


class _Uploads(Value):
    """Files that came with a form: those that are stored by item, what is wrong with others, and all of the sheet.

    `owner_is_gone` where they are of a customer who is not there any more: then none is stored.
    """

    stored: tuple[tuple[str, str], ...]
    wrong: Mapping[str, FieldError]
    files: Mapping[str, AssessmentFile]
    owner_is_gone: bool = False


async def _uploaded(request: Request, opened: OpenedSheet, posted: Sequence[RaterFile]) -> _Uploads:
    """Store the files that came, before anything is shown. Raises what the receiver raises."""
    web: Web = request.app.state.web
    policy, new = web.receiver.policy, rating_by(opened.link, opened.form, opened.period)
    asked = {item.id for item in opened.form.items if item.evidence}
    stored, wrong = list[tuple[str, str]](), dict[str, FieldError]()
    for one in (file for file in posted if file.item in asked):
        sheet = new.id(policy)
        id_ = upload_id(policy, sheet, one.item, one.content)
        upload = SheetUpload(id_, one.name, one.content, new.by, sheet, one.item, new.customer)
        answer = await web.receiver.do(upload_needs(upload), partial(add_file, upload=upload))
        if isinstance(answer, AssessmentFile):
            stored.append((one.item, id_))
        elif answer.why == UNKNOWN_OWNER:
            return _Uploads((), {}, {}, owner_is_gone=True)
        else:
            wrong[f"f.{one.item}"] = FieldError(f"file_{answer.why}")
    files = (await _sight(request, new)).files if asked else {}
    return _Uploads(tuple(stored), wrong, files)


async def _fetch(wrong: WrongSecrets, request: Request) -> Response:
    """Return a file that this rater has uploaded."""
    screens, opened = RaterScreens(request), _opened(wrong, request)
    if not isinstance(opened, OpenedSheet):
        return opened
    web: Web = request.app.state.web
    try:
        sight = await _sight(request, rating_by(opened.link, opened.form, opened.period))
    except NOT_DECIDED:
        return screens.note("busy", HTTPStatus.SERVICE_UNAVAILABLE)
    found = sight.files.get(request.path_params["file"])
    return screens.note("unknown", HTTPStatus.NOT_FOUND) if found is None else await file_answer(web, found)


async def _sent(request: Request, opened: OpenedSheet, entered: EnteredSheet, entry: SheetEntry) -> Response:
    """Store the sheet, and redirect to what is stored."""
    web: Web = request.app.state.web
    screens, new = RaterScreens(request), rating_by(opened.link, opened.form, opened.period, entry)
    try:
        wanted = page_needs(new, web.receiver.policy)
        answer = await web.receiver.do(wanted, lambda context: send_sheet(context, new))
    except NOT_DECIDED:
        return screens.fields(opened, entered, said="busy", status=HTTPStatus.SERVICE_UNAVAILABLE)
    if not isinstance(answer, AssessmentOutcome):
        return screens.note("published" if isinstance(answer, Conflict) else "closed", HTTPStatus.CONFLICT)
    # By GET, so that reloading sends nothing again; relative, as there may be a prefix.
    return RedirectResponse(f"./{request.path_params['token']}", HTTPStatus.SEE_OTHER, NOT_CACHED)


async def _sight(request: Request, new: NewAssessment) -> RaterSight:
    """Return what the rater has sent; nothing is stored."""
    web: Web = request.app.state.web
    wanted = page_needs(new, web.receiver.policy)
    return await web.receiver.do(wanted, lambda context: Decision(Changes(), view_sheet(context, new)))


def _opened(wrong: WrongSecrets, request: Request) -> OpenedSheet | Response:
    """Return what the link opens, or the page that says why it opens nothing."""
    web: Web = request.app.state.web
    links, screens = web.receiver.policy.links, RaterScreens(request)
    try:
        purpose, subject = links.read(request.path_params["token"], web.clock.now())
    except Stale:
        return screens.note("expired", HTTPStatus.GONE)
    except LookupError:
        return _forged(wrong, request)
    if purpose is not LinkPurpose.RATER or not links.key:  # with an empty key anybody could sign
        return _forged(wrong, request)
    try:
        link = rater_link(subject)
        period = named_period(link.period, web.receiver.policy.timezone)
    except (LookupError, ValueError):
        return screens.note("unknown", HTTPStatus.NOT_FOUND)
    form = web.forms.get(link.form)
    if form is None or link.role not in form.raters:
        return screens.note("no_form", HTTPStatus.NOT_FOUND)
    return OpenedSheet(link, form_in_force(form, named_days(period.name).first), period)


def _forged(wrong: WrongSecrets, request: Request) -> Response:
    """Return the page of a link that is none of ours; 429 where too many of them came from one address."""
    screens = RaterScreens(request)
    refused = wrong.counted(_DOOR, request.scope, Problem(HTTPStatus.NOT_FOUND, "There is no such link."))
    if refused.status == HTTPStatus.TOO_MANY_REQUESTS:
        page = screens.note("busy", refused.status)
        page.headers.update(refused.headers or {})
        return page
    return screens.note("unknown", HTTPStatus.NOT_FOUND)
