"""Reads what the team's page sends."""

from bot.handlers.issues.team_page import IssueAction
from bot.http.pages import form_fields
from dialogs.issue.talk_cards import number_in
from dialogs.names import written_name
from dialogs.sanitize import clipped
from dialogs.understanding.commands import storable
from scoring.values import Value

__all__ = ["FORGET", "REMEMBER", "TeamForm", "team_form"]

FORGET, REMEMBER = "forget", "remember"
"""Presses that change only the name in the browser's cookie."""
_ACTS = frozenset({*IssueAction, FORGET, REMEMBER})
_MOST_FIELDS = 12
_LONGEST_NAME = 40
_LONGEST_NUMBER = 9


class TeamForm(Value):
    """What was pressed and written; `number` is that of another issue, empty where it is none.

    `once` identifies the page as it was drawn, so that pressing twice acts once.
    """

    act: str
    name: str
    note: str
    once: str
    round: int
    draft: int
    to: str = ""
    number: str = ""


def team_form(raw: bytes) -> TeamForm | None:
    """Return the press that a form holds; None where it holds none of ours."""
    said = form_fields(raw, _MOST_FIELDS)
    act = said.get("act", "")
    if act not in _ACTS:
        return None
    return TeamForm(
        act,
        name=_name(said.get("name", "")),
        note=_sentence(said.get("note", "")),
        once=said.get("once", ""),
        round=_number(said.get("round", "")),
        draft=_number(said.get("draft", "")),
        to=_name(said.get("to", "")),
        number=number_in(said.get("number", "")),
    )


def _name(typed: str) -> str:
    return clipped(written_name(storable(typed)), _LONGEST_NAME)


def _sentence(text: str) -> str:
    """Return a text with LF for CR LF, as browsers send it (HTML, form submission), without NUL or surrogates."""
    return text.replace("\r\n", "\n").replace("\x00", "").encode(errors="ignore").decode().strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else -1
