"""A campaign's messages leave evenly, counted from when they really left, and keep nobody else waiting."""

from datetime import UTC, datetime

from bot.channels.telegram.rate_limits import RateLimiter, RateLimits
from bot.delivery.queue import SendQueue
from dialogs.messages import Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
MINUTE = 60.0
NEVER = range(0)


def _message(number: int, campaign: str = "cam_a", per_minute: int = 60) -> OutboxMessage:
    key = f"{campaign}-{number}"
    one = OutboxMessage(key, "telegram", key, Purpose.CAMPAIGN, Prompt("…"), NOW, NOW)
    return replace(one, campaign=campaign, per_minute=per_minute)


def _left(queue: SendQueue, until: float, stalls: range = NEVER) -> list[float]:
    """Run the queue as the sender does and return when messages left; it sleeps through `stalls`."""
    left, moment = [], 0.0
    while moment <= until:
        if int(moment) not in stalls:
            for message in queue.pick(256, NOW, moment):
                left.append(moment)
                queue.done(message, NOW, moment)
        moment += 0.01
    return left


def _busiest(left: list[float], seconds: float) -> int:
    return max(sum(first <= other < first + seconds for other in left) for first in left)


def test_in_no_sliding_minute_more_leave_than_allowed_even_after_a_stall() -> None:
    for per_minute in (1, 7, 60, 600):
        queue = SendQueue({})
        queue.add([_message(number, per_minute=per_minute) for number in range(2000)], NOW, 0.0)
        left = _left(queue, 150, stalls=range(20, 75))
        assert _busiest(left, MINUTE) <= per_minute
        assert _busiest(left, 1.0) <= max(1, per_minute // 60)
        assert len(left) >= per_minute * 95 // 60 * 0.9


def test_two_campaigns_have_a_lane_each_and_the_channels_limit_holds_over_both() -> None:
    limits = RateLimits(rate=5, chat_rate=1, chat_burst=5)
    queue = SendQueue({"telegram": RateLimiter(limits)})
    for campaign in ("cam_a", "cam_b"):
        queue.add([_message(number, campaign, 240) for number in range(100)], NOW, 0.0)
    left = _left(queue, 10)
    assert _busiest(left, 1.0) == limits.rate


def test_a_reply_overtakes_a_campaign() -> None:
    queue = SendQueue({"telegram": RateLimiter(RateLimits(rate=2))})
    queue.add([_message(number, per_minute=6000) for number in range(20)], NOW, 0.0)
    _left(queue, 1.0)
    reply = OutboxMessage("reply", "telegram", "someone", Purpose.REPLY, Prompt("…"), NOW, NOW)
    queue.add([reply], NOW, 1.0)
    moment, picked = 1.0, list[OutboxMessage]()
    while not picked:
        moment += 0.01
        picked = queue.pick(1, NOW, moment)
    assert picked == [reply] or queue.pick(1, NOW, moment + 0.6) == [reply]
