"""Reads the link of a page: whose interview it opens, which code it shows, or why it opens nothing."""

from collections.abc import Callable
from enum import StrEnum

from starlette.requests import Request

from bot.handlers.survey_page.entry import Opened
from bot.http.context import Web
from bot.signed_links import Purpose, Stale
from scoring.values import Value

__all__ = ["Scan", "Shut", "Trouble", "opened"]


class Trouble(StrEnum):
    """Why a link opens nothing."""

    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Shut(Value):
    """The link opens nothing."""

    why: Trouble


class Scan(Value):
    """The link shows a code to be scanned with WeChat; `holds` is what the code says."""

    holds: str


def opened(request: Request) -> Opened | Scan | Shut:
    """Read the link of a request."""
    web: Web = request.app.state.web
    links = web.receiver.policy.links
    if not links.key:  # anybody could sign with none
        return Shut(Trouble.UNKNOWN)
    try:
        purpose, subject = links.read(request.path_params["token"], web.clock.now())
    except Stale:
        return Shut(Trouble.EXPIRED)
    except LookupError:
        return Shut(Trouble.UNKNOWN)
    opens = _OPENS.get(purpose)
    return opens(subject) if opens is not None else Shut(Trouble.UNKNOWN)


_OPENS: dict[Purpose, Callable[[str], Opened | Scan]] = {
    Purpose.SURVEY: lambda interview: Opened(interview=interview),
    Purpose.WEB: lambda secret: Opened(secret=secret),
    Purpose.BINDING: Scan,
}
