"""Reads CSV files row by row, whatever their encoding and delimiter."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from bot.imports.unreadable import UnreadableFile

__all__ = ["csv_rows"]

_BLOCK = 1 << 16
_SAMPLE = 1 << 16
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LIKELY = ("utf_8", "gb18030", "big5", "shift_jis", "cp1252")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DELIMITERS = ",;\t|"


@contextmanager
def csv_rows(path: Path, name: str) -> Iterator[Iterator[list[str]]]:
    """Yield the rows of a file called `name`, each a list of its cells. Raises UnreadableFile, then OSError."""
    encoding = _encoding(path, name)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_SAMPLE))
        file.seek(0)
        yield _rows(file, delimiter, name)


def _rows(file: TextIO, delimiter: str, name: str) -> Iterator[list[str]]:
    rows = csv.reader(file, delimiter=delimiter)
    try:
        yield from rows
    except csv.Error as error:
        where = f"{name}, line {rows.line_num}"
        raise UnreadableFile(f"{where}: {error}; is a quotation mark opened there and not closed?") from None


def _encoding(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked is None and b"\0" in head:
        raise UnreadableFile(f"{name} is no text; save it as CSV in UTF-8, or as an .xlsx workbook")
    if marked in {None, "utf-8-sig"} and not _decodes(path, "utf-8"):
        line = _broken_line(path)
        if line:
            raise UnreadableFile(f"{name} is UTF-8, but its line {line} is broken: correct it, or save the file anew")
        guesses = tuple(_guessed(head)) if marked is None else ()
    else:
        guesses = (marked or "utf-8",)
    found = next((encoding for encoding in guesses if _decodes(path, encoding)), None)
    if found is None:
        raise UnreadableFile(f"{name}: its encoding cannot be told; save it as CSV in UTF-8")
    return found


def _guessed(head: bytes) -> Iterator[str]:
    """Yield encodings by what the beginning of a file looks like; then that of most files from China."""
    best = from_bytes(head, cp_isolation=list(_LIKELY)).best()
    if best is not None and best.encoding != "cp1252":
        yield best.encoding
    yield "gb18030"


def _broken_line(path: Path) -> int:
    """Return the first line with bytes that are no UTF-8, where most others are; 0 for text of another encoding.

    Read in another encoding such a file would be nonsense throughout, and nobody would be told.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = line = 0
    with path.open("rb") as file:
        for block in chain(iter(partial(file.read, _BLOCK), b""), (b"",)):
            text = decoder.decode(block, final=not block)
            broken = text.count(_REPLACEMENT)
            line += 0 if bad else text.partition(_REPLACEMENT)[0].count("\n")
            bad += broken
            good += len(text) - len(text.encode("ascii", "ignore")) - broken
    return line + 1 if good > bad else 0


def _decodes(path: Path, encoding: str) -> bool:
    """Return whether a whole file is text of this encoding, read block by block."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """Return what separates the cells: what stands in most lines equally often, outside of quotation marks."""
    outside = "".join(sample.split('"')[::2])
    lines = [line for line in outside.splitlines() if line.strip()][:50]
    return max(_DELIMITERS, key=lambda one: _evenness([line.count(one) for line in lines]))


def _evenness(counts: list[int]) -> tuple[int, int]:
    """Return in how many lines a character stands equally often, and how often that is."""
    found = Counter(count for count in counts if count)
    often = max(found, key=lambda count: (found[count], count), default=0)
    return found[often], often
