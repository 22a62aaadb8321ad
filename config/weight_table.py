"""Reads learned weights of the pieces of texts: for comments the owner's `text/learned.tsv`, else the shipped file.

A file holds tab-separated whole numbers, each a hundredth of log-odds.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from config.errors import ConfigError, ConfigErrors
from scoring.text.weights import BAD, GOOD, MOST, PieceTable, Weights, packed

__all__ = ["SHIPPED_WEIGHTS", "START", "VERSION", "load_weights", "read_weights", "weights_file"]

VERSION = "# weights of comments 1"
"""The first line of a file: its form. More lines with # may follow, then the outputs, then a piece a line."""
START = "(start)"
"""The row that holds before anything is read."""
_MOST_SHOWN = 10
_LEARNED = "learned.tsv"
SHIPPED_WEIGHTS = Path(__file__).parent / "defaults" / "text" / _LEARNED
_NEEDED = frozenset({BAD, GOOD})


def load_weights(directory: Path | None = None) -> Weights:
    """Return the weights by which comments are judged; `directory` is the owner's folder (`files.directory`).

    Raises ConfigErrors naming the lines of the owner's file that cannot be used, and why.
    """
    own = weights_file(directory) if directory else None
    return read_weights(own, _NEEDED) if own and own.exists() else _shipped()


def weights_file(directory: Path) -> Path:
    """Return where an owner's weights would be."""
    return directory / "text" / _LEARNED


@cache
def _shipped() -> Weights:
    """Return the shipped weights, which are read once for a process."""
    return read_weights(SHIPPED_WEIGHTS, _NEEDED)


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def read_weights(path: Path, needed: frozenset[str]) -> Weights:
    """Return the weights of a file, which is read line by line: it is never in memory as a whole.

    Raises ConfigErrors naming the lines that cannot be used, and why, and where an output is missing that is `needed`.
    """
    name, digest, mistakes = f"text/{path.name}", sha256(), list[ConfigError]()
    try:
        with path.open(encoding="utf-8") as file:
            lines = _numbered(file, digest)
            outputs = _outputs(name, lines, needed)
            pieces = PieceTable(len(outputs))
            for number, (piece, *cells) in lines:
                read = _numbers(cells, len(outputs))
                if isinstance(read, tuple):
                    mistakes.append(ConfigError(f"{name}:{number}", "", *read))
                elif not pieces.add(piece, read):
                    told = f"{piece!r} stands there twice."
                    mistakes.append(ConfigError(f"{name}:{number}", "", told, "Keep one of the lines."))
    except (OSError, UnicodeDecodeError) as wrong:
        raise ConfigErrors([ConfigError(name, "", f"It cannot be read: {wrong}.", "Save it as UTF-8.")]) from None
    if mistakes:
        raise ConfigErrors(mistakes[:_MOST_SHOWN])
    start = pieces.get(START, 0)
    is_known = len(pieces) > (START in pieces)
    return Weights(outputs, pieces if is_known else PieceTable(), start, digest.hexdigest()[:16])


def _numbered(file: Iterable[str], digest: "_Hash") -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of the lines that are not empty, with their numbers; all of the text goes into `digest`."""
    for number, line in enumerate(file, 1):
        digest.update(line.encode())
        if line != "\n":
            yield number, line.removesuffix("\n").split("\t")


def _outputs(name: str, lines: Iterator[tuple[int, list[str]]], needed: frozenset[str]) -> tuple[str, ...]:
    """Return what the first line without # names. Raises ConfigErrors."""
    number, cells = next(lines, (1, [""]))
    is_ours = cells == [VERSION]
    while cells[0].startswith("#"):
        number, cells = next(lines, (number, [""]))
    outputs = tuple(cells[1:])
    if not is_ours or not needed <= set(outputs) or len(set(outputs)) < len(outputs):
        fix = f"Begin it with {VERSION!r} and a line of outputs, {' and '.join(sorted(needed))} among them."
        raise ConfigErrors([ConfigError(f"{name}:{number}", "", "These are no weights of comments.", fix)])
    return outputs


def _numbers(cells: Sequence[str], count: int) -> int | tuple[str, str]:
    """Return the numbers of a line, packed; what is wrong with them, and what to do, where they cannot be used."""
    try:
        numbers = [int(cell or 0) for cell in cells]
    except ValueError:
        return "There is something else than a whole number.", "Write hundredths, or nothing for 0."
    if len(numbers) > count or any(abs(number) > MOST for number in numbers):
        return "There is a number too many or one too large.", f"Numbers go from -{MOST} to {MOST}."
    return packed(numbers)
