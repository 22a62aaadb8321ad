"""Who goes next where a channel makes one message of a crowd; everywhere else one goes after the other."""

from datetime import timedelta

import pytest

from bot.delivery.queue import SendQueue
from scoring.values import replace
from storage.model.records import OutboxMessage
from tests.channels.wecom.alerts import numbered
from tests.dialogs.samples import NOW

FREE = 64


def waiting(count: int, channel: str = "wecom") -> list[OutboxMessage]:
    return [replace(message, channel=channel) for message in numbered(count)]


def room(messages: list[OutboxMessage]) -> SendQueue:
    queue = SendQueue({}, {"wecom"})
    queue.add(messages, NOW, 0.0)
    return queue


@pytest.mark.parametrize(("count", "together"), [(1, 1), (3, 1), (4, 4), (20, 20), (50, 20)])
def test_four_that_wait_go_together_and_twenty_at_most(count: int, together: int) -> None:
    assert len(room(waiting(count)).pick(FREE, NOW, 0.0)) == together


def test_elsewhere_one_goes_after_the_other() -> None:
    assert len(room(waiting(9, channel="telegram")).pick(FREE, NOW, 0.0)) == 1


def test_a_crowd_takes_no_more_room_than_there_is() -> None:
    assert len(room(waiting(9)).pick(5, NOW, 0.0)) == 5


def test_what_shall_wait_goes_with_no_crowd() -> None:
    messages = waiting(6)
    messages[4] = replace(messages[4], not_before=NOW + timedelta(minutes=1))
    assert room(messages).pick(FREE, NOW, 0.0) == messages[:4]


def test_the_next_goes_when_the_whole_crowd_has_landed() -> None:
    messages = waiting(21)
    queue = room(messages)
    crowd = queue.pick(FREE, NOW, 0.0)
    for message in crowd[:-1]:
        queue.done(message, NOW, 0.0)
        assert queue.pick(FREE, NOW, 0.0) == []
    queue.done(crowd[-1], NOW, 0.0)
    assert queue.pick(FREE, NOW, 0.0) == [messages[20]]
    queue.done(messages[20], NOW, 0.0)
    assert (len(queue), queue.next_at(0.0)) == (0, None)


def test_what_fails_keeps_its_place_while_others_of_its_crowd_are_done() -> None:
    messages = waiting(5)
    queue = room(messages)
    queue.pick(FREE, NOW, 0.0)
    for place in (3, 0, 4):
        queue.done(messages[place], NOW, 0.0)
    for place in (2, 1):
        queue.again(replace(messages[place], attempts=1), NOW, 0.0)
    (first,) = queue.pick(FREE, NOW, 0.0)
    assert (first.id, first.attempts) == (messages[1].id, 1)
    queue.done(first, NOW, 0.0)
    assert [message.id for message in queue.pick(FREE, NOW, 0.0)] == [messages[2].id]
