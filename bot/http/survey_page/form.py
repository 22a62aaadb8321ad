"""Reads what the survey page sends."""

from bot.handlers.survey_page.page import Deed, Did
from bot.http.pages import form_fields

__all__ = ["survey_form"]

_MOST_FIELDS = 8
_LONGEST_NUMBER = 3
_ORDER = (Did.STOP, Did.BACK, Did.SKIP, Did.RATE, Did.SAY)
"""Which press counts where a forged form names several: the one that changes least."""


def survey_form(raw: bytes) -> Deed | None:
    """Return the press that a form holds; None where it holds none of ours."""
    said = form_fields(raw, _MOST_FIELDS)
    did = next((one for one in _ORDER if said.get(one)), None)
    if did is None:
        return None
    value = _number(said.get(Did.RATE, ""))
    if value is None and did is Did.RATE:
        return None
    return Deed(did, said.get("step", ""), value or 0, said.get("text", ""))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
