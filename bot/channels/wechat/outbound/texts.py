"""Texts made fit for WeChat: without markup, and with no more bytes than a message holds; pure.

WeChat turns `<a href=…>` in a text into a link, and `weixin://bizmsgmenu` in one into an item of a menu
(developers.weixin.qq.com/community, weixin://bizmsgmenu). A customer whose words are repeated in a message could
otherwise put a link or a button into it.
"""

import re
import unicodedata

__all__ = ["MESSAGE_BYTES", "byte_length", "cut_bytes", "last_bytes", "split_bytes", "without_markup"]

MESSAGE_BYTES = 2048
"""Bytes of a text message in UTF-8 (developers.weixin.qq.com, passive reply; error 45002 above)."""

_ELLIPSIS = "…"
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_LOOK_ALIKES = str.maketrans({"<": "＜", ">": "＞"})
_CONTINUES = ("Mn", "Me", "Cf")  # marks, selectors and joiners belong to the character before them
_SKIN_TONES = "🏻🏼🏽🏾🏿"
_JOINER = "\N{ZERO WIDTH JOINER}"


def byte_length(text: str) -> int:
    """Return the bytes of a text in UTF-8."""
    return len(text.encode())


def without_markup(text: str) -> str:
    """Return a text without markup: angle brackets as their full-width forms, no control characters.

    Brackets are not escaped, since it is not documented whether entities are shown as they stand. Without `>` there
    is no `]]>` either, which would end the CDATA of a passive reply.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ENTITY.sub("＆", _UNREADABLE.sub("", lines)).translate(_LOOK_ALIKES)


def cut_bytes(text: str, room: int) -> str:
    """Return the beginning of a text that fits so many bytes, with an ellipsis where something is left out."""
    if byte_length(text) <= room:
        return text
    return _beginning(text, room - byte_length(_ELLIPSIS)).rstrip() + _ELLIPSIS


def last_bytes(text: str, room: int) -> str:
    """Return the end of a text that fits so many bytes: what is asked stands last."""
    if byte_length(text) <= room:
        return text
    kept = text.encode()[byte_length(text) - max(room - byte_length(_ELLIPSIS), 0) :].decode(errors="ignore")
    first = next((place for place, c in enumerate(kept) if not _is_continued(c)), len(kept))
    return _ELLIPSIS + kept[first:].lstrip()


def split_bytes(text: str, room: int) -> tuple[str, ...]:
    """Return the whole text in pieces of at most so many bytes, split between lines or words where possible."""
    pieces: list[str] = []
    while byte_length(text) > room:
        piece = _beginning(text, room)
        gap = max(piece.rfind("\n"), piece.rfind(" ")) + 1
        piece = piece[:gap] if gap > len(piece) // 2 else piece
        pieces.append(piece.strip())
        text = text[len(piece) :].lstrip("\n")
    return tuple(piece for piece in (*pieces, text) if piece.strip()) or ("",)


def _beginning(text: str, room: int) -> str:
    """Return the beginning, cut at a whole character as a reader counts them."""
    kept = text.encode()[: max(room, 0)].decode(errors="ignore")
    place = len(kept)
    while 0 < place < len(text) and (_is_continued(text[place]) or text[place - 1] == _JOINER):
        place -= 1
    return kept[:place] or kept


def _is_continued(character: str) -> bool:
    return unicodedata.category(character) in _CONTINUES or character in _SKIN_TONES
