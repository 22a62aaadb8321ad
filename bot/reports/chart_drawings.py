"""Charts as SVG: where bars, whiskers and words stand; the drawings themselves are templates.

Colours are those of Okabe and Ito, which people with any kind of colour vision tell apart (2008).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from dialogs.reports.document import Bar, BarChart, ColumnChart, PointChart, StackedBar, StackedChart
from scoring.values import replace

__all__ = [
    "axis_span",
    "bar_drawing",
    "clipped_label",
    "column_drawing",
    "latest_bars",
    "level_colours",
    "point_drawing",
    "stacked_drawing",
    "text_width",
]

_WIDTH, _ROW, _SIZE = 720, 30, 14
"""All in pixels: of the drawing, of one bar with its gap, of the letters."""
_PHONE, _TALL_ROW = 360, 46
"""How wide a drawing for a phone is, on which words stand above their bar, and how high a bar with its words is."""
_LONGEST_LABEL, _GAP = 220, 10
_LATIN_SHARE, _WIDE_FROM = 0.56, "\u2e80"
_LEGEND = 26
_COLUMN_ROOM, _ABOVE, _BELOW, _SMALL_LINE = 96, 22, 36, 15
"""In pixels: the highest column, what stands above it, what stands below it, a line of that."""
_PLOT, _AXIS_ROOM = 380, 40
"""How wide and high the plot of points is, and the room for its axis."""
_COLUMN_SHARE = 0.6
"""How much of its place a column takes."""
_FITS = 34
"""The narrowest part of a bar that has room for its share."""
_LEVELS = ("#0072b2", "#56b4e9", "#d9d9d9", "#e69f00", "#d55e00")
"""From the best level to the worst."""
_DARK = frozenset({"#0072b2", "#d55e00"})


def text_width(text: str) -> float:
    """Return about how wide a text is drawn: a Chinese character is as wide as it is high, a Latin letter half."""
    return _SIZE * sum(1 if letter >= _WIDE_FROM else _LATIN_SHARE for letter in text)


def bar_drawing(chart: BarChart, *, for_phone: bool = False) -> dict[str, Any]:
    """Return what the template `bars.svg` draws: horizontal bars from 0, each with its words and its interval."""
    left = 1 if for_phone else _label_width(bar.label for bar in chart.bars)
    right = 1 if for_phone else max(text_width(bar.text) for bar in chart.bars) + _GAP
    width, row = (_PHONE, _TALL_ROW) if for_phone else (_WIDTH, _ROW)
    room, most = width - left - right - (0 if for_phone else _GAP), float(chart.most)

    def at(value: float) -> float:
        return round(left + room * min(1.0, max(0.0, value / most)), 1)

    words = _words_above if for_phone else _words_beside
    words_at = width - (0 if for_phone else round(right) - _GAP)
    return {
        "title": chart.title,
        "width": width,
        "height": row * len(chart.bars),
        "left": left,
        "end": at(most),
        "has_axis": not for_phone,
        "bars": [
            _bar(bar, row * place + row - _ROW, left, at) | words(bar, row * place, left, words_at) | _named(bar)
            for place, bar in enumerate(chart.bars)
        ],
        "is_linked": any(bar.link for bar in chart.bars),
    }


def _words_beside(bar: Bar, top: int, left: float, words_at: float) -> dict[str, Any]:
    """Return the words of a bar: its label on its left, what it says on its right."""
    line = top + _ROW // 2 + 5
    label = {"words": clipped_label(bar.label, left - _GAP), "at": left - 8, "line": line, "anchor": "end"}
    return {"texts": [label, {"words": bar.text, "at": words_at, "line": line, "anchor": "start"}]}


def _words_above(bar: Bar, top: int, _left: float, words_at: float) -> dict[str, Any]:
    """Return the words of a bar on a phone: both above it."""
    text = clipped_label(bar.text, _PHONE)
    line, room = top + _TALL_ROW - _ROW, _PHONE - text_width(text) - _GAP
    label = {"words": clipped_label(bar.label, room), "at": 0, "line": line, "anchor": "start"}
    return {"texts": [label, {"words": text, "at": words_at, "line": line, "anchor": "end"}]}


def _bar(bar: Bar, top: int, left: float, at: Any) -> dict[str, Any]:  # noqa: ANN401 (a function of the drawing)
    low, high = _ends(bar, at)
    return {
        "top": top,
        "middle": top + _ROW // 2,
        "length": round(at(float(bar.value)) - left, 1),
        "low": low,
        "high": high,
        "is_unsure": bar.is_unsure,
    }


def column_drawing(chart: ColumnChart) -> dict[str, Any]:
    """Return what the template `columns` draws: columns from 0 beside each other, their words above, labels below."""
    place, most, floor = _WIDTH / len(chart.columns), float(chart.most), _ABOVE + _COLUMN_ROOM

    def at(value: float) -> float:
        return round(floor - _COLUMN_ROOM * min(1.0, max(0.0, value / most)), 1)

    columns = []
    for number, bar in enumerate(chart.columns):
        middle, (low, high) = round(place * (number + 0.5), 1), _ends(bar, at)
        lines = [
            {"at": floor + _SMALL_LINE * line, "words": clipped_label(words, place)}
            for line, words in enumerate(bar.label.split("\n"), 1)
        ]
        columns.append(
            {
                "middle": middle,
                "left": round(middle - _COLUMN_SHARE * place / 2, 1),
                "wide": round(_COLUMN_SHARE * place, 1),
                "top": at(float(bar.value)),
                "length": round(floor - at(float(bar.value)), 1),
                "low": low,
                "high": high,
                "text": bar.text,
                "text_at": min(at(float(bar.value)), high if high is not None else floor) - 5,
                "lines": lines,
                "is_unsure": bar.is_unsure,
                **_named(bar),
            }
        )
    return {
        "title": chart.title,
        "width": _WIDTH,
        "height": floor + _BELOW,
        "floor": floor,
        "end": at(most),
        "columns": columns,
        "is_linked": any(bar.link for bar in chart.columns),
    }


def _named(bar: Bar) -> dict[str, str]:
    """Return what a bar leads to, and its name for a screen reader."""
    return {"link": bar.link, "name": f"{bar.label} {bar.text}".replace("\n", " ")}


def _ends(bar: Bar, at: Any) -> tuple[float | None, float | None]:  # noqa: ANN401 (a function of the drawing)
    """Return where the interval of a bar begins and ends; two times None where it has none."""
    if bar.low is None and bar.high is None:
        return None, None
    low, high = (float(bar.value) if end is None else end for end in (bar.low, bar.high))
    return at(low), at(high)


def latest_bars(chart: ColumnChart, most: int | None = None) -> BarChart:
    """Return the latest columns that say something as bars below each other, for a phone; all of them by default."""
    told = [replace(bar, label=" ".join(bar.label.split())) for bar in chart.columns if bar.text]
    return BarChart(chart.title, tuple(told[-most:] if most else told), chart.most)


def point_drawing(chart: PointChart, *, for_phone: bool = False) -> dict[str, Any]:
    """Return what the template `points` draws: numbered points with both intervals, a crosshair, names at the side.

    The axes span the points, which are no bars: both ends of each are told. On a phone the names stand below.
    """
    values = ([one.across for one in chart.points], [one.up for one in chart.points])
    spans = [axis_span(of, bounds) for of, bounds in zip(values, chart.bounds, strict=True)]
    plot = _PHONE - _AXIS_ROOM - 2 * _GAP if for_phone else _PLOT
    left, floor = _GAP + _AXIS_ROOM, plot + _GAP
    names_at, first_line = (0, floor + _BELOW) if for_phone else (left + plot + 2 * _GAP, 0)
    width = _PHONE if for_phone else _WIDTH

    def across(value: float) -> float:
        return round(left + plot * (value - spans[0][0]) / (spans[0][1] - spans[0][0]), 1)

    def up(value: float) -> float:
        return round(floor - plot * (value - spans[1][0]) / (spans[1][1] - spans[1][0]), 1)

    points = [
        {
            "at": across(float(one.across[0])),
            "up": up(float(one.up[0])),
            "from": across(one.across[1]),
            "to": across(one.across[2]),
            "low": up(one.up[1]),
            "high": up(one.up[2]),
            "label": f"{number} {clipped_label(one.label, width - names_at - 2 * _GAP)}",
            "number": number,
            "line": first_line + _ROW * number,
        }
        for number, one in enumerate(chart.points, 1)
    ]
    return {
        "title": chart.title,
        "width": width,
        "height": max(floor + _BELOW, first_line + _ROW * len(points) + _GAP),
        "left": left,
        "right": left + plot,
        "names_at": names_at,
        "floor": floor,
        "top": _GAP,
        "ends": [f"{end:.1f}" for span in spans for end in span],
        "crosshair": (across(float(chart.crosshair[0])), up(float(chart.crosshair[1]))),
        "across": chart.across,
        "up": chart.up,
        "points": points,
    }


def axis_span(values: Sequence[tuple[Any, float, float]], bounds: tuple[int, int]) -> tuple[float, float]:
    """Return from where to where an axis goes: with some room around what it shows, within its bounds."""
    low, high = min(low for _, low, _ in values), max(high for _, _, high in values)
    room = (high - low) / 10 or 1.0
    return max(float(bounds[0]), low - room), min(float(bounds[1]), high + room)


def stacked_drawing(chart: StackedChart, *, for_phone: bool = False) -> dict[str, Any]:
    """Return what the template `levels.svg` draws: bars of 100 % each, divided by level, with a legend above."""
    left = 0 if for_phone else _label_width(f"{bar.label}{bar.n}" for bar in chart.bars)
    width, row = (_PHONE, _TALL_ROW) if for_phone else (_WIDTH, _ROW)
    colours = level_colours(len(chart.levels))
    legend, lines = _legend(chart.levels, colours, left, width)
    above = lines * _LEGEND
    return {
        "title": chart.title or ", ".join(chart.levels),
        "width": width,
        "height": above + row * len(chart.bars),
        "left": left,
        "legend": legend,
        "bars": [
            _stacked(bar, above + row * place, (left, width), colours, for_phone=for_phone)
            for place, bar in enumerate(chart.bars)
        ],
    }


def _legend(levels: Sequence[str], colours: Sequence[str], left: int, width: int) -> tuple[list[dict[str, Any]], int]:
    """Return where the words of the levels stand, in as many lines as they need."""
    legend, place, line = list[dict[str, Any]](), float(left), 0
    for level, colour in zip(levels, colours, strict=True):
        wide = text_width(level) + 3 * _GAP
        if place > left and place + wide > width:
            place, line = float(left), line + 1
        legend.append({"at": round(place), "line": line * _LEGEND, "words": level, "colour": colour})
        place += wide
    return legend, line + 1


def _stacked(
    bar: StackedBar, top: int, ends: tuple[int, int], colours: Sequence[str], *, for_phone: bool
) -> dict[str, Any]:
    (left, width), at, parts = ends, float(ends[0]), []
    n, room = sum(bar.counts), width - left - (0 if for_phone else _GAP)
    for count, colour in zip(bar.counts, colours, strict=True):
        length = room * count / n
        words = f"{100 * count / n:.0f}%" if length >= _FITS else ""
        parts.append(
            {
                "at": round(at, 1),
                "length": round(length, 1),
                "colour": colour,
                "words": words,
                "is_dark": colour in _DARK,
            }
        )
        at += length
    label = {
        "words": _with_n(bar, left - _GAP),
        "at": left - 8,
        "line": top + _ROW // 2 + 5,
        "anchor": "end",
    }
    if for_phone:
        above = _TALL_ROW - _ROW
        label = {"words": _with_n(bar, width), "at": 0, "line": top + above, "anchor": "start"}
        top += above
    return {"texts": [label], "top": top, "middle": top + _ROW // 2, "parts": parts}


def _with_n(bar: StackedBar, room: float) -> str:
    """Return what stands beside a bar, its label cut off rather than how many answers it is of."""
    return f"{clipped_label(bar.label, room - text_width(bar.n))}{bar.n}"


def level_colours(levels: int) -> list[str]:
    """Return a colour for each level, the ends of the palette for the ends of the scale."""
    steps = max(1, levels - 1)
    return [_LEVELS[round(place * (len(_LEVELS) - 1) / steps)] for place in range(levels)]


def _label_width(labels: Iterable[str]) -> int:
    return round(min(_LONGEST_LABEL, max(map(text_width, labels))) + _GAP)


def clipped_label(text: str, room: float, size: int = _SIZE) -> str:
    """Return a text that fits in letters of this size, cut off with … where it is longer."""
    most = room * _SIZE / size
    if text_width(text) <= most + 1:
        return text
    while text and text_width(f"{text}…") > most:
        text = text[:-1]
    return f"{text}…"
