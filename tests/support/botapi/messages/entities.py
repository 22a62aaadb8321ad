"""Reading `parse_mode=HTML` and entity lists by Telegram's rules (offsets in UTF-16)."""

import html
import re
from typing import Any

from tests.support.botapi.errors import broken

__all__ = ["check_entities", "commands_in", "parse_html", "utf16_length"]

Json = dict[str, Any]
TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>[^<>]*)>")
PIECE = re.compile(r"<|&(?:#\d+|#x[0-9A-Fa-f]+|lt|gt|amp|quot);|[^<&]+|&")
HREF = re.compile(r"""\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?(?=\s|$)")
ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
ENTITY_TYPES = frozenset(ENTITY_OF_TAG.values()) | {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "expandable_blockquote",
    "text_mention",
    "date_time",
}


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, Telegram's measure of offsets and lengths."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Split formatted text into plain text and entities.

    Raises the 400 "can't parse entities" for tags that are unknown, open or crossed.
    """
    plain: list[str] = []
    entities: list[Json] = []
    opened: list[tuple[str, Json]] = []
    at = 0
    while at < len(source):
        tag = TAG.match(source, at)
        if tag is None:
            at = _take_text(source, at, plain)
            continue
        here = utf16_length("".join(plain))
        if tag["close"]:
            _close(tag, opened, here, entities)
        else:
            opened.append((tag["name"].lower(), _open(tag, here)))
        at = tag.end()
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return "".join(plain), [e for e in entities if e["length"]]


def _take_text(source: str, at: int, plain: list[str]) -> int:
    piece = PIECE.match(source, at)
    if piece is None or piece.group() == "<":
        offset = len(source[:at].encode())
        raise _unparsable(f"Unsupported start tag at byte offset {offset}")
    plain.append(html.unescape(piece.group()) if piece.group() != "&" else "&")
    return piece.end()


def _open(tag: re.Match[str], here: int) -> Json:
    name, rest = tag["name"].lower(), tag["rest"]
    if name not in ENTITY_OF_TAG or (name == "span" and "tg-spoiler" not in rest):
        raise _unparsable(f'Unsupported start tag "{name}"')
    entity: Json = {"type": ENTITY_OF_TAG[name], "offset": here, "length": 0}
    if name == "a":
        href = HREF.search(rest)
        entity["url"] = html.unescape(href[1].strip("\"'")) if href else ""
    return entity


def _close(tag: re.Match[str], opened: list[tuple[str, Json]], here: int, entities: list[Json]) -> None:
    name = tag["name"].lower()
    if not opened or opened[-1][0] != name:
        expected = f'expected "</{opened[-1][0]}>"' if opened else "nothing is open"
        raise _unparsable(f'Unmatched end tag, {expected}, found "</{name}>"')
    entity = opened.pop()[1]
    entity["length"] = here - entity["offset"]
    entities.append(entity)


def _unparsable(why: str) -> Exception:
    return broken(f"Bad Request: can't parse entities: {why}")


def check_entities(text: str, entities: object) -> list[Json]:
    """Check a list of MessageEntity against the text; raises a 400 if one is wrong."""
    if not isinstance(entities, list):
        raise broken("Bad Request: can't parse entities: expected an Array")
    length = utf16_length(text)
    for entity in entities:
        if not isinstance(entity, dict) or entity.get("type") not in ENTITY_TYPES:
            raise broken(f"Bad Request: can't parse MessageEntity: {entity!r}")
        start, size = entity.get("offset"), entity.get("length")
        if type(start) is not int or type(size) is not int:
            raise broken("Bad Request: can't parse MessageEntity: offset and length")
        if start < 0 or size < 1 or start + size > length:
            raise broken("Bad Request: entity is outside of the text")
    return entities


def commands_in(text: str) -> list[Json]:
    """Mark the bot commands that Telegram marks in a person's message."""
    return [
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in COMMAND.finditer(text)
    ]
