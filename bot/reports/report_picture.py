"""A report as one picture for a chat, as wide as a phone: its first figures, then up to two charts; drawn as SVG.

It is drawn in a process of its own: resvg computes for a quarter of a second and lets no other thread run meanwhile.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.reports.chart_drawings import clipped_label, latest_bars, level_colours, point_drawing, text_width
from bot.reports.printed_page import UnwrittenReportError
from dialogs.reports.document import (
    Bar,
    BarChart,
    ColumnChart,
    Headline,
    Paragraph,
    PointChart,
    ReportDocument,
    ReportKind,
    Section,
    StackedBar,
    StackedChart,
    Table,
    Tone,
)
from scoring.values import replace

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["PICTURE_FONT", "picture_svg", "report_png"]

PICTURE_FONT = files(__package__).joinpath("fonts", "huifang-sans.otf")
"""Noto Sans CJK SC, cut down to GB 2312, Big5 and the letters of Europe (docs/decisions/resvg.md)."""
_FONT_NAME = "Noto Sans CJK SC"
_SECONDS = 20
_ONE_AT_A_TIME = Lock()

_WIDTH, _PAD, _SCALE = 400, 16, 2
"""Pixels of a phone, and how many of the picture are one of them."""
_ROOM = _WIDTH - 2 * _PAD
_MOST_CHARTS, _MOST_BARS, _ENDS = 2, 8, 4
_MOST_LINES, _CELLS_SHARE = 24, 0.6
"""Lines of a report without figures, and how much of the width the cells of its tables may take."""
_INK, _QUIET, _BAR, _AMBER = "#1a1a1a", "#595959", "#0072b2", "#8a5200"
_TONES = {Tone.NONE: _QUIET, Tone.BETTER: "#005a8c", Tone.WORSE: "#b34700"}
_DARK = ("#0072b2", "#d55e00")
_PIECES = re.compile(r"[（「『“‘《【]*(?:[^\s\u2e80-\uffff]+|\S)[，。！？；：、）」』”’》】…]*|\s+")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Canvas:
    """What has been put on the picture, from the top down; `y` is where it goes on."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.y = _PAD

    def text(self, words: str, size: int, fill: str = _INK, **more: Any) -> None:  # noqa: ANN401 (attributes of a text)
        self.items.append({"kind": "text", "words": words, "size": size, "fill": fill, "y": self.y, "x": _PAD, **more})

    def rect(self, x: float, width: float, height: float, fill: str, **more: Any) -> None:  # noqa: ANN401 (of a rect)
        shape = {"x": round(x, 1), "width": round(width, 1), "height": height, "fill": fill, "y": self.y}
        self.items.append({"kind": "rect", **shape, **more})

    def lines(self, words: str, size: int, fill: str = _INK, *, bold: bool = False, most: int = 3) -> None:
        """Write words in as many lines as they need, at most so many."""
        for line in wrapped(words, size, _ROOM, most):
            self.y += round(size * 1.35)
            self.text(line, size, fill, bold=bold)


def picture_svg(document: ReportDocument) -> str:
    """Return the picture of a report as SVG; letters that XML cannot hold are boxes."""
    canvas = _Canvas()
    _write_head(canvas, document)
    charts = list(_charts(document))[:_MOST_CHARTS]
    if document.kind is ReportKind.REVIEW:
        _write_answers(canvas, document.sections[0])
    _draw_headlines(canvas, document.headlines)
    for chart in charts:
        _draw_chart(canvas, chart)
    if not (charts or document.headlines):
        _write_blocks(canvas, document)
    elif document.legend and any(isinstance(chart, BarChart) for chart in charts):
        canvas.y += 10
        canvas.lines(document.legend, 11, _QUIET)
    height = canvas.y + _PAD
    svg = _template().render(fonts=_FONT_NAME, items=canvas.items, width=_WIDTH, height=height, title=document.title)
    return _NOT_IN_XML.sub("\u25a1", svg)


def _write_head(canvas: _Canvas, document: ReportDocument) -> None:
    canvas.lines(document.title, 21, bold=True, most=2)
    canvas.y += 2
    for line in document.head:
        is_warning = line == document.provisional
        canvas.lines(line, 13, _AMBER if is_warning else _QUIET, bold=is_warning, most=2)


def _write_answers(canvas: _Canvas, overview: Section) -> None:
    """Write what a review answers first: each question, and below it what is to be said."""
    canvas.y += 8
    for table in (block for block in overview.blocks if isinstance(block, Table)):
        for question, answer in table.rows:
            canvas.y += 6
            canvas.lines(question.text, 12, _QUIET, most=2)
            canvas.lines(answer.text, 14, most=4)


def _write_blocks(canvas: _Canvas, document: ReportDocument) -> None:
    """Write what a report says that has no figures: its lines, and the rows of its tables below each other."""
    left = _MOST_LINES
    for section in document.sections:
        if left <= 0:
            return
        canvas.y += 12
        canvas.lines(section.title, 15, bold=True, most=2)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                for line in block.lines[:left]:
                    canvas.lines(line, 13)
                left -= len(block.lines)
            elif isinstance(block, Table):
                _write_table(canvas, block, max(0, left))
                left -= len(block.rows)


def _write_table(canvas: _Canvas, table: Table, most: int) -> None:
    """Write the first rows: where cells are short beside each other, else each below what it is about, by column."""
    shown, cells = table.rows[:most], [table.columns[1:], *([cell.text for cell in row[1:]] for row in table.rows)]
    widest = max((text_width(text) for row in cells for text in row), default=0) * 13 / 14
    is_grid = 0 < len(table.columns) - 1 <= (_ROOM * _CELLS_SHARE) // (widest + 12)
    if is_grid:
        _write_cells(canvas, "", table.columns[1:], widest + 12, _QUIET)
    for row in shown:
        told = [(name, cell.text) for name, cell in zip(table.columns[1:], row[1:], strict=True) if cell.text]
        if is_grid:
            _write_cells(canvas, row[0].text, [cell.text for cell in row[1:]], widest + 12)
        else:
            _label(canvas, row[0].text)
            canvas.lines(" · ".join(f"{name} {text}" for name, text in told), 12, _QUIET)
    _tell_left_out(canvas, len(table.rows) - len(shown))


def _write_cells(canvas: _Canvas, label: str, cells: Sequence[str], width: float, fill: str = _INK) -> None:
    """Write a row of cells that end below each other."""
    canvas.y += 22
    canvas.text(clipped_label(label, _ROOM - width * len(cells), 13), 13)
    for place, text in enumerate(reversed(cells)):
        canvas.text(text, 13, fill, x=round(_WIDTH - _PAD - place * width, 1), anchor="end")


def _draw_headlines(canvas: _Canvas, headlines: Sequence[Headline]) -> None:
    """Draw figures two beside each other, each with its name, its n, and what it was before."""
    half, gap = (_ROOM - 10) // 2, 10
    for place in range(0, len(headlines), 2):
        canvas.y += gap
        top, bottoms = canvas.y, []
        for column, one in enumerate(headlines[place : place + 2]):
            canvas.y = top
            _draw_headline(canvas, one, _PAD + column * (half + gap), half)
            bottoms.append(canvas.y)
        for item in canvas.items[-1::-1]:
            if item["kind"] == "card" and item["y"] == top:
                item["height"] = max(bottoms) - top + 10
        canvas.y = max(bottoms) + 10


def _draw_headline(canvas: _Canvas, one: Headline, x: int, width: int) -> None:
    canvas.items.append({"kind": "card", "x": x, "y": canvas.y, "width": width, "height": 0})
    inner, left = width - 20, x + 10
    canvas.y += 4
    for line in wrapped(one.name, 13, inner, 2):
        canvas.y += 18
        canvas.text(line, 13, _QUIET, x=left)
    size = next((size for size in (26, 21, 17, 14) if text_width(one.value) * size / 14 <= inner), 12)
    canvas.y += 30
    canvas.text(clipped_label(one.value, inner, size), size, x=left, bold=True)
    counted = f"{one.n}  {one.note}".strip()
    for line, fill in ((counted, _AMBER if one.note else _QUIET), (one.change, _TONES[one.tone])):
        for part in wrapped(line, 12, inner, 2):
            canvas.y += 18
            canvas.text(part, 12, fill, x=left)


def _charts(document: ReportDocument) -> Iterator[BarChart | PointChart | StackedChart]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, BarChart | ColumnChart | PointChart | StackedChart):
                titles = dict.fromkeys(filter(None, (section.title, block.title)))
                named = replace(block, title=" · ".join(titles))
                yield latest_bars(named, _MOST_BARS) if isinstance(named, ColumnChart) else named


def _draw_chart(canvas: _Canvas, chart: BarChart | PointChart | StackedChart) -> None:
    canvas.y += 14
    canvas.lines(chart.title or "", 15, bold=True, most=2)
    if isinstance(chart, PointChart):
        canvas.y += 10
        drawn = point_drawing(chart, for_phone=True)
        canvas.items.append({"kind": "points", "x": _PAD, "y": canvas.y, "drawn": drawn})
        canvas.y += drawn["height"]
        return
    if isinstance(chart, StackedChart):
        colours = level_colours(len(chart.levels))
        _draw_legend(canvas, chart.levels, colours)
        for stacked in chart.bars[:_MOST_BARS]:
            _draw_levels(canvas, stacked, colours)
        _tell_left_out(canvas, len(chart.bars) - _MOST_BARS)
        return
    shown, left_out = chart.bars, len(chart.bars) - _MOST_BARS
    if left_out == 1:  # the bar takes no more room than the line that says it is left out
        left_out = 0
    if left_out > 0:
        shown = (*chart.bars[:_ENDS], *chart.bars[-_ENDS:])
    for place, bar in enumerate(shown):
        if left_out > 0 and place == _ENDS:
            _tell_left_out(canvas, left_out)
        _draw_bar(canvas, bar, float(chart.most))


def _tell_left_out(canvas: _Canvas, count: int) -> None:
    if count > 0:
        canvas.y += 20
        canvas.text(f"⋯ +{count}", 13, _QUIET)


def _label(canvas: _Canvas, label: str, words: str = "") -> None:
    """Write what a bar is about, and at the end of the line what it says."""
    words = clipped_label(words, _ROOM, 13)
    right = text_width(words) * 13 / 14
    canvas.y += 24
    canvas.text(clipped_label(label, _ROOM - right - 10, 13), 13)
    if words:
        canvas.text(words, 13, x=_WIDTH - _PAD, anchor="end")
    canvas.y += 5


def _draw_bar(canvas: _Canvas, bar: Bar, most: float) -> None:
    """Draw a bar from 0 below its words, with its interval."""

    def at(value: float) -> float:
        return round(_PAD + _ROOM * min(1.0, max(0.0, value / most)), 1)

    _label(canvas, bar.label, bar.text)
    canvas.rect(_PAD, _ROOM, 12, "#eeeeee")
    value = float(bar.value)
    canvas.rect(_PAD, at(value) - _PAD, 12, _BAR, opacity=0.45 if bar.is_unsure else 1)
    if bar.low is not None or bar.high is not None:
        low, high = (at(value if end is None else end) for end in (bar.low, bar.high))
        canvas.items.append({"kind": "whisker", "low": low, "high": high, "y": canvas.y + 6})
    canvas.y += 12


def _draw_legend(canvas: _Canvas, levels: Sequence[str], colours: Iterable[str]) -> None:
    x = float(_PAD)
    canvas.y += 20
    for words, colour in zip(levels, colours, strict=True):
        width = 16 + text_width(words) * 12 / 14 + 12
        if x + width > _WIDTH and x > _PAD:
            x, canvas.y = float(_PAD), canvas.y + 18
        canvas.rect(x, 11, 11, colour)
        canvas.items[-1]["y"] -= 10
        canvas.text(words, 12, _QUIET, x=round(x + 16, 1))
        x += width


def _draw_levels(canvas: _Canvas, bar: StackedBar, colours: Sequence[str]) -> None:
    _label(canvas, f"{bar.label}{bar.n}")
    n, x = sum(bar.counts), float(_PAD)
    for count, colour in zip(bar.counts, colours, strict=True):
        width = _ROOM * count / n if n else 0
        if width:
            canvas.rect(x, width, 18, colour)
        if width >= 30:  # noqa: PLR2004 (room for `100%`)
            fill = "#ffffff" if colour in _DARK else _INK
            canvas.text(
                f"{100 * count / n:.0f}%", 12, fill, x=round(x + width / 2, 1), y=canvas.y + 13, anchor="middle"
            )
        x += width
    canvas.y += 18


# -- words that fit ---------------------------------------------------------------------------------------------------


def wrapped(words: str, size: int, room: float, most: int) -> list[str]:
    """Return words in lines that fit, at most so many; broken between words, in Chinese anywhere; the rest cut off."""
    lines, line = [], ""
    for piece in _PIECES.findall(words):
        if line and text_width(line + piece.rstrip()) * size / 14 > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    lines.append(line)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [clipped_label(each, room, size) for each in lines if each]


# -- as a picture -----------------------------------------------------------------------------------------------------


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 (not before a report is asked for)

    loader = PackageLoader("bot.reports")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("picture.svg")


def report_png(document: ReportDocument) -> bytes:
    """Return a report as PNG, 800 pixels wide. Raises UnwrittenReportError where nothing draws it here."""
    drawn = picture_svg(document).encode()
    command = [sys.executable, "-m", "bot.reports.picture_process", str(PICTURE_FONT), str(_SCALE)]
    with _ONE_AT_A_TIME:
        try:
            done = subprocess.run(command, input=drawn, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 (our own)
        except subprocess.TimeoutExpired:
            raise UnwrittenReportError(f"the picture was not drawn within {_SECONDS} s; ask for html") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
        raise UnwrittenReportError(f"the picture was not drawn: {said}; ask for html")
    return done.stdout
