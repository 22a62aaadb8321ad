"""Charts as a spreadsheet program draws them, from numbers on a hidden sheet of the workbook."""

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from bot.reports.chart_drawings import axis_span, level_colours
from dialogs.reports.document import Bar, BarChart, ColumnChart, PointChart, StackedChart

__all__ = ["CHART_WIDTH", "NativeCharts"]

CHART_WIDTH = 680
"""Of the narrowest chart, in pixels."""
_BASE, _BAR_HEIGHT = 90, 26
_DATA = "data"
"""The hidden sheet of what the charts draw."""
_COLUMNS_HIGH, _POINTS_HIGH = 5, 12
"""Columns, and a chart of points, are as high as so many bars."""
_FULL = {"color": level_colours(1)[0]}
_LIGHT = _FULL | {"transparency": 55}
"""Of a bar of few answers, or of a period that is not over."""
_MARKER = {"type": "circle", "size": 9, "fill": {"color": "#0072B2"}, "border": {"none": True}}
_BY_NAME = {"series_name": True, "value": False, "position": "right"}
_NO_LINES = {"visible": False}
_FROM_TOP = {"reverse": True, "major_gridlines": {"visible": False}, "interval_unit": 1}

NativeChart = tuple[Chart, int]
"""A chart, and how high it is in pixels."""


class NativeCharts:
    """Makes the charts of a workbook; `hide_numbers` once all are made."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._data: Worksheet | None = None
        self._data_row = 0

    def drawn(self, chart: BarChart | ColumnChart | PointChart | StackedChart) -> NativeChart:
        """Return a chart, whose numbers are written, and its height in pixels."""
        match chart:
            case BarChart(bars=bars):
                return self._bars(chart, bars, "bar")
            case ColumnChart(columns=columns):
                return self._bars(chart, columns, "column")
            case PointChart():
                return self._points(chart)
            case StackedChart():
                return self._levels(chart)

    def hide_numbers(self) -> None:
        """Hide the sheet of the numbers, where there is one."""
        if self._data is not None:
            self._data.hide()

    def _bars(self, chart: BarChart | ColumnChart, bars: tuple[Bar, ...], kind: str) -> NativeChart:
        """Return a chart of bars, the first on top, or of columns, the first on the left, with intervals."""
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
        return _finished(drawn, chart.title, len(bars) if kind == "bar" else _COLUMNS_HIGH, has_legend=False)

    def _points(self, chart: PointChart) -> NativeChart:
        """Return a chart of points, each a series with its name, and the crosshair as lines."""
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
        return _finished(drawn, chart.title, _POINTS_HIGH, has_legend=False)

    def _levels(self, chart: StackedChart) -> NativeChart:
        """Return a chart of bars of 100 %, divided by level."""
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
        return _finished(drawn, chart.title, len(chart.bars), has_legend=True)

    def _number_row(self, label: str, numbers: list[float]) -> None:
        """Write what a chart draws to the sheet of numbers."""
        if self._data is None:
            self._data = self._book.add_worksheet(_DATA)
        self._data.write_string(self._data_row, 0, label)
        for column, number in enumerate(numbers, 1):
            self._data.write_number(self._data_row, column, number)
        self._data_row += 1


def _finished(drawn: Chart, title: str, bars: int, *, has_legend: bool) -> NativeChart:
    """Return a chart with its title, and how high it is with so many bars."""
    drawn.set_title({"name": title, "name_font": {"size": 11, "bold": False}} if title else {"none": True})
    drawn.set_legend({"position": "bottom"} if has_legend else {"none": True})
    return drawn, _BASE + _BAR_HEIGHT * bars
