"""Writes down what came up in the chats, as a person would note it: wrapped, indented, buttons in brackets."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from dialogs.messages import Choice, Prompt

__all__ = ["MARGIN", "drawn", "wrapped"]

MARGIN = "      "
_WIDTH = 96
_KEPT = 2
"""So many lines at the top of a card may stay the same before its edit leaves them out."""

_CLOSING = "，。！？；：、）」』”’》】…"
_OPENING = "（「『“‘《【"
_PIECE = re.compile(rf"[{_OPENING}]*(?:[^\s\u2e80-\uffff]+|\S)[{_CLOSING}]*|\s+")


def drawn(prompt: Prompt, mark: str, before: Prompt | None = None, *, brief: bool = False) -> Iterator[str]:
    """Return a message's lines, `mark` at the first; a `brief` one begins where it differs from `before`."""
    lines = [part for line in _told(prompt, before if brief else None) for part in wrapped(line)]
    lines += [part for line in _below(prompt) for part in wrapped(line)]
    if before == prompt:
        lines = ["(as before)"]
    for place, line in enumerate(lines):
        yield f"{mark if not place else MARGIN}{line}".rstrip()


def wrapped(line: str) -> Iterator[str]:
    """Break a long line between words, or anywhere in Chinese but before a comma; later parts stand further in."""
    room, part = _WIDTH, ""
    for piece in _PIECE.findall(line):
        if part and _columns(part + piece.rstrip()) > room:
            yield part.rstrip()
            room, part = _WIDTH, "  "
            piece = piece.lstrip()  # noqa: PLW2901 - a part does not begin with a space
        part += piece
    yield part.rstrip()


def _told(prompt: Prompt, before: Prompt | None) -> list[str]:
    lines, old = _visible(prompt).split("\n"), _visible(before).split("\n") if before else []
    same = next((place for place, pair in enumerate(zip(lines, old, strict=False)) if pair[0] != pair[1]), len(old))
    return ["…", *lines[same:]] if same >= _KEPT else lines


def _below(prompt: Prompt) -> Iterator[str]:
    rows = [" ".join(_label(choice) for choice in row) for row in prompt.rows]
    if rows:
        yield "   ".join(rows)
    if prompt.link is not None:
        yield f"[{prompt.link.label} → {prompt.link.url}]"
    if prompt.text_link is not None:
        yield f"({prompt.text_link.label} → {prompt.text_link.url})"
    if prompt.attachment:
        yield "[file …]"
    if prompt.asks:
        yield f"[… {prompt.asks}]"


def _label(choice: Choice) -> str:
    return f"[{choice.label}]"


def _visible(prompt: Prompt) -> str:
    """Leave out what only chat apps need, such as the space of no width that keeps a link from being one."""
    return "".join(c for c in prompt.text if c == "\n" or unicodedata.category(c) != "Cf")


def _columns(text: str) -> int:
    return sum(map(_width, text))


@cache
def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
