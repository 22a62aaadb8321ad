"""What each failure of the robot means, and that none of them shows its key."""

import asyncio
import logging
import socket

import pytest

from bot.channels.wecom.channel import RobotChannel, examine_robot
from bot.channels.wecom.present import Mentions
from bot.channels.wecom.robot_api import RobotApi
from bot.ports import Delivery, Refused, Retry, Sent, Unknown
from bot.process.system import SystemClock
from scoring.values import replace
from tests.channels.wecom.alerts import alert
from tests.support.wechat import Cut, FakeWeChat, Fault, Garbled, Http, Refuse, Robot, Silent, Slow

PATH = "webhook/send"


def meaning(outcome: Delivery) -> str:
    """Put an outcome in a word or two."""
    match outcome:
        case Retry(pauses_all=True):
            return "retry, and pause"
        case Refused(alarm=alarm):
            return f"refused: {alarm}"
        case _:
            return type(outcome).__name__.lower()


@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        (Refuse(45009), "retry, and pause"),
        (Refuse(130101), "retry, and pause"),
        (Refuse(-1), "retry"),
        (Refuse(93000), "refused: wecom.robot_url"),
        (Refuse(93004), "refused: wecom.robot_url"),
        (Refuse(60020), "refused: wecom.robot_url"),
        (Http(502), "retry"),
        (Http(504), "unknown"),
        (Garbled(), "unknown"),
        (Cut(done=True), "unknown"),
        (Silent(), "unknown"),
    ],
    ids=repr,
)
async def test_each_failure_says_what_to_do(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, fault: Fault, meant: str
) -> None:
    wechat.faults.plant(fault, PATH)
    outcome = await channel.send(alert(), "")
    assert meaning(outcome) == meant
    assert robot.key not in repr(outcome)


async def test_whoever_failed_before_waits_longer(channel: RobotChannel, wechat: FakeWeChat) -> None:
    wechat.faults.plant(Http(502), PATH, times=None)
    waits = []
    for attempts in (0, 1, 3, 50):
        outcome = await channel.send(replace(alert(), attempts=attempts), "")
        assert isinstance(outcome, Retry)
        waits.append(outcome.after)
    assert waits == [1, 2, 8, 60]


async def test_a_doubt_is_repeated_soon_once_and_then_with_patience(channel: RobotChannel, wechat: FakeWeChat) -> None:
    wechat.faults.plant(Garbled(), PATH, times=None)
    assert isinstance(await channel.send(alert(), ""), Unknown)
    again = await channel.send(replace(alert(), attempts=4), "")
    assert again == Retry(16, "HTTP 200, but not WeCom's words")


async def test_a_card_that_arrived_is_not_sent_again_because_its_call_failed(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat
) -> None:
    wechat.faults.plant(Slow(0.2), PATH)
    sending = asyncio.ensure_future(channel.send(alert(), ""))
    await wechat.until(lambda: robot.notices or None)
    wechat.faults.plant(Refuse(45009), PATH)
    assert isinstance(await sending, Sent)
    assert [notice.kind for notice in robot.notices] == ["template_card"]
    now = SystemClock().monotonic()
    assert channel.rate_limit.ready_at("robot", now) > now + 50


async def test_where_nobody_listens_nothing_is_in_doubt() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api = RobotApi(f"http://127.0.0.1:{taken.getsockname()[1]}/send?key=secret-key-1")
        channel = RobotChannel(api, Mentions(), lambda key, **_: key, SystemClock())
        outcome = await channel.send(alert(), "")
        await channel.close()
    assert isinstance(outcome, Retry)
    assert "secret-key-1" not in repr(outcome)


async def test_after_closing_nothing_leaves(channel: RobotChannel, robot: Robot) -> None:
    await channel.close()
    assert isinstance(await channel.send(alert(), ""), Retry)
    assert robot.notices == []


async def test_no_failure_puts_the_key_into_a_log(
    channel: RobotChannel, robot: Robot, wechat: FakeWeChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (Http(500), Garbled(), Cut(done=False), Refuse(93000), Refuse(40058)):
        wechat.faults.plant(fault, PATH)
        await channel.send(alert(), "")
    assert robot.key not in caplog.text


async def test_nobody_opens_a_chat_with_a_robot(channel: RobotChannel) -> None:
    with pytest.raises(LookupError, match="for the team"):
        await channel.binding("token", SystemClock().now())


async def test_the_doctor_tells_a_wrong_key_from_a_right_one_and_shows_nothing_in_the_group(
    robot: Robot, wechat: FakeWeChat
) -> None:
    assert [problem async for problem in examine_robot(robot.url)] == []
    (wrong,) = [problem async for problem in examine_robot(robot.url.replace(robot.key, "another-key-000"))]
    assert wrong.key == "wecom.robot_url"
    assert "another-key-000" not in f"{wrong.key} {wrong.what} {wrong.fix}"
    assert robot.notices == []
    assert [v.rule[:5] for v in wechat.violations] == ["44004"]


async def test_the_doctor_says_that_wecom_cannot_be_reached() -> None:
    (found,) = [problem async for problem in examine_robot("http://127.0.0.1:1/send?key=another-key-000")]
    assert "cannot be reached" in found.what
