"""A message as a text_notice card; pure. Lengths are WeCom's recommendations, in characters.

developer.work.weixin.qq.com, group robots, template card.
"""

from collections.abc import Sequence

from bot.channels.http_client.client import JsonObject
from dialogs.ids import Ref
from dialogs.messages import CardSummary, Detail, Link, Prompt, Verb
from dialogs.sanitize import clipped

__all__ = ["MOST_ROWS", "card_of", "harmless"]

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
    """Return a text that mentions nobody: WeCom takes `<@user>` for a mention, also in a customer's words."""
    return text.translate(_HARMLESS)


def card_of(prompt: Prompt, summary: CardSummary, link: Link, about: Ref | None) -> JsonObject:
    """Return the card of an issue; only choices `about` what the link opens become links on it."""
    choices = (choice for line in prompt.rows for choice in line if choice.means.about == about)
    choices = (choice for choice in choices if choice.means.verb is not Verb.MORE)  # the page has it all
    jumps = [_jump(choice.label, f"{link.url}?do={choice.means.verb}") for choice in choices][:_MOST_JUMPS]
    title = " ".join(filter(None, (summary.number, summary.about)))
    card = _card(summary, title or summary.head, link, summary.details)
    return card | ({"jump_list": jumps} if jumps else {})


def _row(detail: Detail) -> JsonObject:
    """Return a row with name and value, and a link where it has an address."""
    drawn = {"keyname": _fit(detail.name, _NAME), "value": _fit(detail.value, _VALUE)}
    return drawn | ({"type": _TO_PAGE, "url": detail.url} if detail.url else {})


def _card(summary: CardSummary, title: str, link: Link, details: Sequence[Detail]) -> JsonObject:
    parts: JsonObject = {
        "card_type": "text_notice",
        "source": {"desc": _fit(summary.head, _HEAD), "desc_color": _RED if summary.is_urgent else _GREY},
        "main_title": {"title": _fit(title, _TITLE), "desc": _fit(summary.whom, _UNDER_TITLE)},
        "card_action": {"type": _TO_PAGE, "url": link.url},
    }
    optional: JsonObject = {
        "emphasis_content": _score(summary),
        "quote_area": {"type": 0, "quote_text": _fit(summary.quote, _QUOTE)} if summary.quote else {},
        "sub_title_text": _fit(_BETWEEN.join(summary.notes), _NOTES),
        "horizontal_content_list": [_row(detail) for detail in details[:MOST_ROWS]],
    }
    return parts | {name: part for name, part in optional.items() if part}


def _score(summary: CardSummary) -> JsonObject:
    if not summary.score:
        return {}
    return {"title": _fit(summary.score, _SCORE), "desc": _fit(summary.scored, _SCORED)}


def _jump(title: str, url: str) -> JsonObject:
    return {"type": _TO_PAGE, "title": _fit(title, _JUMP), "url": url}


def _fit(text: str, longest: int) -> str:
    return clipped(harmless(text), longest)
