"""Who goes next: in order within a chat, and nothing waits for what stands behind it."""

from datetime import UTC, datetime

from bot.delivery.queue import SendQueue
from dialogs.messages import Prompt
from storage.model.records import OutboxMessage, Purpose

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def _message(key: str, edits: str | None = None) -> OutboxMessage:
    purpose = Purpose.REPLY if edits else Purpose.REMINDER
    return OutboxMessage(key, "telegram", "10001", purpose, Prompt("…"), NOW, NOW, edits=edits)


def _picked(mailroom: SendQueue) -> list[str]:
    return [message.id for message in mailroom.pick(1, NOW, 0.0)]


def test_a_question_that_comes_in_after_its_edit_still_goes_first() -> None:
    mailroom = SendQueue({})
    edit = _message("edit", edits="question")
    mailroom.add([edit], NOW, 0.0)  # a tap that waited for the start is heard before the outbox is read
    mailroom.add([_message("question")], NOW, 0.0)
    assert _picked(mailroom) == ["edit"]
    mailroom.again(edit, NOW, 0.0)  # its claim says: not before the question
    assert _picked(mailroom) == ["question"]
    mailroom.done(_message("question"), NOW, 0.0)
    assert _picked(mailroom) == ["edit"]


def test_a_chat_is_written_to_in_order_and_by_one_message_at_a_time() -> None:
    mailroom = SendQueue({})
    mailroom.add([_message("first"), _message("second")], NOW, 0.0)
    assert [_picked(mailroom), _picked(mailroom)] == [["first"], []]
    mailroom.done(_message("first"), NOW, 0.0)
    assert _picked(mailroom) == ["second"]
