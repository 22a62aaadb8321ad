"""Reads texts that people have labelled: CSV, JSON or JSON lines, in UTF-8 (a byte order mark is fine) or GB18030."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from bot.control.protocol import CommandProblem
from config.errors import shown
from scoring.text_evaluation.labelled import LabelledText, guessed_language, has_negation

__all__ = ["labelled_rows", "read_labelled"]

_Row = Mapping[str, Any]
_TEXT = ("text", "review", "comment", "content", "sentence")
_LABEL = ("label", "polarity", "sentiment", "stars", "rating")
_BAD, _NEITHER, _GOOD = -1, 0, 1
_WORDS = {
    **dict.fromkeys(("negative", "neg", "bad", "负面", "负", "消极", "差评", "負面", "負評"), _BAD),
    **dict.fromkeys(("neutral", "neu", "mixed", "中性", "中立", "中评", "混合", "中評"), _NEITHER),
    **dict.fromkeys(("positive", "pos", "good", "正面", "正", "积极", "好评", "積極", "好評"), _GOOD),
}
_NUMBERS: tuple[tuple[frozenset[int], Mapping[int, int]], ...] = (
    (frozenset({0, 1}), {0: _BAD, 1: _GOOD}),
    (frozenset({-1, 0, 1}), {-1: _BAD, 0: _NEITHER, 1: _GOOD}),
    (frozenset({1, 2, 3, 4, 5}), {1: _BAD, 2: _BAD, 3: _NEITHER, 4: _GOOD, 5: _GOOD}),
)
"""What numbers may mean, the first scale that holds all of a file: 0 and 1; -1, 0 and 1; stars."""
_PROBLEMS_SHOWN = 5


def read_labelled(path: Path) -> list[LabelledText]:
    """Return the labelled texts of a file; rows without any text are left out.

    Raises CommandProblem with the row where one cannot be read, OSError where the file cannot.
    """
    rows = labelled_rows(path)
    text_key, label_key = _key(path, rows[0], _TEXT), _key(path, rows[0], _LABEL)
    numbers = _scale(path, [row.get(label_key) for row in rows])
    texts, problems = [], []
    for number, row in enumerate(rows, 1):
        try:
            if str(row.get(text_key) or "").strip():
                texts.append(_labelled(number, row, str(row[text_key]), _label(row.get(label_key), numbers)))
        except ValueError as problem:
            problems.append(f"row {number}: {problem}")
    if problems:
        more = f"; and {len(problems) - _PROBLEMS_SHOWN} more" if len(problems) > _PROBLEMS_SHOWN else ""
        raise CommandProblem(f"{path}: {'; '.join(problems[:_PROBLEMS_SHOWN])}{more}")
    if not texts:
        raise CommandProblem(f"{path}: no row has a text")
    return texts


def labelled_rows(path: Path) -> Sequence[_Row]:
    """Return the rows of a file, as they stand in it. Raises CommandProblem where there is none, OSError."""
    rows = _rows(path, _decoded(path))
    if not rows:
        raise CommandProblem(f"{path}: there is no row in it")
    return rows


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandProblem(f"{path}: neither UTF-8 nor GB18030; save it as UTF-8")


def _rows(path: Path, text: str) -> Sequence[_Row]:
    first = text.lstrip()[:1]
    if first == "[":
        return [_object(path, number, one) for number, one in enumerate(_parsed(str(path), text), 1)]
    if first == "{":
        lines = (line for line in text.split("\n") if line.strip())
        return [_object(path, number, _parsed(f"{path}: row {number}", line)) for number, line in enumerate(lines, 1)]
    return list(_csv_rows(path, text))


def _parsed(place: str, text: str) -> Any:  # noqa: ANN401 (as JSON gives it)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:  # too long a number is no JSONDecodeError
        raise CommandProblem(f"{place} is no JSON: {wrong}") from None


def _object(path: Path, number: int, one: object) -> _Row:
    if not isinstance(one, dict):
        raise CommandProblem(f"{path}: row {number} is no object with a text and a label")
    return one


def _csv_rows(path: Path, text: str) -> Iterator[_Row]:
    head = text.partition("\n")[0]
    rows = csv.DictReader(StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    number = 0
    try:
        for number, row in enumerate(rows, 1):  # noqa: B007 (told where it cannot go on)
            yield {str(key).strip().casefold(): value for key, value in row.items()}
    except csv.Error as wrong:
        raise CommandProblem(f"{path}: row {number + 1} cannot be read: {wrong}") from None


def _key(path: Path, row: _Row, names: Sequence[str]) -> str:
    for name in names:
        if name in row:
            return name
    there = ", ".join(repr(key) for key in row)
    raise CommandProblem(f"{path}: none of its columns ({there}) is called {', '.join(names[:-1])} or {names[-1]}")


def _scale(path: Path, labels: Sequence[object]) -> Mapping[int, int]:
    """Return what the numbers of a file mean. Raises CommandProblem where they are of no known scale."""
    used = {number for label in labels if (number := _number(label)) is not None}
    for known, meaning in _NUMBERS:
        if used <= known:
            return meaning
    strange = ", ".join(map(str, sorted(used)[:10]))
    raise CommandProblem(f"{path}: labels are 0 and 1; -1, 0 and 1; or stars from 1 to 5; these are {strange}")


def _number(label: object) -> int | None:
    try:
        number = float(str(label))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _label(label: object, numbers: Mapping[int, int]) -> int:
    """Return the class of a label. Raises ValueError with what is wrong."""
    number = _number(label)
    if number is not None:
        return numbers[number]
    known = _WORDS.get(str(label or "").strip().casefold())
    if known is None:
        raise ValueError(f"{shown(label)} is no label; a label is 0, 1, -1, positive, negative, neutral or mixed")
    return known


def _labelled(number: int, row: _Row, text: str, label: int) -> LabelledText:
    """Return a text with what its row says of it. Raises ValueError where it says it in another form."""
    dimensions, tags = row.get("dimensions"), row.get("tags")
    for name, value in (("dimensions", dimensions), ("tags", tags)):
        if value is not None and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise ValueError(f"{name} must be a list of words")
    return LabelledText(
        row=number,
        text=text,
        label=label,
        language=str(row.get("lang") or guessed_language(text)),
        dimensions=None if dimensions is None else frozenset(dimensions),
        negated=has_negation(text) if tags is None else "negation" in tags,
        id=str(row.get("id") or ""),
        alert=row.get("alert") if isinstance(row.get("alert"), bool) else None,
    )
