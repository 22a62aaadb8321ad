"""A report as plain tables: CSV for a spreadsheet, JSON for a program; the same numbers as on the page."""

import csv
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import StringIO
from typing import Any

from dialogs.reports.document import Block, Cell, Paragraph, ReportDocument, Section, Table

__all__ = ["plain_cell", "report_csv", "report_json"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula, as in a team's name."""


def plain_cell(text: str) -> str:
    """Return a text that a spreadsheet takes for a text."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def report_csv(document: ReportDocument) -> bytes:
    """Return the tables of a report below each other, each under its columns (RFC 4180), in UTF-8 with its mark.

    The first column is the chapter. A cell with a number holds that number and no words.
    """
    written = StringIO(newline="")
    rows = csv.writer(written)
    rows.writerows([plain_cell(line)] for line in (document.title, *document.head))
    for section in (*document.sections, *document.appendix):
        for table in _tables(section):
            rows.writerow([])
            rows.writerow([plain_cell(section.title), *map(plain_cell, table.columns)])
            rows.writerows([plain_cell(section.title), *map(_written, row)] for row in table.rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _tables(section: Section) -> Iterator[Table]:
    return (block for block in section.blocks if isinstance(block, Table))


def _written(cell: Cell) -> object:
    return plain_cell(cell.text) if cell.value is None else _number(cell.value)


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def report_json(document: ReportDocument) -> bytes:
    """Return a report as JSON: chapters with tables and lines; a cell has its words, and its number and unit."""
    told = {
        "kind": document.kind,
        "locale": document.locale,
        "title": document.title,
        "head": document.head,
        "sections": _sections(document.sections),
        "appendix": _sections(document.appendix),
    }
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _sections(sections: Sequence[Section]) -> list[dict[str, Any]]:
    return [{"title": one.title, "blocks": [*map(_block, one.blocks)]} for one in sections]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(lines):
            return {"lines": lines}
        case Table(columns, rows, title):
            return {"table": title, "columns": columns, "rows": [[*map(_cell, row)] for row in rows]}
        case _:
            return {"chart": block.title}


def _cell(cell: Cell) -> dict[str, Any]:
    if cell.value is None:
        return {"text": cell.text}
    return {"text": cell.text, "value": _number(cell.value), "unit": cell.unit}
