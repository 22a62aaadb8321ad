"""The sandbox: a channel whose chats, customers' phones and the team's group, are drawn on the console's page.

What the page shows is read from the database, so it survives a restart; only toasts are kept in memory.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

import msgspec

from bot.channels.button_data import json_codec
from bot.channels.webhooks import MalformedDelivery
from bot.ports import Binding, Delivery, Parsed, Sent, Toast
from dialogs.messages import Address, Inbound, Joined, Person, Said, Tap, Text, Verb
from storage.model.records import OutboxMessage

__all__ = [
    "BUTTON",
    "PHONE",
    "PHONE_PATTERN",
    "SANDBOX_CHANNEL",
    "TEAM",
    "Action",
    "SandboxChannel",
    "parse_action",
    "read_action",
    "source_of",
]

SANDBOX_CHANNEL = "sandbox"
PHONE = Address(SANDBOX_CHANNEL, "phone")
"""The chat of the first customer; each further one has a phone of their own, such as `phone-1a2b3c4d`."""
PHONE_PATTERN = r"^phone(-[a-z0-9]{1,16})?$"
TEAM = Address(SANDBOX_CHANNEL, "team")
"""The team's group."""

BUTTON = json_codec("button", 800)
"""The bytes of a button: the 200 characters that `Action.tap` takes, of four bytes at most."""

_TOASTS_KEPT = 50
_START = "/start"

_Short = Annotated[str, msgspec.Meta(max_length=64)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person did on the page: typed `text`, or tapped `tap` under `message`; `id` is theirs and unique."""

    id: _Id
    chat: Annotated[str, msgspec.Meta(pattern=f"{PHONE_PATTERN}|^team$")]
    person: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    name: _Short = ""
    locale: _Short = ""
    text: Annotated[str, msgspec.Meta(max_length=4096)] = ""
    replies_to: _Short = ""
    tap: Annotated[str, msgspec.Meta(max_length=200)] = ""
    message: _Short = ""


_ACTION = msgspec.json.Decoder(Action)


def read_action(raw: bytes) -> Action:
    """Return what a person did on the page; raises MalformedDelivery."""
    try:
        action = _ACTION.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise MalformedDelivery(str(error)) from error
    if any("\0" in str(value) for value in msgspec.structs.astuple(action)):
        raise MalformedDelivery("the text holds a NUL character")
    return action


def parse_action(raw: bytes, now: datetime) -> Parsed:
    """Return what was done on the page as an Inbound; raises MalformedDelivery."""
    action = read_action(raw)
    key, person = f"{SANDBOX_CHANNEL}:{action.id}", Person(action.person, action.name, action.locale)
    message, callback = (action.message, action.id) if action.tap else (key, "")
    place, said = Address(SANDBOX_CHANNEL, action.chat), _said(action)
    return Parsed(key, Inbound(key, place, person, now, said, message=message, callback=callback))


def _said(action: Action) -> Said:
    if action.tap:
        return BUTTON.decode(action.tap) or Tap(Verb.BACK, "")
    command, _, token = action.text.strip().partition(" ")
    if command == _START and token and action.chat != TEAM.chat:
        return Joined(token.strip())
    return Text(action.text, action.replies_to)


def source_of(parsed: Parsed) -> str:
    """Return where an action is stored as coming from; the transcript of a chat is found by it."""
    return f"{SANDBOX_CHANNEL}:{parsed.inbound.place.chat}" if parsed.inbound is not None else SANDBOX_CHANNEL


class SandboxChannel:
    """A channel whose messages always arrive: one is shown as soon as the database holds it as sent."""

    name = SANDBOX_CHANNEL

    def __init__(self, public_url: str) -> None:
        """Make binding links with this address."""
        self._public_url = public_url
        self._toasts: dict[str, Toast] = {}
        self.closed = False

    @property
    def toasts(self) -> Mapping[str, Toast]:
        """Return the last answers to pressed buttons, by the action's id."""
        return self._toasts

    async def send(self, message: OutboxMessage, edits: str) -> Delivery:
        """Return that it was sent; a message keeps the receipt under which it first appeared."""
        return Sent(edits or message.id)

    async def acknowledge(self, callback: str, text: str, *, alert: bool) -> None:
        """Keep the answer to a pressed button, for the page to show."""
        self._toasts[callback] = Toast(callback, text, alert)
        while len(self._toasts) > _TOASTS_KEPT:
            del self._toasts[next(iter(self._toasts))]

    async def binding(self, token: str, expires_at: datetime) -> Binding:
        """Return the page's address; it types `/start` and the token on the phone."""
        del expires_at  # the page stays; the token ends
        url = f"{self._public_url}/console/sandbox?start={quote(token)}"
        return Binding(url, url)

    async def close(self) -> None:
        """Close the channel, so that the streams of open pages end and the server can stop."""
        self.closed = True
