"""What customers read in WeChat and on the page, as lines of text that are held against files."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.wechat.outbound.present import (
    MenuMessage,
    NoticeMessage,
    PictureMessage,
    TextMessage,
    menu_messages,
    text_messages,
)
from storage.model.records import OutboxMessage
from tests.support.web.house import House
from tests.support.web.survey_pages import messages

__all__ = ["below", "hold", "new_lines"]


def hold(file: Path, lines: list[str]) -> None:
    """Hold what is read against a file; with `REWRITE=1` write it anew."""
    told = "\n".join(lines) + "\n"
    if os.environ.get("REWRITE"):
        file.write_text(told, "utf-8")
    assert told == file.read_text("utf-8")


def below(text: str) -> Iterator[str]:
    """Yield the lines of a text, set in."""
    yield from (f"    {line}".rstrip() for line in text.splitlines() if line.strip())


async def new_lines(house: House, seen: set[str], *, is_menu: bool) -> list[str]:
    """Return what the phone has got besides the messages `seen`, as lines, and add those to `seen`."""
    fresh = [message for message in await messages(house) if message.id not in seen and message.prompt.text]
    seen |= {message.id for message in fresh}
    ours = [message for message in fresh if message.address.chat == "phone"]
    return [line for one in ours for part in _drawn(one, is_menu=is_menu) for line in below(part)]


def _drawn(message: OutboxMessage, *, is_menu: bool) -> Iterator[str]:
    """Yield a message as the customer reads it in WeChat: its text, the lines to tap, and what stands below them."""
    for body in menu_messages(message) if is_menu else text_messages(message):
        match body:
            case MenuMessage(head, items, tail):
                yield from (head, *(f"[{item.content}]" for item in items), tail)
            case TextMessage(content):
                yield content
            case NoticeMessage() | PictureMessage():
                pytest.fail("nothing of a survey goes by notice while the window is open")
