"""Numbers as people write them: digits of every script and width, circled and keycap digits, Chinese, English words."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["NUMERAL", "fold", "fold_character", "read_numeral"]

_SIMPLE = "零一二三四五六七八九"
_VARIANTS = {
    "〇": 0,
    "两": 2, "兩": 2,
    "壹": 1, "贰": 2, "貳": 2, "叁": 3, "參": 3, "叄": 3, "肆": 4,
    "伍": 5, "陆": 6, "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_CHINESE = {**{character: value for value, character in enumerate(_SIMPLE)}, **_VARIANTS}
_ENGLISH = {
    word: value
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}

_UNIT = f"[{''.join(_CHINESE)}]"
_TENS = re.compile(f"({_UNIT})?[十拾]({_UNIT})?")
NUMERAL = rf"(?:[0-9]{{1,3}}|{_UNIT}?[十拾]{_UNIT}?|{_UNIT}|{'|'.join(_ENGLISH)})"
"""What one number looks like in folded text, as a regular expression."""

_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_DROPPED = {_KEYCAP, "\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}"}
_UNREADABLE = "\N{FRACTION SLASH}"
_TEN = "\N{KEYCAP TEN}"


def fold(text: str) -> str:
    """Return the text in one width, one case and ASCII digits, without invisible characters."""
    return unicodedata.normalize("NFC", "".join(fold_character(character) for character in text))


def read_numeral(text: str) -> int | None:
    """Return the whole number below 1000 that a folded text is, None for any other text."""
    if not re.fullmatch(NUMERAL, text):
        return None
    if text.isascii():
        return _ENGLISH[text] if text in _ENGLISH else int(text)
    tens = _TENS.fullmatch(text)
    if tens is None:
        return _CHINESE[text]
    before, after = tens.groups()
    return (_CHINESE[before] if before else 1) * 10 + (_CHINESE[after] if after else 0)


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    """Return one character folded: none, one or several; the characters of a language are few."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character == _TEN:
        return " 10 "
    category = unicodedata.category(character)
    if category == "No":
        return _enclosed(character)
    if category in ("Cc", "Cf", "Cs") or character in _DROPPED:
        return " " if character.isspace() else ""
    return unicodedata.normalize("NFKC", character).casefold()


def _enclosed(character: str) -> str:
    """Read ④ and ㈣ as numbers standing alone; ½ and ² as nothing a customer could mean."""
    value = unicodedata.numeric(character, 0.5)
    is_raised = unicodedata.decomposition(character).startswith("<super>")
    return f" {value:.0f} " if value.is_integer() and not is_raised else _UNREADABLE
