"""Draws the team's pages: an issue as it stands, or one notice."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.issues.contact_details import HolderLink
from bot.handlers.issues.team_page import IssueSheet, SubmissionOutcome, needs, view_issue
from bot.http.context import Web
from bot.http.pages import PageTemplates
from bot.http.reader_language import language_of
from bot.http.team_page.identity import is_own_name, known_name
from bot.http.team_page.sheet import Part, SheetReader, sheet_values
from dialogs.messages import Verb
from scoring.values import Value, field
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["TEAM_PAGES", "RejectedPress", "render_message", "render_own_name", "render_sheet"]

TEAM_PAGES = PageTemplates(__package__, has_scripts=False)

_SAID = frozenset({*SubmissionOutcome} - {SubmissionOutcome.DRAFTED})


class RejectedPress(Value):
    """A press that changed nothing: the key of the reason (`team_page.said.…`), and what had been typed."""

    said: str
    typed: str
    values: Mapping[str, object] = field(default_factory=dict)


async def render_sheet(
    request: Request, issue: str, link: HolderLink | None = None, wrong: RejectedPress | None = None
) -> Response:
    """Return the page of an issue, for its holder by their `link`; nothing is stored."""
    web: Web = request.app.state.web
    locale, name = _locale(request), known_name(request)
    own_name = name if is_own_name(request, name) else ""
    found = await web.receiver.do(
        needs(issue), lambda context: Decision(Changes(), view_issue(context, issue, locale, link, own_name))
    )
    view = await web.reader.issue(issue)
    if found is None or view is None:
        return render_message(request, "unknown", HTTPStatus.NOT_FOUND)
    reader, phrases = _reader(request, found, locale, link, wrong), web.receiver.policy.phrases
    values = {**sheet_values(found, view.timeline, reader, phrases), "me": reader.name, "once": web.secrets.token()}
    free = phrases.moment(locale, found.free_from, reader.zone) if found.free_from else ""
    about = {"name": found.issue.claimed_by or "", "moment": free}
    if wrong is not None:
        values["note"] = wrong.typed
        values["kept"] = wrong.typed if values["part"] != Part.WRITE else ""
        values["said"] = phrases.say(locale, f"team_page.said.{wrong.said}", **{**about, **wrong.values})
        return _page(request, "sheet", values, HTTPStatus.UNPROCESSABLE_ENTITY)
    said = request.query_params.get("said", "")
    values["said"] = phrases.say(locale, f"team_page.said.{said}", **about) if said in _SAID else ""
    return _page(request, "sheet", values)


def render_own_name(request: Request, name: str, *, is_known: bool = False) -> Response:
    """Return the page of somebody's own link: the question whether this browser is theirs, or that it is by now."""
    web: Web = request.app.state.web
    say = partial(web.receiver.policy.phrases.say, _locale(request))
    text = say("team_page.own.known" if is_known else "team_page.own.text")
    values = {"head": say("team_page.own.title", name=name), "text": text, "asks": not is_known}
    return _page(request, "own", values)


def render_message(request: Request, key: str, status: int, kept: str = "") -> Response:
    """Return a page that says one thing, and what to do; `kept` is what had been typed, which was not taken."""
    web: Web = request.app.state.web
    say = partial(web.receiver.policy.phrases.say, _locale(request))
    head, text = (say(f"team_page.note.{name}") for name in (f"{key}_title", key))
    return _page(request, "note", {"head": head, "text": text, "kept": kept}, status)


def _reader(
    request: Request, found: IssueSheet, locale: str, link: HolderLink | None, wrong: RejectedPress | None
) -> SheetReader:
    """Return who looks; a name that is no longer on the roster counts as none."""
    web: Web = request.app.state.web
    name, query = link.name if link is not None else known_name(request), request.query_params
    is_on_it = found.people is None or name in found.people
    writes = wrong is not None and bool(wrong.typed)
    return SheetReader(
        locale,
        web.receiver.policy.timezone,
        name if is_on_it else "",
        wants_to_write=writes or query.get("do") == Verb.RESOLVE,
        is_editing=writes or "edit" in query,
    )


def _locale(request: Request) -> str:
    web: Web = request.app.state.web
    return language_of(request, web.receiver.policy.team_speaks)


def _page(request: Request, name: str, values: Mapping[str, object], status: int = HTTPStatus.OK) -> Response:
    web: Web = request.app.state.web
    locale = _locale(request)
    say, here = partial(web.receiver.policy.phrases.say, locale), request.path_params["token"]
    return TEAM_PAGES.render(name, {"kept": "", **values, "locale": locale, "say": say, "here": here}, status)
