"""The text_notice card of a WeCom group robot, and what it may hold.

Lengths in characters; WeCom calls them recommendations, this fake holds them (developer.work.weixin.qq.com, group
robots, template card).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.wechat.errors import broken
from tests.support.wechat.reading import shaped

__all__ = ["card_links", "card_text", "check_card"]

Json = dict[str, Any]
PARTS = {
    "card_type": str,
    "source": dict,
    "main_title": dict,
    "emphasis_content": dict,
    "quote_area": dict,
    "sub_title_text": str,
    "horizontal_content_list": list,
    "jump_list": list,
    "card_action": dict,
}
SOURCE = {"icon_url": str, "desc": str, "desc_color": int}
TITLE = {"title": str, "desc": str}
QUOTE = {"type": int, "url": str, "title": str, "quote_text": str}
ROW = {"keyname": str, "value": str, "type": int, "url": str, "media_id": str, "userid": str}
JUMP = {"type": int, "title": str, "url": str}
ACTION = {"type": int, "url": str}
MOST_ROWS, MOST_JUMPS = 6, 3


def check_card(card: object) -> Json:
    """Check a text_notice card; raises 40058 that names the part."""
    parts = _part(card, "template_card", PARTS, ["card_type", "card_action"])
    if parts["card_type"] != "text_notice":
        raise broken(40058, f"card_type {parts['card_type']!r}: a robot sends text_notice")
    source = _part(parts.get("source", {}), "source", SOURCE)
    _is_one_of(source.get("desc_color", 0), range(4), "source.desc_color")
    main = _short(_part(parts.get("main_title", {}), "main_title", TITLE), "main_title", title=26, desc=30)
    if not main.get("title") and not parts.get("sub_title_text"):
        raise broken(40058, "main_title.title or sub_title_text is wanted")
    _short(_part(parts.get("emphasis_content", {}), "emphasis_content", TITLE), "emphasis_content", title=10, desc=15)
    _short(parts, "template_card", sub_title_text=112)
    _linked(_part(parts.get("quote_area", {}), "quote_area", QUOTE), "quote_area", range(3))
    _check_rows(parts.get("horizontal_content_list", []))
    _check_jumps(parts.get("jump_list", []))
    _linked(_part(parts["card_action"], "card_action", ACTION, ["type"]), "card_action", (1, 2))
    return parts


def card_text(card: Json) -> str:
    """Return everything that can be read on a card, line by line."""
    return "\n".join(_words(card))


def card_links(card: Json) -> dict[str, str]:
    """Return the addresses of a card by the words that one taps; that of the card itself by ""."""
    jumps = {jump["title"]: jump["url"] for jump in card.get("jump_list", []) if jump.get("url")}
    rows = {row["keyname"]: row["url"] for row in card.get("horizontal_content_list", []) if row.get("url")}
    return jumps | rows | {"": card["card_action"].get("url", "")}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, dict):
        hidden = {"card_type", "url", "icon_url", "media_id", "userid", "card_action"}
        yield from _words([content for name, content in value.items() if name not in hidden])


def _check_rows(rows: list[object]) -> None:
    if len(rows) > MOST_ROWS:
        raise broken(40058, f"horizontal_content_list has more than {MOST_ROWS} rows")
    for row in rows:
        read = _part(row, "horizontal_content_list", ROW, ["keyname"])
        _short(read, "horizontal_content_list", keyname=5, value=26)
        _linked(read, "horizontal_content_list", range(4))


def _check_jumps(jumps: list[object]) -> None:
    if len(jumps) > MOST_JUMPS:
        raise broken(40058, f"jump_list has more than {MOST_JUMPS} links")
    for jump in jumps:
        read = _part(jump, "jump_list", JUMP, ["title"])
        _short(read, "jump_list", title=13)
        _linked(read, "jump_list", range(3))


def _part(value: object, what: str, fields: Mapping[str, type], required: list[str] | None = None) -> Json:
    return shaped(value, what, fields, required or [], 40058)


def _short(part: Json, what: str, **limits: int) -> Json:
    for name, most in limits.items():
        if len(part.get(name, "")) > most:
            raise broken(40058, f"{what}.{name} is longer than {most}")
    return part


def _linked(part: Json, what: str, types: range | tuple[int, ...]) -> None:
    _is_one_of(part.get("type", types[0]), types, f"{what}.type")
    if part.get("type") == 1 and not part.get("url", "").startswith(("http://", "https://")):
        raise broken(40058, f"{what}.url is wanted with type 1")


def _is_one_of(value: int, allowed: range | tuple[int, ...], what: str) -> None:
    if value not in allowed:
        raise broken(40058, f"{what} is {value}")
