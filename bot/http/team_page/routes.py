"""The team page's routes: the page of an issue, a press on it, the files that it loads."""

from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.contact_details import HolderLink, read_holder_link
from bot.handlers.issues.team_messages import call_needs
from bot.handlers.issues.team_page import IssueAction, IssueSubmission, SubmissionOutcome, needs, submit_action
from bot.http.answer_cache import answer_cache
from bot.http.context import Web
from bot.http.pages import NOT_DECIDED, is_foreign
from bot.http.team_page.form import FORGET, REMEMBER, TeamForm, team_form
from bot.http.team_page.identity import forget_name, held_link, is_own_name, known_name, remember_name
from bot.http.team_page.render import TEAM_PAGES, RejectedPress, render_message, render_own_name, render_sheet
from bot.signed_links import LinkPurpose, Stale
from dialogs.issue.closure_message import LONGEST_NOTE
from scoring.values import replace
from storage.unit_of_work.writer import Decision

__all__ = ["ROUTES"]

_ONCE_WITHIN = timedelta(hours=24)
_SOURCE = "team_page"
_WRITTEN = frozenset({IssueAction.DRAFT, IssueAction.PROGRESS, IssueAction.ASK})
"""Acts that take words for the customer."""
_REFUSED = frozenset(
    {
        SubmissionOutcome.HELD,
        SubmissionOutcome.OVER,
        SubmissionOutcome.UNREACHED,
        SubmissionOutcome.STALE,
        SubmissionOutcome.NOT_ALLOWED,
        SubmissionOutcome.NOT_PROVEN,
        SubmissionOutcome.NOT_CLOSED_OUT,
    }
)
"""Outcomes by which words were not taken: the page shows them once more."""


async def show(request: Request) -> Response:
    """Return the page that a link opens. Nothing is recorded, since link previews and scanners fetch it, too."""
    opened = _opened(request)
    if isinstance(opened, Response):
        return opened
    issue, link = opened
    try:
        return await render_sheet(request, issue, link)
    except NOT_DECIDED:
        return render_message(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)


async def take(request: Request) -> Response:
    """Apply a press and redirect to the page."""
    web: Web = request.app.state.web
    form = team_form(await request.body())
    kept = form.note if form is not None else ""
    opened = _opened(request, kept)
    if isinstance(opened, Response):
        return opened
    if is_foreign(request, web.receiver.policy.links.base):
        return render_message(request, "foreign", HTTPStatus.FORBIDDEN)
    if form is None:
        return _redirect(request)
    try:
        return await _taken(request, *opened, form)
    except NOT_DECIDED:
        return render_message(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE, kept)


def _opened(request: Request, kept: str = "") -> tuple[str, HolderLink | None] | Response:
    """Return the issue that the link opens, and the link of a holder; or the page that says why it opens nothing.

    `kept` is what was typed on the page, which shows it once more.
    """
    web: Web = request.app.state.web
    try:
        purpose, subject = web.receiver.policy.links.read(request.path_params["token"], web.clock.now())
    except Stale:
        return render_message(request, "expired", HTTPStatus.GONE, kept)
    except LookupError:
        return render_message(request, "unknown", HTTPStatus.NOT_FOUND)
    if purpose is LinkPurpose.MEMBER:
        return _own_name(request, subject)
    if purpose is LinkPurpose.HOLDER:
        link = read_holder_link(subject)
        return link.issue, link
    return (subject, None) if purpose is LinkPurpose.TEAM else render_message(request, "unknown", HTTPStatus.NOT_FOUND)


def _own_name(request: Request, name: str) -> Response:
    """Return the page of somebody's own link; a press on it, and no look at it, makes the browser theirs."""
    web: Web = request.app.state.web
    if request.method != "POST":
        return render_own_name(request, name)
    if is_foreign(request, web.receiver.policy.links.base):
        return render_message(request, "foreign", HTTPStatus.FORBIDDEN)
    return remember_name(render_own_name(request, name, is_known=True), request, name, is_own=True)


async def _taken(request: Request, issue: str, link: HolderLink | None, form: TeamForm) -> Response:
    web: Web = request.app.state.web
    if form.act == FORGET:
        return forget_name(_redirect(request), web)
    name = form.name or (link.name if link is not None else known_name(request))
    wrong = _wrong(form, name)
    if wrong is not None:
        return await render_sheet(request, issue, link, wrong)
    said = token = ""
    if form.act != REMEMBER:
        proof = link or held_link(request, issue)
        submission = await _submission(web, (issue, proof), name, form)
        submission = replace(submission, is_own=is_own_name(request, name))
        said, _, token = (await _done(web, submission, form.once)).partition(" ")
        if said in _REFUSED and form.note:
            return await render_sheet(request, issue, link, RejectedPress(said, form.note))
    back = _redirect(request, said, token)
    is_known = said != SubmissionOutcome.NOT_ALLOWED and (form.name or token)
    return remember_name(back, request, name, token) if is_known else back


async def _submission(web: Web, opened: tuple[str, HolderLink | None], name: str, form: TeamForm) -> IssueSubmission:
    """Return what was pressed, with the issue that has the number written, if any."""
    issue, link = opened
    found = await web.reader.admins.issues_numbered(form.number) if form.act == IssueAction.MERGE else []
    into = next((other.id for other in found if other.id != issue), "")
    act, to = IssueAction(form.act), form.to
    return IssueSubmission(act, issue, name, form.round, draft=form.draft, note=form.note, to=to, into=into, link=link)


def _wrong(form: TeamForm, name: str) -> RejectedPress | None:
    """Return what is missing or too long, None where nothing is."""
    if not name:
        return RejectedPress("no_name", form.note)
    if form.act in _WRITTEN and not form.note:
        return RejectedPress("no_note", form.note)
    if form.act == IssueAction.ASSIGN and not form.to:
        return RejectedPress("no_to", form.note)
    if form.act == IssueAction.MERGE and not form.number:
        return RejectedPress("no_number", form.note)
    if len(form.note) > LONGEST_NOTE:
        return RejectedPress("long_note", form.note, {"most": LONGEST_NOTE, "count": len(form.note)})
    return None


async def _done(web: Web, submission: IssueSubmission, once: str) -> str:
    """Apply an action; return its outcome, and the token of the holder's page for whoever has become the holder by it.

    The same press within a day returns the same and changes nothing.
    """
    pressed = sha256(repr((submission, once)).encode()).hexdigest()
    kept = answer_cache(f"{_SOURCE}:{pressed}", _ONCE_WITHIN, web.clock.now(), _SOURCE)
    wanted = needs(submission.issue, submission.into) | kept.needs | call_needs(web.receiver.policy, web.clock.now())

    def decide(context: DecisionContext) -> Decision[str]:
        decision = submit_action(context, submission)
        done = decision.answer
        return Decision(decision.changes, f"{done.outcome.value} {done.token}".strip())

    return await web.receiver.do(wanted, lambda context: kept.answered(context, decide))


def _redirect(request: Request, said: str = "", token: str = "") -> Response:
    """Redirect to the page, or to the holder's by its `token`, by GET, so that reloading sends nothing again.

    The address is relative, as there may be a prefix.
    """
    asked = {"said": said, "lang": request.query_params.get("lang", "")}
    query = urlencode({name: value for name, value in asked.items() if value})
    here: str = token or request.path_params["token"]
    return RedirectResponse(f"{here}?{query}" if query else here, HTTPStatus.SEE_OTHER)


ROUTES = [
    Route("/t/static/{name}", TEAM_PAGES.static, methods=["GET"]),
    Route("/t/{token}", show, methods=["GET"]),
    Route("/t/{token}", take, methods=["POST"]),
]
