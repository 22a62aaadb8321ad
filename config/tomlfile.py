"""Reads a TOML file of the owner's; an error names the line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from config.errors import ConfigError

__all__ = ["key_lines", "read_toml"]

_WHERE = re.compile(r"(?P<what>.+) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
_HEADING = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_LONG_TEXT = re.compile(r'''"""|\'\'\'''')
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate")
_FIX = 'A line is `key = value`; texts, durations and hours stand in "double quotes".'


def read_toml(path: Path, name: str = "") -> dict[str, Any]:
    """Return the table of a TOML file; `name` is what the owner calls it. Raises ConfigError if it cannot be read."""
    called = name or str(path)
    text = _text(path, called)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _broken(called, text, str(error)) from None
    except RecursionError:
        raise ConfigError(called, "", "Its lists or tables lie too deep in each other.", _FIX) from None


def _text(path: Path, called: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = f"It cannot be read: {error.strerror or error}."
        raise ConfigError(called, "", why, "Check the path and its permissions.") from None
    try:
        return raw.decode("utf-8-sig")  # editors on Windows begin files with a byte order mark
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{called}:{line}", "", "This is not UTF-8.", "Save the file as UTF-8.") from None


def _broken(called: str, text: str, message: str) -> ConfigError:
    found = _WHERE.fullmatch(message)
    what = (found["what"] if found else message).rstrip(".")
    line = (found["line"] if found else None) or max(1, len(text.splitlines()))
    if what.startswith(_TWICE):
        return ConfigError(f"{called}:{line}", "", "This key or heading stands here a second time.", "Keep one.")
    column = f" (column {found['column']})" if found and found["column"] else ""
    return ConfigError(f"{called}:{line}", "", f"{what}{column}.", _FIX)


def key_lines(path: Path) -> dict[tuple[int | str, ...], int]:
    """Return the line on which each heading and each key of a TOML file stands, by its path; entries of lists count.

    Keys of tables within braces are not told apart from their table.
    """
    found: dict[tuple[int | str, ...], int] = {}
    counted: dict[tuple[int | str, ...], int] = {}
    here: tuple[int | str, ...] = ()
    is_text = False
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        was_text, is_text = is_text, is_text ^ (len(_LONG_TEXT.findall(line)) % 2 == 1)
        if was_text:
            continue
        if heading := _HEADING.match(line):
            here = _entry(_parts(heading["name"]), counted, is_list=heading["open"] == "[[")
            found.setdefault(here, number)
        elif key := _KEY.match(line):
            found.setdefault((*here, *_parts(key["key"])), number)
    return found


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(name))


def _entry(
    named: tuple[str, ...], counted: dict[tuple[int | str, ...], int], *, is_list: bool
) -> tuple[int | str, ...]:
    """Return the path of a heading; below the name of a list it is that of the latest entry."""
    place: tuple[int | str, ...] = ()
    for depth, part in enumerate(named, 1):
        place = (*place, part)
        if is_list and depth == len(named):
            counted[place] = counted.get(place, -1) + 1
        if place in counted:
            place = (*place, counted[place])
    return place
