"""From outbox messages to what the robot posts; pure. One issue is a card, several become one card."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import md5

from bot.channels.http_client.client import JsonObject
from bot.channels.wecom.card import MOST_ROWS, card_of, harmless
from dialogs.messages import CardSummary, Detail, FileRef, Link, Prompt
from scoring.values import Value, replace
from storage.model.records import OutboxMessage

__all__ = [
    "Mentions",
    "RobotMessage",
    "Say",
    "file_message",
    "is_carried",
    "picture_message",
    "robot_messages",
    "text_only",
]

_LONGEST_TEXT = 2048
"""Bytes of a text (group robots, text)."""
_MOST_PICTURE, _LEAST_FILE, _MOST_FILE = 2 * 1024 * 1024, 5, 20 * 1024 * 1024
"""Bytes (group robots, picture; uploading files)."""
_CUT = "…"
_MOBILE = re.compile(r"1\d{10}")
Say = Callable[..., str]
"""Returns a phrase in the team's language."""


class Mentions(Value):
    """Whom a text mentions: user ids and mobile numbers, as the owner wrote them."""

    ids: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()

    @classmethod
    def of(cls, people: Iterable[str]) -> "Mentions":
        """Return the mentions of people, of whom mobile numbers have eleven digits."""
        named = tuple(dict.fromkeys(people))
        mobiles = tuple(one for one in named if _MOBILE.fullmatch(one))
        return cls(tuple(one for one in named if one not in mobiles), mobiles)

    def with_those_of(self, messages: Sequence[OutboxMessage]) -> "Mentions":
        """Return these and whoever the messages call."""
        called = [person.id for message in messages for person in message.prompt.notifies if person.id]
        return Mentions.of((*self.ids, *self.mobiles, *called))

    def added_to(self, text: JsonObject) -> JsonObject:
        """Return a text's parameters with the mentions."""
        lists = {"mentioned_list": list(self.ids), "mentioned_mobile_list": list(self.mobiles)}
        return text | {name: people for name, people in lists.items() if people}


class RobotMessage(Value):
    """The body of one post; one without news only mentions people, and may be lost."""

    body: JsonObject
    has_news: bool = True


def robot_messages(messages: Sequence[OutboxMessage], mentions: Mentions, say: Say) -> list[RobotMessage]:
    """Return what is posted, in order; `mentions` are those of every alert."""
    mentions = mentions.with_those_of(messages)
    if len(messages) > 1:
        return _merged(messages, mentions, say)
    (message,) = messages
    prompt, summary = message.prompt, message.prompt.card_summary
    if summary is None or prompt.link is None or summary.is_line:
        return [_text(_whole(prompt), mentions if prompt.link else Mentions())]
    card = _template(card_of(prompt, summary, prompt.link, message.about))
    return [card, *_mentioning(say("robot.call", number=summary.number or summary.head), mentions)]


def is_carried(file: FileRef) -> bool:
    """Return whether a robot takes a file, as a picture or else as a file."""
    return _LEAST_FILE <= file.size <= _MOST_FILE


def picture_message(file: FileRef, content: bytes) -> RobotMessage | None:
    """Return a picture as it is posted, None for what must be uploaded as a file."""
    if not file.is_picture or len(content) > _MOST_PICTURE:
        return None
    digest = md5(content, usedforsecurity=False).hexdigest()
    return RobotMessage({"msgtype": "image", "image": {"base64": b64encode(content).decode(), "md5": digest}})


def file_message(media: str) -> RobotMessage:
    """Return an uploaded file as it is posted."""
    return RobotMessage({"msgtype": "file", "file": {"media_id": media}})


def text_only(messages: Sequence[OutboxMessage], mentions: Mentions) -> list[RobotMessage]:
    """Return the same as texts, without a card."""
    return _texts([_whole(message.prompt) for message in messages], mentions.with_those_of(messages))


def _merged(messages: Sequence[OutboxMessage], mentions: Mentions, say: Say) -> list[RobotMessage]:
    """Return one card with every message, the urgent first; what has no room on it follows as text."""
    prompts = sorted((message.prompt for message in messages), key=lambda prompt: not _summary(prompt).is_urgent)
    link = next(filter(None, (prompt.link for prompt in prompts)), None)
    if link is None:
        return text_only(messages, mentions)
    listed, title = [_listed(prompt, say) for prompt in prompts], say("robot.many", count=len(messages))
    seen = CardSummary("", title, details=tuple(listed[:MOST_ROWS]), is_urgent=_summary(prompts[0]).is_urgent)
    card = _template(card_of(Prompt(title), seen, link, None))
    rest = [harmless(f"{one.name} {one.value} {one.url}").rstrip() for one in listed[MOST_ROWS:]]
    if rest:
        return [card, *_texts([say("robot.more", count=len(rest)), *rest], mentions)]
    return [card, *_mentioning(say("robot.call", number=title), mentions)]


def _mentioning(words: str, mentions: Mentions) -> list[RobotMessage]:
    """Return a text that mentions people for a card, which itself cannot mention anybody (group robots, card)."""
    return [replace(_text(words, mentions), has_news=False)] if mentions != Mentions() else []


def _summary(prompt: Prompt) -> CardSummary:
    return prompt.card_summary or CardSummary("", prompt.text)


def _listed(prompt: Prompt, say: Say) -> Detail:
    summary = _summary(prompt)
    name = summary.number.removeprefix("#") or say("robot.notice")
    value = " ".join(filter(None, (summary.head, summary.about)))
    return Detail(name, value, prompt.link.url if prompt.link else "")


def _whole(prompt: Prompt) -> str:
    """Return a message as text, with every address that it leads to."""
    details = prompt.card_summary.details if prompt.card_summary else ()
    links = [Link(detail.name, detail.url) for detail in details if detail.url]
    links = links or ([prompt.link] if prompt.link else [])
    addresses = "".join(f"\n{link.label} {link.url}" for link in links)
    return f"{_cut(harmless(prompt.text), _LONGEST_TEXT - len(addresses.encode()))}{addresses}"


def _texts(lines: Sequence[str], mentions: Mentions) -> list[RobotMessage]:
    """Return lines in as few texts as hold them; only the first mentions people."""
    texts = list(_filled(lines))
    return [_text(text, mentions if place == 0 else Mentions()) for place, text in enumerate(texts)]


def _filled(lines: Sequence[str]) -> Iterator[str]:
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer.encode()) > _LONGEST_TEXT and text:
            yield text
            longer = line
        text = longer
    yield text


def _cut(text: str, most: int) -> str:
    """Return a text shortened to so many bytes, at a whole character."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: max(0, most - len(_CUT.encode()))].decode(errors="ignore") + _CUT


def _text(content: str, mentions: Mentions) -> RobotMessage:
    return RobotMessage({"msgtype": "text", "text": mentions.added_to({"content": _cut(content, _LONGEST_TEXT)})})


def _template(card: JsonObject) -> RobotMessage:
    return RobotMessage({"msgtype": "template_card", "template_card": card})
