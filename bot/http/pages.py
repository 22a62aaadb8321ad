"""What the web pages share: templates under a content security policy, their files, and forms from our own pages only.

A page of ours loads nothing from elsewhere and holds no inline code, so that text from outside that slipped through the
templates' escaping still does nothing (OWASP, Content Security Policy Cheat Sheet).
"""

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.http.problems import Problem
from storage.model.errors import NOT_SAVED, DecisionFailed

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["NOT_CACHED", "NOT_DECIDED", "PageTemplates", "file_disposition", "form_fields", "is_foreign", "own_origins"]

NOT_CACHED = {"cache-control": "no-store"}
NOT_DECIDED = (*NOT_SAVED, DecisionFailed)
"""What a decision raises that could not be taken or stored now: the page asks to try again."""

_NOTHING_FROM_ELSEWHERE = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_OWN_SCRIPTS = {"script-src": "'self'", "connect-src": "'self'"}
_HEADERS = NOT_CACHED | {
    "x-content-type-options": "nosniff",
    # "no-referrer" would make browsers send `Origin: null` with forms (Fetch, "serializing a request origin").
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
_BEHIND_A_LINK = {"x-frame-options": "DENY", "x-robots-tag": "noindex, nofollow"}
"""Besides, for pages that anybody with the link can open: never framed, in no index."""

_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


class PageTemplates:
    """The folders `templates` and `static` of a package.

    `has_scripts`: its pages may run the scripts in `static`. `is_public`: anybody with a link can open them.
    """

    def __init__(self, package: str, *, has_scripts: bool = True, is_public: bool = True) -> None:
        self._files = {file.name: file.read_bytes() for file in files(package).joinpath("static").iterdir()}
        self._addresses = {name: _address(name, content) for name, content in self._files.items()}
        self._sources = _NOTHING_FROM_ELSEWHERE | (_OWN_SCRIPTS if has_scripts else {})
        self._headers = _HEADERS | (_BEHIND_A_LINK if is_public else {})
        self._is_public = is_public
        self._package = package

    @cached_property
    def _templates(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (not before a page is asked for)

        return Environment(
            loader=PackageLoader(self._package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self,
        name: str,
        values: Mapping[str, object],
        status: int = HTTPStatus.OK,
        *,
        sources: Mapping[str, str] | None = None,
        under: str = "",
    ) -> Response:
        """Return a template filled in. `sources` are what this page may load besides, by directive of the policy.

        The template finds its files in `asset`, as addresses relative to the page; `under` leads from the page's own
        address to the others, where it stands elsewhere.
        """
        policy = "; ".join(map(" ".join, {**self._sources, **(sources or {})}.items()))
        asset = {file: under + address for file, address in self._addresses.items()}
        text = self._templates.get_template(f"{name}.html").render(asset=asset, **values)
        return HTMLResponse(text, status, self._headers | {"content-security-policy": policy})

    async def static(self, request: Request) -> Response:
        """Return a style sheet, script or picture. Raises Problem for an unknown name."""
        name = request.path_params["name"]
        if name not in self._files:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
        headers = {
            "cache-control": _FOR_EVER if self._is_public else "no-cache",
            "x-content-type-options": "nosniff",
        }
        return Response(self._files[name], media_type=_MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


def file_disposition(name: str, shown: str = "attachment") -> str:
    """Return the header that names a file, in whatever script; plain where a header can hold it (RFC 6266)."""
    encoded = quote(name, safe="")
    return f'{shown}; filename="{name}"' if encoded == name else f"{shown}; filename*=UTF-8''{encoded}"


def form_fields(raw: bytes, most: int) -> dict[str, str]:
    """Return the first value of each field of a form (application/x-www-form-urlencoded); empty with over `most`.

    Without NUL, which PostgreSQL does not take in a text.
    """
    try:
        fields = parse_qs(raw.decode(errors="replace"), keep_blank_values=True, max_num_fields=most)
    except ValueError:
        return {}
    return {name: values[0].replace("\0", "") for name, values in fields.items()}


def is_foreign(request: Request, base: str) -> bool:
    """Return whether another site made the browser send this form; `base` is our public address.

    The link itself is the permission, so a browser that tells neither Origin nor Sec-Fetch-Site is trusted.
    """
    origin = request.headers.get("origin")
    from_where = request.headers.get("sec-fetch-site", "same-origin")
    is_ours = origin is None or origin in own_origins(request, base)
    return not is_ours or from_where not in {"same-origin", "none"}


def own_origins(request: Request, base: str) -> set[str]:
    """Return the origins that our own pages have: of our public address, and of the address that was asked."""
    host, public = request.headers.get("host", ""), urlsplit(base)
    return {f"{public.scheme}://{public.netloc}", f"http://{host}", f"https://{host}"}


def _address(name: str, content: bytes) -> str:
    """Return a file's address; it changes with the content, so that the file may be kept for ever."""
    return f"static/{name}?{sha256(content).hexdigest()[:8]}"
