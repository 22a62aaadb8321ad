"""Draws the pages behind a ticket's link, in the customer's language: the choice, the link that was made, notes."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.http.context import Web
from bot.http.reader_language import language_of
from bot.http.survey_page.render import render_screen_under
from bot.http.survey_page.survey_screen import Screen
from bot.ports import Binding

__all__ = ["render_choice", "render_opened", "render_proof", "render_ticket_note"]

_UNDER = "../s/"
_PICTURE_IN_PAGE = {"img-src": "'self' data:"}


def render_choice(request: Request, locale: str) -> Response:
    """Return the page with a button for each channel on which a chat can be opened."""
    web: Web = request.app.state.web
    names = [(name, _named(web, locale, name)) for name in web.bindable]
    title = web.receiver.policy.phrases.say(locale, "desk.page_title")
    screen = Screen("ticket_choice", locale, {"title": title, "channels": names})
    return render_screen_under(request, screen, under=_UNDER)


def render_opened(request: Request, locale: str, channel: str, binding: Binding) -> Response:
    """Return the page with the link to a chat, and its QR code for whoever reads this on a computer."""
    web: Web = request.app.state.web
    import segno  # noqa: PLC0415 (not before a code is asked for)

    code = segno.make(binding.scan, error="m").png_data_uri(scale=6, border=4)
    title = web.receiver.policy.phrases.say(locale, "desk.opened_title", channel=_named(web, locale, channel))
    screen = Screen("ticket_opened", locale, {"title": title, "url": binding.url, "code": code})
    return render_screen_under(request, screen, sources=_PICTURE_IN_PAGE, under=_UNDER)


def render_proof(request: Request, ticket: str, *, is_wrong: bool = False) -> Response:
    """Return the page that asks for the ticket's number and the reader's address, in their language."""
    web: Web = request.app.state.web
    phrases, locale = web.receiver.policy.phrases, language_of(request, web.receiver.policy.locale)
    values = {"title": phrases.say(locale, "desk.page_title"), "ticket": ticket, "is_wrong": is_wrong}
    status = HTTPStatus.NOT_FOUND if is_wrong else HTTPStatus.OK
    return render_screen_under(request, Screen("ticket_proof", locale, values), status, under="../../s/")


def render_ticket_note(request: Request, key: str, status: int = HTTPStatus.OK, locale: str = "") -> Response:
    """Return a page with one notice, in the customer's language, or the reader's where that is not known."""
    web: Web = request.app.state.web
    phrases = web.receiver.policy.phrases
    locale = locale or language_of(request, web.receiver.policy.locale)
    head, text = (phrases.say(locale, f"page.{name}") for name in (f"{key}_title", key))
    values = {"title": head, "head": head, "text": text, "can_stop": False, "is_over": False}
    under = _UNDER if "connector" not in request.path_params else f"../{_UNDER}"
    return render_screen_under(request, Screen("note", locale, values), status, under=under)


def _named(web: Web, locale: str, channel: str) -> str:
    """Return what people call a channel; the page, where it is no chat."""
    policy = web.receiver.policy
    if not policy.can(channel).customers:
        return policy.phrases.say(locale, "desk.here")
    return policy.phrases.texts[policy.phrases.locale(locale)].get(f"my_data.chat_{channel}", channel)
