"""Reads tables of examples kept as text: blocks between empty lines, `>` before each line that is expected."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Block", "read_blocks"]


@dataclass(frozen=True, slots=True)
class Block:
    """What is given, what is expected, and the line where it stands."""

    given: str
    expected: list[str]
    line: int


def read_blocks(path: Path) -> list[Block]:
    """Return each block of a file; lines that begin with `#` at the start of a block are comments."""
    found, line = [], 1
    for text in path.read_text("utf-8").split("\n\n"):
        lines = text.split("\n")
        if not text.startswith("#"):
            given = "\n".join(one for one in lines if not one.startswith("> "))
            found.append(Block(given, [one[2:] for one in lines if one.startswith("> ")], line))
        line += len(lines) + 1
    return found
