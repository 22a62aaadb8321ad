"""Who goes next: in order within a chat, and nothing waits for what stands behind it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.queue import SendQueue, Unpaced
from dialogs.messages import Prompt
from scoring.values import replace
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


# -- places for new messages, and what a channel makes of a crowd ----------------------------------------------------

LATER, CHANNEL = timedelta(minutes=5), "telegram"


def _to(key: str, chat: str = "10001", purpose: Purpose = Purpose.REPLY) -> OutboxMessage:
    return OutboxMessage(key, CHANNEL, chat, purpose, Prompt("…"), NOW, NOW)


@pytest.mark.parametrize(
    "message",
    [
        replace(_to("new"), not_before=NOW + LATER),
        replace(_to("new"), expires_at=NOW),
        replace(_to("new"), campaign="cam_a"),
        replace(_to("new"), per_minute=60),
    ],
)
def test_no_place_is_kept_for_what_may_not_go_at_once(message: OutboxMessage) -> None:
    assert SendQueue({}).reserve([message], 9, NOW, 0.0) == []
    assert SendQueue({}, merging={CHANNEL}).reserve([_to("new")], 9, NOW, 0.0) == []


def test_a_place_is_kept_for_one_message_of_a_chat_and_for_no_more_than_there_is_room() -> None:
    queue = SendQueue({})
    fresh = [_to("a1", "a"), _to("a2", "a"), _to("b1", "b"), _to("c1", "c")]
    assert queue.reserve(fresh, 2, NOW, 0.0) == ["a1", "b1"]
    assert len(queue) == 2
    assert not queue.has_waiting


def test_what_has_a_place_overtakes_nobody() -> None:
    waiting, busy = SendQueue({}), SendQueue({})
    waiting.add([_to("first")], NOW, 0.0)
    assert waiting.reserve([_to("new"), _to("other", "b")], 9, NOW, 0.0) == []
    busy.add([_to("first")], NOW, 0.0)
    assert _picked(busy) == ["first"]
    assert busy.reserve([_to("new"), _to("other", "b")], 9, NOW, 0.0) == ["other"]


def test_of_the_edits_of_one_message_the_last_has_the_place() -> None:
    edits = [replace(_to(f"e{number}"), edits="root") for number in range(3)]
    assert SendQueue({}).reserve(edits, 9, NOW, 0.0) == ["e2"]


def test_a_place_that_is_given_back_lets_the_chat_go_on() -> None:
    queue = SendQueue({})
    new = _to("new")
    assert queue.reserve([new], 9, NOW, 0.0) == ["new"]
    queue.add([_to("next")], NOW, 0.0)
    assert _picked(queue) == []
    queue.done(new, NOW, 0.0)
    assert _picked(queue) == ["next"]


@pytest.mark.parametrize(("waiting", "goes"), [(1, 1), (3, 1), (4, 4), (20, 20), (21, 20)])
def test_a_crowd_for_one_chat_goes_together_where_the_channel_merges(waiting: int, goes: int) -> None:
    queue, alone = SendQueue({}, merging={CHANNEL}), SendQueue({})
    for one in (queue, alone):
        one.add([_to(f"m{number:02}") for number in range(waiting)], NOW, 0.0)
    assert [one.id for one in queue.pick(256, NOW, 0.0)] == [f"m{number:02}" for number in range(goes)]
    assert len(alone.pick(256, NOW, 0.0)) == 1


def test_a_crowd_takes_no_more_than_there_is_room_and_leaves_what_is_not_due() -> None:
    queue = SendQueue({}, merging={CHANNEL})
    late = replace(_to("late"), not_before=NOW + LATER)
    queue.add([*(_to(f"m{number}") for number in range(6)), late], NOW, 0.0)
    picked = queue.pick(5, NOW, 0.0)
    assert [one.id for one in picked] == ["m0", "m1", "m2", "m3", "m4"]
    for one in picked:
        queue.done(one, NOW, 0.0)
    assert _picked(queue) == ["m5"]
    queue.done(_to("m5"), NOW, 0.0)
    assert (_picked(queue), queue.next_at(0.0)) == ([], LATER.total_seconds())


@pytest.mark.parametrize(
    "order",
    [
        (Purpose.REPLY, Purpose.ALERT, Purpose.SURVEY, Purpose.CLOSURE, Purpose.CAMPAIGN),
        (Purpose.REPLY, Purpose.ALERT, Purpose.REMINDER, Purpose.CLOSURE, Purpose.CAMPAIGN),
    ],
)
def test_answers_go_first_then_the_teams_cards_then_asks_then_closures(order: tuple[Purpose, ...]) -> None:
    queue = SendQueue({})
    queue.add([_to(each.value, each.value, each) for each in reversed(order)], NOW, 0.0)
    assert [one.purpose for one in queue.pick(9, NOW, 0.0)] == [*order]


def test_a_channel_that_asked_for_a_pause_rests_and_no_other() -> None:
    queue = SendQueue({CHANNEL: Unpaced(), "sandbox": Unpaced()})
    queue.add([_to("held"), replace(_to("free"), channel="sandbox")], NOW, 0.0)
    queue.pause(CHANNEL, 30.0)
    queue.pause(CHANNEL, 10.0)  # a shorter one does not end it
    assert [one.id for one in queue.pick(9, NOW, 0.0)] == ["free"]
    assert queue.next_at(0.0) == 30.0
    assert queue.pick(9, NOW, 29.9) == []
    assert [one.id for one in queue.pick(9, NOW, 30.0)] == ["held"]


def test_known_messages_are_taken_in_once() -> None:
    queue = SendQueue({})
    for _ in range(3):
        queue.add([_to("m")], NOW, 0.0)
    assert len(queue) == 1
