"""A report as an XLSX workbook: one sheet to print, native charts, numbers that are numbers."""

import re
from io import BytesIO
from itertools import count
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from bot.reports.chart_drawings import text_width
from bot.reports.native_charts import CHART_WIDTH, NativeCharts
from dialogs.reports.document import Block, Cell, Paragraph, ReportDocument, Section, Table
from scoring.metrics.catalogue import MetricUnit
from scoring.values import replace

__all__ = ["report_xlsx"]

_OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
"""The width of columns is measured in digits of the default font; for Arial most machines have a font as wide."""
_FORMATS = {
    None: "General",
    MetricUnit.COUNT: "#,##0",
    MetricUnit.PERCENT: '0.00"%"',
    MetricUnit.POINTS: "0.00",
    MetricUnit.SECONDS: "[h]:mm:ss",
}
_WRITTEN = re.compile(r"[+-]?[0-9][0-9,]*(?:\.([0-9]+))?")
"""A number in the words of its cell, with its decimals."""
_MARKS = frozenset("% ↑↓≈")
"""What may stand behind a number: its unit, and whether it has changed."""
_A4, _DAY, _POINTS_OF_A_PIXEL = 9, 86400, 0.75
_PIXELS_PER_WIDTH, _COLUMN_PIXELS = 8, 7
"""Of a character as it is measured here, and of a unit of a column's width as programs draw it."""
_NARROWEST, _WIDEST, _WIDEST_OF_TEXTS = 8, 24, 60
"""The last is that of a sheet without charts, such as how a report was computed."""
_BELOW_HEADING = 5
"""Pixels that leave the line below a heading to be seen."""
_NAMING, _WIDEST_BROKEN = 2, 18
"""The first columns tell what a row is about; texts behind them are broken into lines rather than widen the sheet."""
_SHARED = 5
"""Up to this column the last cell of a narrow table has the room beside it, where what it says is long."""
_TITLE_HEIGHT, _ROW_HEIGHT = 32, 20
"""In pixels."""
_MOST_KEPT_WHOLE = 24
"""Rows of a table that is not divided between pages, for its columns are named once; longer ones have their sheet."""
_MOST_LINES = 27
"""Higher rows, of more than 409.5 points, are none for Excel; the rest of such a text is read in its cell."""
_LEAST_FILLED = 0.3
"""Of a page; what belongs together is divided rather than leave more of it empty."""
_LONGEST_NAME = 31
_WIDEST_CHART = 1000
_PAGE_WIDTH, _PAGE_HEIGHT, _SPARE = 690, 1000, 0.96
"""Pixels of A4 within its margins, and what of it is used: programs differ by a little in how wide a letter is."""


def report_xlsx(document: ReportDocument) -> bytes:
    """Return a report as a workbook: the report on one sheet, how it was computed on the next, charts' numbers last.

    A text from outside stays a text, whatever it begins with.
    """
    written = BytesIO()
    with Workbook(written, _OPTIONS) as book:
        _Writer(book).write(document)
    return written.getvalue()


class _Writer:
    """Writes chapters below each other; `_row` is the next free row of the sheet."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        plain: dict[str, Any] = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        self._title = book.add_format(plain | {"bold": True, "font_size": 16})
        self._quiet = book.add_format(plain | {"font_color": "#595959"})
        self._chapter = book.add_format(plain | {"bold": True, "font_size": 12, "bottom": 2, "bottom_color": "#0072B2"})
        self._head = book.add_format(plain | {"bold": True, "bottom": 1, "indent": 1})
        self._head_of_numbers = book.add_format(plain | {"bold": True, "bottom": 1, "align": "right"})
        self._text = book.add_format(plain | {"text_wrap": True, "indent": 1})
        self._said_of_numbers = book.add_format(plain | {"text_wrap": True, "align": "right"})
        self._long = book.add_format(plain | {"font_color": "#595959", "text_wrap": True})
        self._signed = book.add_format(plain)
        self._numbers = {unit: book.add_format(plain | {"num_format": form}) for unit, form in _FORMATS.items()}
        self._plain, self._rounded = plain, dict[str, Any]()
        self._charts = NativeCharts(book)
        self._lists: list[tuple[str, Table]] = []
        self._widest, self._wrapping = _WIDEST, _WIDEST_BROKEN

    def write(self, document: ReportDocument) -> None:
        """Write all sheets."""
        self._begin(document.title, document)
        for line in document.head:
            self._line(line, self._quiet)
        self._frozen()
        self._sections(document.sections)
        self._signatures(document.signatures)
        self._end()
        self._wrapping = _WIDEST
        for name, table in self._lists:
            self._list(name, table, document)
        self._widest = self._wrapping = _WIDEST_OF_TEXTS
        for section in document.appendix:
            self._begin(section.title, document)
            for block in section.blocks:
                if isinstance(block, Table):
                    self._sheet.repeat_rows(self._row)
                self._block(block)
            self._end(is_divided=False)
        self._charts.hide_numbers()

    def _list(self, name: str, table: Table, document: ReportDocument) -> None:
        """Write a long table to a sheet of its own, whose columns are named on every page that is printed."""
        self._begin(name, document)
        for line in document.head:
            self._line(line, self._quiet)
        head = self._row
        self._table(table)
        self._sheet.repeat_rows(head)
        self._sheet.freeze_panes(head + 1, 0)
        self._end(is_divided=False)

    def _begin(self, title: str, document: ReportDocument) -> None:
        """Begin a sheet that prints on A4, one page wide; a title as its name may be taken by another sheet."""
        self._sheet = self._book.add_worksheet(self._free_name(title))
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_default_row(_ROW_HEIGHT * _POINTS_OF_A_PIXEL)
        self._sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
        self._sheet.hide_gridlines(2)
        self._sheet.set_footer(f"&L{document.title.replace('&', '&&')}&R&P / &N")
        self._widths: dict[int, float] = {}
        self._heights: dict[int, int] = {}
        self._wrapped: list[tuple[int, int, int, float]] = []
        self._paragraphs: list[tuple[int, str]] = []
        self._together: list[tuple[int, int]] = []
        self._drawn: list[tuple[int, Chart, int]] = []
        self._chapters: list[int] = []
        self._row = self._last_column = 0
        self._line(title, self._title)

    def _free_name(self, title: str) -> str:
        taken = {sheet.name.lower() for sheet in self._book.worksheets()}
        names = (_sheet_name(title, f" {number}" if number > 1 else "") for number in count(1))
        return next(name for name in names if name.lower() not in taken)

    def _frozen(self) -> None:
        self._sheet.freeze_panes(self._row, 0)

    def _line(self, text: str, style: Any) -> None:  # noqa: ANN401 (xlsxwriter exports no name for it)
        self._heights[self._row] = _TITLE_HEIGHT if style is self._title else _ROW_HEIGHT
        self._sheet.write_string(self._row, 0, text, style)
        self._row += 1

    def _signatures(self, names: tuple[str, ...]) -> None:
        """Write the lines to sign, on one page with the end of what is signed."""
        signed = max(0, self._row - 2)
        for name in names:
            self._row += 1
            self._line(f"{name} ____________________", self._signed)
        if names:
            self._together.append((signed, self._row - 1))

    def _sections(self, sections: tuple[Section, ...]) -> None:
        for section in sections:
            self._row += 1
            self._chapters.append(self._row)
            self._together.append((self._row, self._row + 2))
            self._line(section.title, self._chapter)
            for block in section.blocks:
                if isinstance(block, Table) and len(block.rows) > _MOST_KEPT_WHOLE:
                    self._lead_to_list(block, block.title or section.title)
                else:
                    self._block(block)

    def _lead_to_list(self, table: Table, name: str) -> None:
        """Write where a table is that is too long to be kept on a page with the names of its columns."""
        self._lists.append((name, replace(table, title="")))
        self._line(f"→ {name} ({len(table.rows)})", self._quiet)

    def _end(self, *, is_divided: bool = True) -> None:
        """Set what is known once a sheet is full: how wide its columns are, what is printed, and where pages end.

        Pages of a sheet that is not `is_divided` end where a program ends them.
        """
        for column, width in self._widths.items():
            self._sheet.set_column(column, column, width)
        columns = max(self._last_column, self._chart_columns())
        for row in self._chapters:
            for column in range(1, columns):
                self._sheet.write_blank(row, column, None, self._chapter)
        self._break_paragraphs(columns)
        for row, first, last, width in self._wrapped:  # not every program finds out by itself
            room = sum(self._widths.get(column, _NARROWEST) for column in range(first, last + 1))
            height = _ROW_HEIGHT * min(ceil(width / room), _MOST_LINES)
            self._heights[row] = max(height, self._heights.get(row, _ROW_HEIGHT))
        for row, height in self._heights.items():
            self._sheet.set_row_pixels(row, height)
        pixels = sum(_COLUMN_PIXELS * self._widths.get(column, _NARROWEST) + 5 for column in range(columns))
        self._sheet.print_area(0, 0, max(0, self._row - 1), columns - 1)
        for row, drawn, high in self._drawn:
            drawn.set_size({"width": max(CHART_WIDTH, min(pixels, _WIDEST_CHART)), "height": high})
            self._sheet.insert_chart(row, 0, drawn, {"y_offset": _BELOW_HEADING})
        if is_divided:
            self._sheet.set_h_pagebreaks(self._page_ends(_SPARE * _PAGE_HEIGHT * max(1, pixels / _PAGE_WIDTH)))

    def _break_paragraphs(self, columns: int) -> None:
        """Write lines that are longer than the sheet is wide over all its columns, so that none is cut off."""
        room = sum(self._widths.get(column, _NARROWEST) for column in range(columns))
        for row, text in self._paragraphs:
            if _width(text) > room:
                self._sheet.merge_range(row, 0, row, columns - 1, text, self._long)
                self._wrapped.append((row, 0, columns - 1, _width(text)))

    def _page_ends(self, page: float) -> list[int]:
        """Return the rows with which pages begin, so that no chart is cut, and no heading stands at the foot."""
        ends, top, used, row, least = list[int](), 0, 0.0, 0, 1
        while row < self._row:
            used += self._heights.get(row, _ROW_HEIGHT)
            if used <= page:
                row += 1
                least = row if used <= page * _LEAST_FILLED else least
                continue
            row = max(top + 1, self._kept_whole(row, least))
            ends.append(row)
            top, used, least = row, 0.0, row + 1
        return ends

    def _kept_whole(self, row: int, least: int) -> int:
        """Return the first row, from `least` on, of what belongs together around a row; that one where nothing does."""
        firsts = [first for first, last in self._together if least <= first < row <= last]
        return self._kept_whole(min(firsts), least) if firsts else row

    def _chart_columns(self) -> int:
        """Return how many columns are printed at least, that no chart is cut off."""
        columns, pixels = 0, 0.0
        while pixels < CHART_WIDTH:
            pixels += _COLUMN_PIXELS * self._widths.get(columns, _NARROWEST)
            columns += 1
        return columns

    def _block(self, block: Block) -> None:
        match block:
            case Paragraph(lines):
                for line in lines:
                    self._paragraphs.append((self._row, line))
                    self._line(line, self._quiet)
            case Table():
                self._table(block)
            case _:
                self._place(*self._charts.drawn(block))

    def _place(self, drawn: Chart, height: int) -> None:
        """Keep room for a chart below what is written; it is inserted once it is known how wide the sheet is."""
        self._drawn.append((self._row, drawn, height))
        rows = (height + _BELOW_HEADING) // _ROW_HEIGHT + 1
        self._together.append((self._row, self._row + rows))
        self._row += rows + 1

    def _table(self, table: Table) -> None:
        if table.title:
            self._together.append((self._row, self._row + 1))
            self._line(table.title, self._quiet)
        self._together.append((self._row, self._row + 2))
        self._last_column = max(self._last_column, len(table.columns))
        for column, name in enumerate(table.columns):
            self._sheet.write_string(
                self._row, column, name, self._head_of_numbers if table.has_numbers(column) else self._head
            )
            self._widen(column, name)
        self._row += 1
        first = self._row
        for row in table.rows:
            for column, cell in enumerate(row):
                style = self._said_of_numbers if table.has_numbers(column) else self._text
                self._cell(column, cell, style, is_last=column == len(row) - 1)
            self._row += 1
        if len(table.rows) <= _MOST_KEPT_WHOLE:
            self._together.append((first, self._row - 1))
        self._together.append((self._row - 2, self._row - 1))
        self._row += 1

    def _cell(self, column: int, cell: Cell, said: Any, *, is_last: bool) -> None:  # noqa: ANN401 (as above)
        is_number = cell.value is not None and cell.unit is not None
        self._widen(column, cell.text, self._widest if is_number or column < _NAMING else self._wrapping)
        if cell.value is None or cell.unit is None:
            is_shared = is_last and column < _SHARED and _width(cell.text) > self._widest
            last = _SHARED if is_shared else column
            if is_shared:
                self._sheet.merge_range(self._row, column, self._row, last, "", said)
            self._sheet.write_string(self._row, column, cell.text, said)
            self._wrapped.append((self._row, column, last, _width(cell.text)))
            return
        style = self._number_style(cell.text, cell.unit)
        if cell.link:  # what is written over it keeps the link
            self._sheet.write_url(self._row, column, cell.link, style, cell.text)
        value = float(cell.value) / (_DAY if cell.unit is MetricUnit.SECONDS else 1)
        self._sheet.write_number(self._row, column, value, style)

    def _number_style(self, text: str, unit: MetricUnit) -> Any:  # noqa: ANN401 (as above)
        """Return the format that shows a number as its words do: its decimals, a difference's sign, what follows it."""
        found = _WRITTEN.match(text)
        if found is None or unit not in (MetricUnit.PERCENT, MetricUnit.POINTS):
            return self._numbers[unit]
        form = "#,##0." + "0" * len(found[1]) if found[1] else "#,##0"
        behind = text[found.end() :]
        form += f'"{behind}"' if behind and _MARKS.issuperset(behind) else ""
        form = f"+{form};-{form};{form}" if text.startswith("+") else form
        if form not in self._rounded:
            self._rounded[form] = self._book.add_format(self._plain | {"num_format": form})
        return self._rounded[form]

    def _widen(self, column: int, text: str, widest: float = _WIDEST) -> None:
        """Make a column as wide as a text of it; one that is longer than `widest` is broken into lines."""
        self._widths[column] = max(self._widths.get(column, _NARROWEST), min(widest, _width(text)))


def _width(text: str) -> float:
    """Return how wide a column has to be for a text, in the unit of Excel."""
    return text_width(text) / _PIXELS_PER_WIDTH + 1


def _sheet_name(title: str, behind: str = "") -> str:
    """Return a title as the name of a sheet, without what Excel forbids there and at most 31 characters long."""
    named = "".join(letter for letter in title if letter not in "[]:*?/\\'")
    return named[: _LONGEST_NAME - len(behind)] + behind
