"""The language of a page for a reader of whom nothing is known but the request."""

import re

from starlette.requests import Request

__all__ = ["LANGUAGES", "language_of"]

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

_PREFERENCE = re.compile(r"\s*(?P<tag>[A-Za-z-]{2,20}|\*)\s*(;\s*q\s*=\s*(?P<weight>[01](\.\d{0,3})?)\s*)?", re.ASCII)
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language_of(request: Request, default: str) -> str:
    """Return `?lang=`, else the browser's first preference that we have (RFC 9110, 12.5.4), else `default`."""
    chosen = request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    preferences = map(_PREFERENCE.fullmatch, request.headers.get("accept-language", "")[:200].split(","))
    ranked = sorted(filter(None, preferences), key=lambda each: -float(each["weight"] or 1))
    return next(filter(None, (_nearest(each["tag"]) for each in ranked)), default)


def _nearest(tag: str) -> str | None:
    """Return our language for a tag; a script in it counts before the region (RFC 5646, 2.2.3)."""
    subtags = tag.lower().split("-")
    if subtags[0] == "zh":
        return "zh-Hant" if _TRADITIONAL.intersection(subtags) and "hans" not in subtags else "zh-Hans"
    return "en" if subtags[0] == "en" else None
