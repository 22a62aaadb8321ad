"""Tells which encoder of whole comments is in force, without reading it: that takes numpy and much memory."""

import json
from hashlib import sha256
from pathlib import Path

from config.errors import ConfigError, ConfigErrors
from scoring.text.known_sentences import NO_ENCODER, EncoderMark

__all__ = ["ENCODER_VERSION", "SHIPPED_ENCODER", "encoder_path", "encoder_problem", "head_of", "load_mark", "mark_in"]

_FILE, _WEIGHTS = "encoder.bin", "learned.tsv"
SHIPPED_ENCODER = Path(__file__).parents[1] / "defaults" / "text" / _FILE
ENCODER_VERSION = b"# encoder of comments 1\n"
"""The first line of a file: its form. The second one is JSON: what follows, packed by zlib."""
_LONGEST = 1024 * 1024
"""Bytes of the second line."""
_DIGITS = 7
"""Hexadecimal digits of the digest of the second line, which has that of the tables: they make 28 bits."""


def encoder_path(directory: Path | None) -> Path | None:
    """Return the file of the encoder in force; `directory` is the owner's folder (`files.directory`).

    None where the owner's file is empty, and where the owner's weights replace those that it was fitted to.
    """
    own = directory / "text" / _FILE if directory else None
    if own and own.exists():
        return own if own.stat().st_size else None
    return None if directory and (directory / "text" / _WEIGHTS).exists() else SHIPPED_ENCODER


def load_mark(directory: Path | None = None) -> EncoderMark:
    """Return by what the encoder in force is known. Raises ConfigErrors where its file does not begin as one."""
    path = encoder_path(directory)
    return mark_in(path) if path else NO_ENCODER


def mark_in(path: Path) -> EncoderMark:
    """Return by what the encoder of a file is known. Raises ConfigErrors."""
    try:
        with path.open("rb") as file:
            line = head_of(file.read(len(ENCODER_VERSION))) + file.readline(_LONGEST)
        outputs = tuple(map(str, json.loads(line)["outputs"]))
        return EncoderMark(1 + int(sha256(line).hexdigest()[:_DIGITS], 16), outputs)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise encoder_problem(path, wrong) from None


def head_of(data: bytes) -> bytes:
    """Return what stands behind the first line. Raises ValueError where that is another one."""
    if not data.startswith(ENCODER_VERSION):
        raise ValueError(f"it does not begin with {ENCODER_VERSION.decode().strip()!r}")
    return data.removeprefix(ENCODER_VERSION)


def encoder_problem(path: Path, wrong: Exception) -> ConfigErrors:
    """Return what is raised for a file that cannot be read, with what to do."""
    problem = f"It is no encoder of comments, or damaged: {wrong}."
    fix = f"Take the file of this version again; an empty file turns the encoder off, {_WEIGHTS} judges alone then."
    return ConfigErrors([ConfigError(f"text/{path.name}", "", problem, fix)])
