"""Reads what phones and servers send although XML forbids it: the words count, not their wrapping.

Nothing here is asked before the signature holds; sizes are checked before, and each step takes linear time.
"""

import re
from collections.abc import Callable

__all__ = ["decoded", "repaired", "without_forbidden"]

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_OPENS, _CLOSES = "<![CDATA[", "]]>"
_SPLIT = "]]]]><![CDATA[>"
"""How `]]>` is written inside: one section ends in the middle of it, and another begins."""
_TYPED = ("Content", "Title", "Description", "Label", "Recognition")
"""Elements whose text a person has written (developers.weixin.qq.com, receiving standard messages)."""
_REFERENCE = re.compile(r"&(?:#([0-9]{1,9});|#[xX]([0-9A-Fa-f]{1,8});|(amp|lt|gt|quot|apos);)?")
_MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}
_LARGEST = 0x10FFFF


def decoded(raw: bytes) -> str:
    """Return the text of bytes; those that are no UTF-8 are left out, but halves of a character are put together."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return _joined(raw.decode(errors="surrogatepass"))
    except UnicodeDecodeError:
        return raw.decode(errors="ignore")


def without_forbidden(text: str) -> str:
    """Return a text without the characters that no XML may hold, such as control characters."""
    return _FORBIDDEN.sub("", text)


def repaired(xml: str) -> str:
    """Return a push as well-formed XML, as far as its sense is clear.

    A text ends with the last `]]>` before the end of its element; an `&` that begins nothing known is itself; a number
    that stands for half a character counts with its other half, or not at all.
    """
    for name in _TYPED:
        start, end = f"<{name}>{_OPENS}", f"{_CLOSES}</{name}>"
        first, last = xml.find(start), xml.rfind(end)
        if 0 <= first < last:
            inside = xml[first + len(start) : last].replace(_SPLIT, _CLOSES).replace(_CLOSES, _SPLIT)
            xml = f"{xml[:first]}{start}{inside}{xml[last:]}"
    return without_forbidden(_outside_cdata(xml, _with_references))


def _outside_cdata(xml: str, change: Callable[[str], str]) -> str:
    parts, place = [], 0
    while (start := xml.find(_OPENS, place)) >= 0 and (end := xml.find(_CLOSES, start)) >= 0:
        end += len(_CLOSES)
        parts += [change(xml[place:start]), xml[start:end]]
        place = end
    return "".join((*parts, change(xml[place:])))


def _with_references(text: str) -> str:
    return _joined(_REFERENCE.sub(_character, text))


def _character(found: re.Match[str]) -> str:
    """Return what a reference stands for, still escaped; `&amp;` for an `&` that is none."""
    decimal, hexadecimal, name = found.groups()
    if not (decimal or hexadecimal):
        return found[0] if name else "&amp;"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code).translate(_MARKUP) if code <= _LARGEST else ""


def _joined(text: str) -> str:
    """Return a text in which halves of characters that follow each other are one; others are left out."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
