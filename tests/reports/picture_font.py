"""Makes the font of pictures anew: `python -m tests.reports.picture_font NotoSansCJK-Regular.ttc`.

The source is Noto Sans CJK (SIL Open Font License 1.1), as Debian's `fonts-noto-cjk` has it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset

from bot.reports.report_picture import PICTURE_FONT

__all__ = ["wanted_letters"]

_TEXTS = Path(__file__).parents[2] / "config" / "defaults"
_NAMES = (*range(7), 13, 14)
"""The parts of a font's name, its licence and where that stands among them (OpenType, table `name`)."""
_SIMPLIFIED = 2
"""Which face of the collection is drawn with the shapes of mainland China."""
_RANGES = (
    (0x20, 0x17F),  # Latin
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x2000, 0x206F),  # punctuation
    (0x2190, 0x22FF),  # arrows, mathematical signs
    (0x2460, 0x24FF),  # numbers in circles
    (0x25A0, 0x25FF),  # shapes
    (0x3000, 0x30FF),  # punctuation, kana
    (0xFF00, 0xFFEF),  # full width
)
_LEADS, _TRAILS = range(0xA1, 0xFA), (*range(0x40, 0x7F), *range(0xA1, 0xFF))


def wanted_letters() -> set[str]:
    """Return the letters of GB 2312 and Big5, with which names are written in Chinese, and of the product's texts."""
    letters = {chr(code) for first, last in _RANGES for code in range(first, last + 1)}
    texts = "".join(path.read_text("utf-8") for path in _TEXTS.rglob("*.toml"))
    return letters | set(_double_bytes("gb2312")) | set(_double_bytes("big5")) | set(texts)


def _double_bytes(encoding: str) -> Iterator[str]:
    for lead in _LEADS:
        for trail in _TRAILS:
            yield from bytes((lead, trail)).decode(encoding, errors="ignore")


def _main(source: str) -> None:
    options = subset.Options(font_number=_SIMPLIFIED, layout_features=["kern"], hinting=False, notdef_outline=True)
    options.name_IDs = list(_NAMES)
    font = subset.load_font(source, options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=sorted(map(ord, wanted_letters())))
    chosen.subset(font)
    subset.save_font(font, str(PICTURE_FONT), options)


if __name__ == "__main__":
    _main(sys.argv[1])
