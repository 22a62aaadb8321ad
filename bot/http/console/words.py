"""The console's words in the reader's language."""

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

from starlette.requests import Request

__all__ = ["LANGUAGES", "WORDS", "language_of"]

WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
LANGUAGES = tuple(WORDS)

_WISH = re.compile(r"\s*(?P<tag>[A-Za-z-]{2,20}|\*)\s*(;\s*q\s*=\s*(?P<weight>[01](\.\d{0,3})?)\s*)?", re.ASCII)
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def language_of(request: Request, default: str) -> str:
    """Choose the language of a page: `?lang=`, else what the browser wishes, else the owner's."""
    chosen = request.query_params.get("lang", "")
    if chosen in WORDS:
        return chosen
    wishes = map(_WISH.fullmatch, request.headers.get("accept-language", "")[:200].split(","))
    ranked = sorted(filter(None, wishes), key=lambda wish: -float(wish["weight"] or 1))
    return next(filter(None, (_ours(wish["tag"]) for wish in ranked)), default)


def _ours(tag: str) -> str | None:
    """Return our language for a tag; a script in it counts before the region (RFC 5646, 2.2.3)."""
    parts = tag.lower().split("-")
    if parts[0] == "zh":
        return "zh-Hant" if _TRADITIONAL.intersection(parts) and "hans" not in parts else "zh-Hans"
    return "en" if parts[0] == "en" else None
