"""The page of a closure, for notices that have no room for the sentence: it is read whole, and judged."""

import re
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.common.context import DecisionContext
from bot.handlers.survey_page.closure import (
    ClosureView,
    OpenedClosure,
    closure_needs,
    judge_closure,
    view_closure,
)
from bot.http.context import Web
from bot.http.pages import NOT_DECIDED, form_fields
from bot.http.survey_page.render import render_closure, render_note
from dialogs.issue.closure_message import closure_head
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = ["VERDICTS", "show_closure", "take_verdict_on_page"]

VERDICTS = {"solved": True, "not_solved": False}
_MOST_FIELDS = 3
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)


async def show_closure(request: Request, opened: OpenedClosure) -> Response:
    """Return the page of a closure."""
    web: Web = request.app.state.web
    wanted = closure_needs(opened, web.receiver.policy, web.clock.now())
    try:
        view = await web.receiver.do(wanted, lambda context: Decision(Changes(), view_closure(context, opened)))
    except NOT_DECIDED:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    if view is None:
        return render_note(request, "unknown", HTTPStatus.NOT_FOUND)
    return render_closure(request, view.locale, _values(web, view, request.query_params.get("said", "")))


async def take_verdict_on_page(request: Request, opened: OpenedClosure) -> str | Response:
    """Take a verdict; return which one is recorded now, empty for none, or the page that says why it was not taken."""
    web: Web = request.app.state.web
    fields = form_fields(await request.body(), _MOST_FIELDS)
    pressed, shown = fields.get("verdict", ""), fields.get("resolution", "")
    if pressed not in VERDICTS or not _NUMBER.fullmatch(shown):
        return ""
    wanted = closure_needs(opened, web.receiver.policy, web.clock.now())

    def decide(context: DecisionContext) -> Decision[bool]:
        return judge_closure(context, opened, int(shown), solved=VERDICTS[pressed])

    try:
        is_taken = await web.receiver.do(wanted, decide)
    except NOT_DECIDED:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    return pressed if is_taken else ""


def _values(web: Web, view: ClosureView, said: str) -> dict[str, object]:
    phrases = web.receiver.policy.phrases
    locale = phrases.locale(view.locale)
    say = partial(phrases.say, locale)
    return {
        "title": say("page.closure_title"),
        "head": closure_head(view.subject, phrases, locale) if view.note else "",
        "note": view.note,
        "resolution": view.resolution,
        "answered": say(_told(view, said)) if _told(view, said) else "",
        "may_answer": view.may_answer,
    }


def _told(view: ClosureView, said: str) -> str:
    """Return the phrase below an outcome; that the team knows only right after it was told."""
    if view.is_confirmed:
        return "closure.solved"
    if view.note:
        return ""
    return "page.closure_not_solved" if said == "not_solved" else "page.closure_again"
