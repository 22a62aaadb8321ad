"""From messages of ours to what the robot is sent; pure. One issue is a card, several become one card."""

from collections.abc import Callable, Iterator, Sequence

from bot.channels.wecom.card import MOST_ROWS, Json, card_of, harmless
from dialogs.messages import CardSummary, Detail, Link, Prompt
from scoring.values import Value, replace
from storage.model.records import OutboxMessage

__all__ = ["Call", "Piece", "Say", "in_words", "pieces"]

_LONGEST_TEXT = 2048
"""Bytes of a text (group robots, text)."""
_CUT = "…"
Say = Callable[..., str]
"""Gives a phrase in the team's language."""


class Call(Value):
    """Whom a text mentions: user ids and mobile numbers, as the owner wrote them."""

    ids: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()

    def on(self, text: Json) -> Json:
        """Let a text mention them."""
        lists = {"mentioned_list": list(self.ids), "mentioned_mobile_list": list(self.mobiles)}
        return text | {name: people for name, people in lists.items() if people}


class Piece(Value):
    """One request's body; without `news` in it, it only calls somebody, and may be lost."""

    body: Json
    news: bool = True


def pieces(messages: Sequence[OutboxMessage], call: Call, say: Say) -> list[Piece]:
    """Return what is posted, in this order."""
    if len(messages) > 1:
        return _merged(messages, call, say)
    (message,) = messages
    prompt, glance = message.prompt, message.prompt.glance
    if glance is None or prompt.link is None or glance.is_line:
        return [_text(_whole(prompt), call if prompt.link else Call())]
    card = _template(card_of(prompt, glance, prompt.link, message.about))
    return [card, *_calling(say("robot.call", number=glance.number or glance.head), call)]


def in_words(messages: Sequence[OutboxMessage], call: Call) -> list[Piece]:
    """Say the same without a card."""
    return _texts([_whole(message.prompt) for message in messages], call)


def _merged(messages: Sequence[OutboxMessage], call: Call, say: Say) -> list[Piece]:
    """Name everything on one card, the urgent first; what has no room on it stands in the text behind it."""
    prompts = sorted((message.prompt for message in messages), key=lambda prompt: not _glance(prompt).is_urgent)
    link = next(filter(None, (prompt.link for prompt in prompts)), None)
    if link is None:
        return in_words(messages, call)
    listed, title = [_listed(prompt, say) for prompt in prompts], say("robot.many", count=len(messages))
    seen = CardSummary("", title, details=tuple(listed[:MOST_ROWS]), is_urgent=_glance(prompts[0]).is_urgent)
    card = _template(card_of(Prompt(title), seen, link, None))
    rest = [harmless(f"{one.name} {one.value} {one.url}").rstrip() for one in listed[MOST_ROWS:]]
    if rest:
        return [card, *_texts([say("robot.more", count=len(rest)), *rest], call)]
    return [card, *_calling(say("robot.call", number=title), call)]


def _calling(words: str, call: Call) -> list[Piece]:
    """Call people to a card; a card itself notifies nobody in person."""
    return [replace(_text(words, call), news=False)] if call != Call() else []


def _glance(prompt: Prompt) -> CardSummary:
    return prompt.glance or CardSummary("", prompt.text)


def _listed(prompt: Prompt, say: Say) -> Detail:
    glance = _glance(prompt)
    name = glance.number.removeprefix("#") or say("robot.notice")
    value = " ".join(filter(None, (glance.head, glance.about)))
    return Detail(name, value, prompt.link.url if prompt.link else "")


def _whole(prompt: Prompt) -> str:
    """Return a message in words, with every address that it leads to."""
    details = prompt.glance.details if prompt.glance else ()
    links = [Link(detail.name, detail.url) for detail in details if detail.url]
    links = links or ([prompt.link] if prompt.link else [])
    addresses = "".join(f"\n{link.label} {link.url}" for link in links)
    return f"{_cut(harmless(prompt.text), _LONGEST_TEXT - len(addresses.encode()))}{addresses}"


def _texts(lines: Sequence[str], call: Call) -> list[Piece]:
    """Put lines into as few texts as hold them; only the first mentions people."""
    texts = list(_filled(lines))
    return [_text(text, call if place == 0 else Call()) for place, text in enumerate(texts)]


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
    """Shorten to so many bytes, at a whole character."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: max(0, most - len(_CUT.encode()))].decode(errors="ignore") + _CUT


def _text(content: str, call: Call) -> Piece:
    return Piece({"msgtype": "text", "text": call.on({"content": _cut(content, _LONGEST_TEXT)})})


def _template(card: Json) -> Piece:
    return Piece({"msgtype": "template_card", "template_card": card})
