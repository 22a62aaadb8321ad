"""A report as an XLSX workbook: one sheet to print, native charts, numbers that are numbers."""

import re
from io import BytesIO
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.reports.chart_drawings import axis_span, level_colours, text_width
from dialogs.reports.document import (
    Bar,
    BarChart,
    Block,
    Cell,
    ColumnChart,
    Paragraph,
    PointChart,
    ReportDocument,
    Section,
    StackedChart,
    Table,
)
from scoring.metrics.catalogue import MetricUnit

__all__ = ["report_xlsx"]

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
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
_DATA = "data"
"""The hidden sheet of what the charts draw."""
_PIXELS_PER_WIDTH, _COLUMN_PIXELS = 8, 7
"""Of a character as it is measured here, and of a unit of a column's width as programs draw it."""
_NARROWEST, _WIDEST, _WIDEST_OF_TEXTS = 8, 24, 60
"""The last is that of a sheet without charts, such as how a report was computed."""
_BELOW_HEADING = 5
"""Pixels that leave the line below a heading to be seen."""
_NAMING, _WIDEST_BROKEN = 2, 17
"""The first columns tell what a row is about; texts behind them are broken into lines rather than widen the sheet."""
_SHARED = 5
"""Up to this column the last cell of a narrow table has the room beside it, where what it says is long."""
_TITLE_HEIGHT, _ROW_HEIGHT, _CHART_WIDTH, _CHART_BASE, _BAR_HEIGHT = 32, 20, 680, 90, 26
"""In pixels."""
_MOST_KEPT_WHOLE = 14
"""Rows of a table that is not divided between pages, for its columns are named once."""
_MOST_LINES = 27
"""Higher rows, of more than 409.5 points, are none for Excel; the rest of such a text is read in its cell."""
_LEAST_FILLED = 0.3
"""Of a page; what belongs together is divided rather than leave more of it empty."""
_PAGE_WIDTH, _PAGE_HEIGHT, _SPARE = 690, 960, 0.96
"""Pixels of A4 within its margins, and what of it is used: programs differ by a little in how wide a letter is."""
_COLUMNS_HIGH, _POINTS_HIGH = 5, 12
"""Columns, and a chart of points, are as high as so many bars."""
_FULL = {"color": level_colours(1)[0]}
_LIGHT = _FULL | {"transparency": 55}
"""Of a bar of few answers, or of a period that is not over."""
_MARKER = {"type": "circle", "size": 9, "fill": {"color": "#0072B2"}, "border": {"none": True}}
_BY_NAME = {"series_name": True, "value": False, "position": "right"}
_NO_LINES = {"visible": False}
_FROM_TOP = {"reverse": True, "major_gridlines": {"visible": False}, "interval_unit": 1}


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
        self._data: Worksheet | None = None
        self._data_row = 0
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
        self._widest = self._wrapping = _WIDEST_OF_TEXTS
        for section in document.appendix:
            self._begin(section.title, document)
            self._blocks(section)
            self._end()
        if self._data is not None:
            self._data.hide()

    def _begin(self, title: str, document: ReportDocument) -> None:
        """Begin a sheet that prints on A4, one page wide."""
        self._sheet = self._book.add_worksheet(_sheet_name(title))
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_default_row(_ROW_HEIGHT * _POINTS_OF_A_PIXEL)
        self._sheet.set_margins(left=0.5, right=0.5)
        self._sheet.hide_gridlines(2)
        self._sheet.set_footer(f"&L{document.title.replace('&', '&&')}&R&P / &N")
        self._widths: dict[int, float] = {}
        self._heights: dict[int, int] = {}
        self._wrapped: list[tuple[int, int, int, float]] = []
        self._paragraphs: list[tuple[int, str]] = []
        self._together: list[tuple[int, int]] = []
        self._chapters: list[int] = []
        self._row = self._last_column = 0
        self._line(title, self._title)

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
            self._blocks(section)

    def _blocks(self, section: Section) -> None:
        for block in section.blocks:
            self._block(block)

    def _end(self) -> None:
        """Set what is known once a sheet is full: how wide its columns are, what is printed, and where pages end."""
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
        while pixels < _CHART_WIDTH:
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
            case BarChart(bars=bars):
                self._bars(block, bars, "bar")
            case ColumnChart(columns=columns):
                self._bars(block, columns, "column")
            case PointChart():
                self._points(block)
            case StackedChart():
                self._levels(block)

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

    def _bars(self, chart: BarChart | ColumnChart, bars: tuple[Bar, ...], kind: str) -> None:
        """Write a native chart of bars, the first on top, or of columns, the first on the left, with intervals."""
        first, axis = self._data_row, "x" if kind == "bar" else "y"
        for bar in bars:
            value = float(bar.value)
            ends = [value if end is None else end for end in (bar.low, bar.high)]
            told = f"{bar.label}{'  ' if kind == 'bar' else chr(10)}{bar.text}"  # beside the value is the interval
            self._number_row(told, [value, value - ends[0], ends[1] - value] if bar.text else [])
        name, last = _DATA, self._data_row - 1
        drawn = self._book.add_chart({"type": kind})
        has_intervals = any(bar.low is not None or bar.high is not None for bar in bars)
        plus, minus = (f"={name}!${column}${first + 1}:${column}${last + 1}" for column in "DC")
        spread = {"type": "custom", "plus_values": plus, "minus_values": minus}
        drawn.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "fill": _FULL,
                "points": [{"fill": _LIGHT} if bar.is_unsure else {"fill": _FULL} for bar in bars],
                "gap": 50,
                **({f"{axis}_error_bars": spread} if has_intervals else {}),
            }
        )
        scale = {"min": 0, "max": float(chart.most), "major_gridlines": {"visible": False}, "visible": False}
        if kind == "bar":
            drawn.set_x_axis(scale)
            drawn.set_y_axis(_FROM_TOP)
        else:
            drawn.set_y_axis(scale)
        self._place(drawn, chart.title, len(bars) if kind == "bar" else _COLUMNS_HIGH, has_legend=False)

    def _points(self, chart: PointChart) -> None:
        """Write a native chart of points, each a series with its name, and the crosshair as lines."""
        drawn = self._book.add_chart({"type": "scatter"})
        named = [(one.label, float(one.across[0]), float(one.up[0])) for one in chart.points]
        for label, across, up in named:
            row = self._data_row
            self._number_row(label, [across, up])
            places = {"categories": [_DATA, row, 1, row, 1], "values": [_DATA, row, 2, row, 2]}
            drawn.add_series({"name": label, "marker": _MARKER, "data_labels": _BY_NAME} | places)
        for place, (set_axis, name) in enumerate(((drawn.set_x_axis, chart.across), (drawn.set_y_axis, chart.up))):
            least, most = axis_span([(one.across, one.up)[place] for one in chart.points], chart.bounds[place])
            crossed = {"crossing": float(chart.crosshair[place]), "label_position": "low", "num_format": "0.0"}
            set_axis({"name": name, "min": least, "max": most, "major_gridlines": _NO_LINES} | crossed)
        self._place(drawn, chart.title, _POINTS_HIGH, has_legend=False)

    def _levels(self, chart: StackedChart) -> None:
        """Write a native chart of bars of 100 %, divided by level."""
        first = self._data_row
        for bar in chart.bars:
            self._number_row(f"{bar.label}{bar.n}", [float(count) for count in bar.counts])
        name, last = _DATA, self._data_row - 1
        drawn = self._book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        named = zip(chart.levels, level_colours(len(chart.levels)), strict=True)
        for place, (level, colour) in enumerate(named, 1):
            categories, values = [name, first, 0, last, 0], [name, first, place, last, place]
            series = {"name": level, "categories": categories, "values": values, "fill": {"color": colour}}
            drawn.add_series(series | {"gap": 50})
        drawn.set_x_axis({"major_gridlines": {"visible": False}})
        drawn.set_y_axis(_FROM_TOP)
        self._place(drawn, chart.title, len(chart.bars), has_legend=True)

    def _place(self, drawn: Any, title: str, bars: int, *, has_legend: bool) -> None:  # noqa: ANN401 (as above)
        """Insert a chart below what is written, and leave room for it."""
        drawn.set_title({"name": title, "name_font": {"size": 11, "bold": False}} if title else {"none": True})
        drawn.set_legend({"position": "bottom"} if has_legend else {"none": True})
        height = _CHART_BASE + _BAR_HEIGHT * bars
        drawn.set_size({"width": _CHART_WIDTH, "height": height})
        self._sheet.insert_chart(self._row, 0, drawn, {"y_offset": _BELOW_HEADING})
        rows = (height + _BELOW_HEADING) // _ROW_HEIGHT + 1
        self._together.append((self._row, self._row + rows))
        self._row += rows + 1

    def _number_row(self, label: str, numbers: list[float]) -> None:
        """Write what a chart draws to the sheet of numbers."""
        if self._data is None:
            self._data = self._book.add_worksheet(_DATA)
        self._data.write_string(self._data_row, 0, label)
        for column, number in enumerate(numbers, 1):
            self._data.write_number(self._data_row, column, number)
        self._data_row += 1


def _width(text: str) -> float:
    """Return how wide a column has to be for a text, in the unit of Excel."""
    return text_width(text) / _PIXELS_PER_WIDTH + 1


def _sheet_name(title: str) -> str:
    """Return a title as the name of a sheet, without what Excel forbids there and at most 31 characters long."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]
