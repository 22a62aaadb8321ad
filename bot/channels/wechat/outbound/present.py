"""From an outbox message to what is sent to WeChat: a menu, a text, the fields of a notice; pure."""

from collections.abc import Iterable, Mapping

from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from bot.channels.wechat.outbound.fields import Notice, filled_fields, named_field, plainer
from bot.channels.wechat.outbound.send_methods import SendMethod
from bot.channels.wechat.outbound.texts import (
    MESSAGE_BYTES,
    byte_length,
    cut_bytes,
    last_bytes,
    split_bytes,
    without_markup,
)
from dialogs.ids import RefKind, is_about
from dialogs.messages import Choice, Link, Prompt, Verb
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose

__all__ = [
    "MenuItem",
    "MenuMessage",
    "NoticeMessage",
    "PictureMessage",
    "TextMessage",
    "WechatMessage",
    "for_followers",
    "has_menu",
    "joined_text",
    "menu_messages",
    "messages_by",
    "pictures",
    "reduced",
    "text_messages",
]

_MOST_PICTURE = 10_000_000  # bytes (developers.weixin.qq.com, adding temporary media)
_LONGEST_ITEM = 60  # bytes; an item is one line, and a scale may have thirteen of them


class MenuItem(Value):
    """One line to tap: the id that comes back, and the text that is shown."""

    id: str
    content: str


class MenuMessage(Value):
    """A clickable menu (`msgmenu`): text, lines to tap, text."""

    head: str
    items: tuple[MenuItem, ...]
    tail: str = ""


class TextMessage(Value):
    """A text."""

    content: str


class PictureMessage(Value):
    """The picture that goes with a message, to be uploaded first."""


class NoticeMessage(Value):
    """A notice of either kind: its template, the values of its fields, the page that a tap opens."""

    kind: SendMethod
    template: str
    values: Mapping[str, str]
    url: str = ""


WechatMessage = MenuMessage | TextMessage | PictureMessage | NoticeMessage


def has_menu(prompt: Prompt) -> bool:
    """Return whether there is anything to tap."""
    return bool(_items(prompt))


def menu_messages(message: OutboxMessage) -> tuple[WechatMessage, ...]:
    """Return a message with lines to tap below; a long closure in several, with the lines below the last."""
    *before, last = _pieces(message)
    return (*map(TextMessage, before), MenuMessage(last, _items(message.prompt), _tail(message.prompt)))


def text_messages(message: OutboxMessage) -> tuple[TextMessage, ...]:
    """Return a message as text, with how to answer by typing; a long closure in several."""
    *before, last = _pieces(message)
    return (*map(TextMessage, before), TextMessage(_paragraphs(last, _typed(message.prompt))))


def pictures(message: OutboxMessage) -> tuple[PictureMessage, ...]:
    """Return the picture that goes before the text, none where there is none."""
    return (PictureMessage(),) if message.prompt.file is not None else ()


def for_followers(message: OutboxMessage) -> OutboxMessage:
    """Return a message as followers can get it: another file than a picture of at most 10 MB is a link."""
    file = message.prompt.file
    is_shown = file is None or (file.is_picture and file.size <= _MOST_PICTURE)
    return message if is_shown else replace(message, prompt=message.prompt.without_file)


def messages_by(
    message: OutboxMessage, step: SendMethod, template: Notice | None, facts: Mapping[str, str]
) -> tuple[WechatMessage, ...]:
    """Return what is sent by this method; raises UnfitField for a notice of which a field would be empty."""
    match step:
        case SendMethod.MENU:
            return (*pictures(message), *menu_messages(message))
        case SendMethod.TEXT:
            return (*pictures(message), *text_messages(message))
        case SendMethod.GRANT | SendMethod.TEMPLATE:
            return (_notice(message, step, template or Notice(""), facts),)


def reduced(message: OutboxMessage, body: WechatMessage, problem: str) -> WechatMessage | None:
    """Return a refused message without the part that was refused; None where nothing can be left out."""
    match body:
        case TextMessage(content) if not _is_written(message):
            return TextMessage(last_bytes(content, byte_length(content) // 2))
        case NoticeMessage(values=values):
            key = named_field(problem)
            plain = plainer(key, values[key]) if key in values else None
            return None if plain is None else replace(body, values={**values, key: plain})
        case TextMessage() | MenuMessage() | PictureMessage():
            return None


def joined_text(messages: Iterable[OutboxMessage]) -> tuple[str, int]:
    """Return one text with the first of these messages, as many as it holds, and their number."""
    text, count = "", 0
    for message in messages:
        said = text_messages(message)
        longer = _paragraphs(text, said[0].content)
        if len(said) > 1 or message.prompt.file is not None or byte_length(longer) > MESSAGE_BYTES:
            break
        text, count = longer, count + 1
    return text, count


def _notice(message: OutboxMessage, step: SendMethod, template: Notice, facts: Mapping[str, str]) -> NoticeMessage:
    link = message.prompt.without_file.link
    page = link.url if link is not None else message.prompt.page
    return NoticeMessage(step, template.template, filled_fields(template, facts), page)


def _pieces(message: OutboxMessage) -> tuple[str, ...]:
    """Return the text cut for both forms alike, so that a message begun in one can be finished in the other.

    What a person of the team wrote is never shortened; of all else the end is kept, where the question stands.
    """
    prompt = message.prompt
    text, room = (
        without_markup(prompt.written_out).strip(),
        MESSAGE_BYTES - max(byte_length(_below(prompt)), byte_length(_typed(prompt))) - 2,
    )
    return split_bytes(text, room) if _is_written(message) else (last_bytes(text, room),)


def _is_written(message: OutboxMessage) -> bool:
    """Return whether a person of the team wrote it: a closure, a progress note, a question."""
    return message.purpose is Purpose.CLOSURE or is_about(message.about, RefKind.ISSUE)


def _below(prompt: Prompt) -> str:
    """Return what stands below the text of a menu, for its size."""
    return "\n".join((*(item.content for item in _items(prompt)), _tail(prompt)))


def _items(prompt: Prompt) -> tuple[MenuItem, ...]:
    """Return the lines to tap, without Stop: lines are close together, and a wrong tap would end the survey."""
    choices = (choice for row in prompt.rows for choice in row if not _stops(choice))
    return tuple(MenuItem(MENU_ITEM_ID.encode(choice.means), _line(choice)) for choice in choices)


def _stops(choice: Choice) -> bool:
    return choice.means.verb is Verb.STOP


def _tail(prompt: Prompt) -> str:
    """Return how to stop and where the page is, for below the lines."""
    return _paragraphs(_how_to_stop(prompt), _page(prompt.link))


def _how_to_stop(prompt: Prompt) -> str:
    return without_markup("\n".join(choice.word for row in prompt.rows for choice in row if _stops(choice)))


def _line(choice: Choice) -> str:
    return cut_bytes(without_markup(f"{choice.label} {choice.word}").strip(), _LONGEST_ITEM)


def _typed(prompt: Prompt) -> str:
    return _paragraphs(
        "\n".join(filter(None, (without_markup(prompt.typed), _how_to_stop(prompt)))), _page(prompt.link)
    )


def _page(link: Link | None) -> str:
    return f"{without_markup(link.label)}\n{link.url}".strip() if link else ""


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
