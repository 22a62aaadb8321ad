"""Reads the link of a page: whose interview it opens, which code it shows, or why it opens nothing."""

from collections.abc import Callable
from enum import StrEnum

from starlette.requests import Request

from bot.handlers.survey_page.closure import OpenedClosure, open_closure
from bot.handlers.survey_page.entry import OpenedLink
from bot.handlers.survey_page.walk_in import PlaceCode
from bot.http.context import Web
from bot.signed_links import LinkPurpose, Stale
from scoring.values import Value

__all__ = ["BindingCode", "ClosedLink", "LinkProblem", "read_link"]


class LinkProblem(StrEnum):
    """Why a link opens nothing."""

    EXPIRED = "expired"
    UNKNOWN = "unknown"


class ClosedLink(Value):
    """The link opens nothing."""

    why: LinkProblem


class BindingCode(Value):
    """The link shows a QR code to be scanned with WeChat; `holds` is the text of the code."""

    holds: str


def read_link(request: Request) -> OpenedLink | OpenedClosure | BindingCode | PlaceCode | ClosedLink:
    """Return what the link of a request opens."""
    web: Web = request.app.state.web
    links = web.receiver.policy.links
    if not links.key:  # with an empty key anybody could sign
        return ClosedLink(LinkProblem.UNKNOWN)
    try:
        purpose, subject = links.read(request.path_params["token"], web.clock.now())
    except Stale:
        return ClosedLink(LinkProblem.EXPIRED)
    except LookupError:
        return ClosedLink(LinkProblem.UNKNOWN)
    opens = _OPENS.get(purpose)
    return opens(subject) if opens is not None else ClosedLink(LinkProblem.UNKNOWN)


_OPENS: dict[LinkPurpose, Callable[[str], OpenedLink | OpenedClosure | BindingCode | PlaceCode]] = {
    LinkPurpose.SURVEY: lambda interview: OpenedLink(interview=interview),
    LinkPurpose.WEB: lambda secret: OpenedLink(secret=secret),
    LinkPurpose.BINDING: BindingCode,
    LinkPurpose.CLOSURE: open_closure,
    LinkPurpose.PLACE: lambda place: PlaceCode(*place.split("=", 1)),
}
