"""Rows of an export as lines of a CSV: nested fields by their path, each answer and each own field in its column."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from bot.reports.plain_tables import plain_cell

__all__ = ["answer_columns", "csv_lines", "own_columns", "spread_out", "spread_row"]

Json = dict[str, Any]
_BETWEEN = ";"
_UNLIKE = (_BETWEEN, "\uff1b", '["')
"""What a reader of a list takes for more than a text: separators of either width, and the beginning of JSON."""
_OF_AN_ANSWER = ("text", "importance", "at")


def csv_lines(rows: Iterable[Json], kind: str, columns: Sequence[str]) -> bytes:
    """Return rows as lines of RFC 4180 in UTF-8; an empty cell is null or nothing."""
    written = StringIO(newline="")
    lines = csv.writer(written)
    for row in rows:
        flat = spread_row(kind, row)
        lines.writerow([_cell(flat.get(name)) for name in columns])
    return written.getvalue().encode()


def spread_row(kind: str, row: Json) -> Json:
    """Return a row with one value for each column."""
    spread = _SPREAD.get(kind)
    return dict(_flat(row, "")) | (spread(row) if spread else {})


def answer_columns(question: str) -> Iterator[str]:
    """Yield the columns of a question: its rating, then what stands beside it."""
    yield f"answers.{question}"
    yield from (f"answers.{question}.{name}" for name in _OF_AN_ANSWER)


def spread_out(kind: str) -> Sequence[str]:
    """Return the columns of a kind in whose place there are those of `own_columns`."""
    return _SPREAD_OUT.get(kind, ())


def own_columns(kind: str, row: Json) -> Iterable[str]:
    """Return the columns that this row has besides those of its kind; none for most kinds."""
    return _SPREAD[kind](row) if kind in _SPREAD else ()


def _flat(told: Json, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the fields by their path, also those that hold others."""
    for name, value in told.items():
        yield f"{path}{name}", value
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")


def _answers(row: Json) -> Json:
    found: Json = {}
    for answer in row["answers"]:
        question = f"answers.{answer['question']}"
        found[question] = answer["value"]
        found |= {f"{question}.{name}": answer[name] for name in _OF_AN_ANSWER}
    return found


def _fields(row: Json) -> Json:
    return {f"fields.{name}": value for name, value in (row["fields"] or {}).items()}


def _sheet(row: Json) -> Json:
    items = row["items"]
    found = {f"values.{one['item']}": one["value"] for one in items}
    found |= {f"evidence.{one['item']}": one["evidence"] for one in items if one["evidence"]}
    found |= {f"words.{name}": text for name, text in (row["words"] or {}).items()}
    return found | {"not_applicable": [one["item"] for one in items if one["not_applicable"]]}


_SPREAD: Mapping[str, Callable[[Json], Json]] = {"responses": _answers, "tickets": _fields, "assessments": _sheet}
_SPREAD_OUT: Mapping[str, Sequence[str]] = {
    "responses": ("answers",),
    "tickets": ("fields",),
    "assessments": ("items", "words"),
}


def _cell(value: Any) -> object:  # noqa: ANN401 (as JSON gives it)
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return plain_cell(value)
        case list() if all(isinstance(item, str) and not any(each in item for each in _UNLIKE) for item in value):
            return plain_cell(_BETWEEN.join(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
        case _:
            return value
