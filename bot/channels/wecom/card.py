"""Draws a message as a text_notice card; pure. Lengths are WeCom's recommendations, in characters.

developer.work.weixin.qq.com, group robots, template card.
"""

from collections.abc import Sequence
from typing import Any

from dialogs.ids import Ref
from dialogs.messages import CardSummary, Detail, Link, Prompt
from dialogs.sanitize import clipped

__all__ = ["MOST_ROWS", "Json", "card_of", "harmless"]

Json = dict[str, Any]

MOST_ROWS = 6
_MOST_JUMPS = 3
_HEAD, _TITLE, _UNDER_TITLE = 20, 26, 30
_SCORE, _SCORED = 10, 15
_NOTES, _QUOTE = 112, 120
_NAME, _VALUE, _JUMP = 5, 26, 13
_RED, _GREY = 2, 0
_TO_PAGE = 1
_BETWEEN = " · "
_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})


def harmless(text: str) -> str:
    """Return words that mention nobody, whoever they come from: WeCom takes `<@user>` for a mention."""
    return text.translate(_HARMLESS)


def card_of(prompt: Prompt, glance: CardSummary, link: Link, about: Ref | None) -> Json:
    """Draw the card of an issue; only choices `about` what the link opens become links on it."""
    choices = (choice for line in prompt.rows for choice in line if choice.means.about == about)
    jumps = [_jump(choice.label, f"{link.url}?do={choice.means.verb}") for choice in choices][:_MOST_JUMPS]
    title = " ".join(filter(None, (glance.number, glance.about)))
    card = _card(glance, title or glance.head, link, glance.details)
    return card | ({"jump_list": jumps} if jumps else {})


def _row(detail: Detail) -> Json:
    """Draw a name and a value, leading somewhere where it has an address."""
    drawn = {"keyname": _fit(detail.name, _NAME), "value": _fit(detail.value, _VALUE)}
    return drawn | ({"type": _TO_PAGE, "url": detail.url} if detail.url else {})


def _card(glance: CardSummary, title: str, link: Link, details: Sequence[Detail]) -> Json:
    parts: Json = {
        "card_type": "text_notice",
        "source": {"desc": _fit(glance.head, _HEAD), "desc_color": _RED if glance.is_urgent else _GREY},
        "main_title": {"title": _fit(title, _TITLE), "desc": _fit(glance.whom, _UNDER_TITLE)},
        "card_action": {"type": _TO_PAGE, "url": link.url},
    }
    optional: Json = {
        "emphasis_content": _score(glance),
        "quote_area": {"type": 0, "quote_text": _fit(glance.quote, _QUOTE)} if glance.quote else {},
        "sub_title_text": _fit(_BETWEEN.join(glance.notes), _NOTES),
        "horizontal_content_list": [_row(detail) for detail in details[:MOST_ROWS]],
    }
    return parts | {name: part for name, part in optional.items() if part}


def _score(glance: CardSummary) -> Json:
    if not glance.score:
        return {}
    return {"title": _fit(glance.score, _SCORE), "desc": _fit(glance.scored, _SCORED)}


def _jump(title: str, url: str) -> Json:
    return {"type": _TO_PAGE, "title": _fit(title, _JUMP), "url": url}


def _fit(text: str, longest: int) -> str:
    return clipped(harmless(text), longest)
