"""Reads what the page sends, and tells whether it was a page of ours that sent it."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from bot.handlers.survey_page.page import Deed, Did

__all__ = ["deed_of", "is_foreign"]

_MOST_FIELDS = 8
_LONGEST_NUMBER = 3
_ORDER = (Did.STOP, Did.BACK, Did.SKIP, Did.RATE, Did.SAY)
"""Which press counts where a crooked form names several: the one that says least."""


def deed_of(raw: bytes) -> Deed | None:
    """Read a form; None where it holds no press of ours."""
    try:
        fields = parse_qs(raw.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    said = {name: values[0] for name, values in fields.items()}
    did = next((one for one in _ORDER if said.get(one)), None)
    if did is None:
        return None
    value = _number(said.get(Did.RATE, ""))
    if value is None and did is Did.RATE:
        return None
    return Deed(did, said.get("step", ""), value or 0, said.get("text", ""))


def is_foreign(request: Request, base: str) -> bool:
    """Return whether another site made the browser send this; `base` is the address by which the world reaches us.

    The link itself is the permission, so a browser that tells neither Origin nor Sec-Fetch-Site is believed.
    """
    host = request.headers.get("host", "")
    ours = {_origin(base), f"http://{host}", f"https://{host}"}
    from_where = request.headers.get("sec-fetch-site", "same-origin")
    return request.headers.get("origin", _origin(base)) not in ours or from_where not in {"same-origin", "none"}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
