"""The page of a closure, for notices that have no room for the sentence: it is read whole, and judged."""

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

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
_MOST_FIELDS = 2


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
    """Take a verdict; return which one was pressed, empty for none, or the page that says why it was not taken."""
    web: Web = request.app.state.web
    pressed = form_fields(await request.body(), _MOST_FIELDS).get("verdict", "")
    if pressed not in VERDICTS:
        return ""
    wanted = closure_needs(opened, web.receiver.policy, web.clock.now())
    try:
        await web.receiver.do(wanted, lambda context: judge_closure(context, opened, solved=VERDICTS[pressed]))
    except NOT_DECIDED:
        return render_note(request, "busy", HTTPStatus.SERVICE_UNAVAILABLE)
    return pressed


def _values(web: Web, view: ClosureView, said: str) -> dict[str, object]:
    phrases = web.receiver.policy.phrases
    locale = phrases.locale(view.locale)
    say = partial(phrases.say, locale)
    known = view.verdict if view.verdict is not None else VERDICTS.get(said)
    answered = "" if known is None else say("closure.solved" if known else "page.closure_not_solved")
    return {
        "title": say("page.closure_title"),
        "head": closure_head(view.subject, phrases, locale) if view.note else "",
        "note": view.note,
        "answered": answered,
        "may_answer": view.may_answer and not answered,
    }
