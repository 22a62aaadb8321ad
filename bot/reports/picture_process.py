"""Draws one picture, in a process of its own: `python -m bot.reports.picture_process FONT SCALE`, SVG in, PNG out."""

import sys

import resvg_py

__all__: list[str] = []


def _draw(font: str, scale: float) -> None:
    family = "Noto Sans CJK SC"
    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=scale,
        skip_system_fonts=True,
        font_files=[font],
        font_family=family,
        sans_serif_family=family,
    )
    sys.stdout.buffer.write(bytes(png))


if __name__ == "__main__":
    _draw(sys.argv[1], float(sys.argv[2]))
