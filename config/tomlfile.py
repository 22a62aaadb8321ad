"""Reads a TOML file of the owner's; an error names the line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from config.errors import ConfigError

__all__ = ["read_toml"]

_WHERE = re.compile(r"(?P<what>.+) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
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
