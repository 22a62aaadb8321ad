"""Who goes next: in order within a chat, and nothing waits for what stands behind it."""

from datetime import UTC, datetime

from bot.delivery.queue import SendQueue
from dialogs.messages import Prompt
from storage.model.records import OutboxMessage, Purpose

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def _message(key: str, edits: str | None = None) -> OutboxMessage:
    purpose = Purpose.REPLY if edits else Purpose.REMINDER
    return OutboxMessage(key, "telegram", "10001", purpose, Prompt("…"), NOW, NOW, edits=edits)


def _picked(queue: SendQueue) -> list[str]:
    return [message.id for message in queue.pick(1, NOW, 0.0)]


def test_a_question_that_comes_in_after_its_edit_still_goes_first() -> None:
    queue = SendQueue({})
    edit = _message("edit", edits="question")
    queue.add([edit], NOW, 0.0)  # a tap that waited for the start is heard before the outbox is read
    queue.add([_message("question")], NOW, 0.0)
    assert _picked(queue) == ["edit"]
    queue.again(edit, NOW, 0.0)  # its claim says: not before the question
    assert _picked(queue) == ["question"]
    queue.done(_message("question"), NOW, 0.0)
    assert _picked(queue) == ["edit"]


def test_a_chat_is_written_to_in_order_and_by_one_message_at_a_time() -> None:
    queue = SendQueue({})
    queue.add([_message("first"), _message("second")], NOW, 0.0)
    assert [_picked(queue), _picked(queue)] == [["first"], []]
    queue.done(_message("first"), NOW, 0.0)
    assert _picked(queue) == ["second"]
