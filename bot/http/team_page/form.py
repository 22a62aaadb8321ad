"""Reads what the page sends."""

from urllib.parse import parse_qs

from bot.handlers.issues.team_page import Act
from dialogs.interview.understand import storable
from dialogs.sanitize import one_line
from scoring.values import Value

__all__ = ["FORGET", "REMEMBER", "Form", "read_form"]

FORGET, REMEMBER = "forget", "remember"
"""Presses that change nothing but the name that the browser remembers."""
_ACTS = frozenset({*Act, FORGET, REMEMBER})
_MOST_FIELDS = 12
_LONGEST_NAME = 40
_LONGEST_NUMBER = 9


class Form(Value):
    """What was pressed and written. `once` names the page as it was drawn, so that pressing twice does it once."""

    act: str
    name: str
    note: str
    once: str
    round: int
    draft: int


def read_form(raw: bytes) -> Form | None:
    """Read a form; None where it holds no press of ours."""
    try:
        fields = parse_qs(raw.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    said = {name: values[0] for name, values in fields.items()}
    act = said.get("act", "")
    if act not in _ACTS:
        return None
    return Form(
        act,
        name=one_line(storable(said.get("name", "")), _LONGEST_NAME),
        note=_sentence(said.get("note", "")),
        once=said.get("once", ""),
        round=_number(said.get("round", "")),
        draft=_number(said.get("draft", "")),
    )


def _sentence(text: str) -> str:
    """Return the whole sentence; browsers send line breaks as CR LF (HTML, form submission), no database holds NUL."""
    return text.replace("\r\n", "\n").replace("\x00", "").encode(errors="ignore").decode().strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
