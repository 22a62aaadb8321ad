"""A report as plain tables: CSV for a spreadsheet, JSON for a program; the same numbers as on the page."""

import csv
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from io import StringIO
from typing import Any

from dialogs.reports.document import Block, Cell, Paragraph, ReportDocument, Section, Table

__all__ = ["cell_text", "plain_cell", "report_csv", "report_json"]

_MARK = "'"
_FORMULA_STARTS = "=+-@＝＋－＠"
"""What a spreadsheet would take for the beginning of a formula, some of them also in full width."""
_LAST_CONTROL, _DELETE = "\x1f", "\x7f"


def plain_cell(text: str) -> str:
    """Return a text as a cell that a spreadsheet takes for a text (OWASP ASVS 1.2.10, CWE-1236).

    An apostrophe before it says so; so that every text can be read again, one that begins with an apostrophe gets
    another.
    """
    return f"{_MARK}{text}" if _is_taken_otherwise(text) else text


def cell_text(cell: str) -> str:
    """Return the text of which `plain_cell` made a cell; any other cell as it is."""
    behind = cell.removeprefix(_MARK)
    return behind if len(behind) < len(cell) and _is_taken_otherwise(behind) else cell


def _is_taken_otherwise(text: str) -> bool:
    first = text[:1]
    return first != "" and (first in (_MARK, _DELETE) or first in _FORMULA_STARTS or first <= _LAST_CONTROL)


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
    link = {"link": cell.link} if cell.link else {}
    return {"text": cell.text, "value": _number(cell.value), "unit": cell.unit, **link}
