"""What the sandbox's page shows, as JSON: both chats from the database, what waits, and the last answers to presses."""

import msgspec

from bot.channels.sandbox.channel import BUTTON, PHONE, TEAM, Action, read_action
from bot.handlers.common.tombstones import tombstone_hash
from bot.http.context import Web
from dialogs.messages import Address, FileRef, Prompt
from storage.model.records import Purpose
from storage.reads.reader import TranscriptLine

__all__ = ["state_of"]

_SHOWN = 200
"""How many lines of a chat are shown, the newest."""


class _Key(msgspec.Struct, frozen=True):
    label: str
    tap: str


class _Link(msgspec.Struct, frozen=True):
    label: str
    url: str


class _File(msgspec.Struct, frozen=True):
    """A file that goes with a message, at an address below that of the page."""

    name: str
    url: str
    is_picture: bool


class _Line(msgspec.Struct, frozen=True):
    """One message; `by` is who said it, empty for us; `mentions` is whom a question is put to.

    `words` of the text lead to a page; a message that `tells` is the one that brings a customer the outcome.
    """

    id: str
    at: str
    text: str
    by: str = ""
    name: str = ""
    rows: tuple[tuple[_Key, ...], ...] = ()
    link: _Link | None = None
    asks: str = ""
    mentions: str = ""
    replies_to: str = ""
    words: _Link | None = None
    tells: bool = False
    file: _File | None = None


class _Toast(msgspec.Struct, frozen=True):
    callback: str
    text: str
    alert: bool


class _Waiting(msgspec.Struct, frozen=True):
    """A low rating becomes a card at `until`; it waits for so many seconds in all."""

    until: str
    seconds: float


class _State(msgspec.Struct, frozen=True):
    """`erased`: the customer of this phone was forgotten, so that nobody is asked on it any more."""

    chats: dict[str, tuple[_Line, ...]]
    toasts: tuple[_Toast, ...]
    waiting: _Waiting | None
    erased: bool


async def state_of(web: Web, phone: Address) -> str:
    """Return everything that the page shows with this customer's phone, as JSON text."""
    chats = {name: await web.reader.transcript(place) for name, place in ((PHONE.chat, phone), (TEAM.chat, TEAM))}
    shown = {chat: tuple(filter(None, map(_line, spoken[-_SHOWN:]))) for chat, spoken in chats.items()}
    policy, settling = web.receiver.policy, await web.reader.settling(phone)
    at = settling.settle_at if settling is not None else None
    waiting = _Waiting(at.isoformat(), policy.settle.total_seconds()) if at is not None else None
    erased = await web.reader.tombstone(tombstone_hash(policy, phone.channel, phone.chat))
    toasts = web.simulated.toasts.values() if web.simulated else ()
    told = tuple(_Toast(toast.callback, toast.text, toast.alert) for toast in toasts)
    return msgspec.json.encode(_State(shown, told, waiting, erased)).decode()


def _line(spoken: TranscriptLine) -> _Line | None:
    """Return one line, None for a press."""
    if spoken.prompt is not None:
        return _ours(spoken, spoken.prompt)
    action = read_action(spoken.raw)
    return None if action.tap else _theirs(spoken, action)


def _theirs(spoken: TranscriptLine, action: Action) -> _Line:
    text = "/start" if action.text.startswith("/start ") else action.text  # what follows is the binding's secret
    return _Line(spoken.receipt, spoken.at.isoformat(), text, action.person, action.name, replies_to=action.replies_to)


def _ours(spoken: TranscriptLine, prompt: Prompt) -> _Line:
    return _Line(
        id=spoken.receipt,
        at=spoken.at.isoformat(),
        text=prompt.text,
        rows=tuple(tuple(_Key(choice.label, BUTTON.encode(choice.means)) for choice in row) for row in prompt.rows),
        link=_Link(prompt.link.label, prompt.link.url) if prompt.link else None,
        asks=prompt.asks,
        mentions=prompt.mentions.id if prompt.mentions else "",
        replies_to=prompt.replies_to,
        words=_Link(prompt.text_link.label, prompt.text_link.url) if prompt.text_link else None,
        tells=spoken.purpose is Purpose.CLOSURE,
        file=_shown_file(prompt.file),
    )


def _shown_file(file: FileRef | None) -> _File | None:
    if file is None or file.page is None:
        return None
    return _File(file.name, "/a/" + file.page.url.rpartition("/")[2], file.is_picture)
