"""From a message of ours to what WeChat is given: a menu, a text, the fields of a notice; pure."""

from collections.abc import Iterable, Mapping

from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from bot.channels.wechat.outbound.fields import Notice, filled, named, plainer
from bot.channels.wechat.outbound.send_methods import SendMethod
from bot.channels.wechat.outbound.texts import LONGEST, cut, ending, neutral, size, split
from dialogs.ids import RefKind, is_about
from dialogs.messages import Choice, Link, Prompt, Verb
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, Purpose

__all__ = ["Body", "Filled", "Item", "Menu", "Words", "bodies", "has_menu", "joined", "mended", "menu", "words"]

_LONGEST_ITEM = 60  # bytes; an item is one line, and a scale may have thirteen of them


class Item(Value):
    """One line to tap: what comes back, and what is read."""

    id: str
    content: str


class Menu(Value):
    """A clickable menu (`msgmenu`): words, lines to tap, words."""

    head: str
    items: tuple[Item, ...]
    tail: str = ""


class Words(Value):
    """A text."""

    content: str


class Filled(Value):
    """A notice, of either kind: its template, the values of its fields, the page that a tap opens."""

    kind: SendMethod
    template: str
    values: Mapping[str, str]
    url: str = ""


Body = Menu | Words | Filled


def has_menu(prompt: Prompt) -> bool:
    """Return whether there is anything to tap."""
    return bool(_items(prompt))


def menu(message: OutboxMessage) -> tuple[Body, ...]:
    """Say it with lines to tap below; a long closure in several messages, the lines below the last."""
    *before, last = _pieces(message)
    return (*map(Words, before), Menu(last, _items(message.prompt), _tail(message.prompt)))


def words(message: OutboxMessage) -> tuple[Words, ...]:
    """Say it as text, with how to answer by typing; a long closure in several messages."""
    *before, last = _pieces(message)
    return (*map(Words, before), Words(_paragraphs(last, _typed(message.prompt))))


def bodies(
    message: OutboxMessage, step: SendMethod, template: Notice | None, facts: Mapping[str, str]
) -> tuple[Body, ...]:
    """Write what goes this way; raises Unfit for a notice of which a field would be empty."""
    match step:
        case SendMethod.MENU:
            return menu(message)
        case SendMethod.TEXT:
            return words(message)
        case SendMethod.GRANT | SendMethod.TEMPLATE:
            return (_notice(message, step, template or Notice(""), facts),)


def mended(message: OutboxMessage, body: Body, problem: str) -> Body | None:
    """Return what was not taken without what it was refused for; None where nothing can be left out."""
    match body:
        case Words(content) if not _is_written(message):
            return Words(ending(content, size(content) // 2))
        case Filled(values=values):
            key = named(problem)
            plain = plainer(key, values[key]) if key in values else None
            return None if plain is None else replace(body, values={**values, key: plain})
        case Words() | Menu():
            return None


def joined(messages: Iterable[OutboxMessage]) -> tuple[str, int]:
    """Return the text that says the first of these messages together, and how many it says; a text holds no more."""
    text, count = "", 0
    for message in messages:
        said = words(message)
        longer = _paragraphs(text, said[0].content)
        if len(said) > 1 or size(longer) > LONGEST:
            break
        text, count = longer, count + 1
    return text, count


def _notice(message: OutboxMessage, step: SendMethod, template: Notice, facts: Mapping[str, str]) -> Filled:
    page = message.prompt.link.url if message.prompt.link else ""
    return Filled(step, template.template, filled(template, facts), page)


def _pieces(message: OutboxMessage) -> tuple[str, ...]:
    """Cut for both forms alike, so that a message begun in one can be ended in the other.

    What a person wrote is never shortened, for it reaches the customer whole; of all else the end matters most.
    """
    prompt = message.prompt
    text, room = neutral(prompt.text).strip(), LONGEST - max(size(_below(prompt)), size(_typed(prompt))) - 2
    return split(text, room) if _is_written(message) else (ending(text, room),)


def _is_written(message: OutboxMessage) -> bool:
    """Return whether it carries the team's own words: that it is done, how it goes, a question."""
    return message.purpose is Purpose.CLOSURE or is_about(message.about, RefKind.ISSUE)


def _below(prompt: Prompt) -> str:
    """Return what stands below the words of a menu, for its size."""
    return "\n".join((*(item.content for item in _items(prompt)), _tail(prompt)))


def _items(prompt: Prompt) -> tuple[Item, ...]:
    """Return the lines to tap, without Stop: lines stand close together, and a mistaken tap would end everything."""
    choices = (choice for row in prompt.rows for choice in row if not _stops(choice))
    return tuple(Item(MENU_ITEM_ID.encode(choice.means), _line(choice)) for choice in choices)


def _stops(choice: Choice) -> bool:
    return choice.means.verb is Verb.STOP


def _tail(prompt: Prompt) -> str:
    """Say below the lines how to stop, and where the page is."""
    return _paragraphs(_how_to_stop(prompt), _page(prompt.link))


def _how_to_stop(prompt: Prompt) -> str:
    return neutral("\n".join(choice.word for row in prompt.rows for choice in row if _stops(choice)))


def _line(choice: Choice) -> str:
    return cut(neutral(f"{choice.label} {choice.word}").strip(), _LONGEST_ITEM)


def _typed(prompt: Prompt) -> str:
    return _paragraphs("\n".join(filter(None, (neutral(prompt.typed), _how_to_stop(prompt)))), _page(prompt.link))


def _page(link: Link | None) -> str:
    return f"{neutral(link.label)}\n{link.url}".strip() if link else ""


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
