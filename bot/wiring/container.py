"""What the process is made of, put together once: store, writer, channels, and those who work with them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.channels.sandbox import SandboxChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import connect as connect_telegram
from bot.channels.web import WebChannel
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.outbound.message_quota import WechatBooks
from bot.channels.wecom import RobotChannel
from bot.chat_migrations import Moves
from bot.delivery.queue import Mailroom, Pace
from bot.delivery.rate_limits import Limits, Pacer, Unpaced
from bot.delivery.sender import Sender
from bot.jobs.admin_queries import AdminDesk
from bot.jobs.alarm_messages import tell_team
from bot.jobs.campaigns import Campaigning
from bot.jobs.data_requests import attach, waking
from bot.jobs.rules_reload import RuleWatch, keep_calendar
from bot.ports import Channel, MessageQuota
from bot.process.after_commit import AfterCommit
from bot.process.alarms import Alarms
from bot.process.clock import SystemClock
from bot.process.randomness import SystemDice
from bot.process.scheduler import Ticks
from bot.receiver import Receiver
from bot.wiring.policy import channels_of
from bot.wiring.services import Desk, open_desk
from bot.wiring.team import connect_others, connect_robot
from bot.wiring.wechat import WechatDependencies, connect_wechat
from config.settings.settings import Settings, TelegramSettings, WechatSettings
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer

__all__ = ["Parts", "open_parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a role may need."""

    settings: Settings
    desk: Desk
    clock: SystemClock
    dice: SystemDice
    store: Store
    writer: Writer
    reader: Reader
    channels: dict[str, Channel]
    telegram: TelegramChannel | None
    sandbox: SandboxChannel | None
    wechat: WechatChannel | None
    alarms: Alarms
    receiver: Receiver
    sender: Sender
    ticks: Ticks
    after_commit: AfterCommit
    rule_watch: RuleWatch


@asynccontextmanager
async def open_parts(settings: Settings, batch_limit: int = 200) -> AsyncIterator[Parts]:
    """Open the database and connect the channels; whatever happens, all is closed again."""
    clock, moves = SystemClock(), Moves()
    telegram = _telegram(settings.telegram)
    sandbox = SandboxChannel(settings.http.public_url) if "sandbox" in channels_of(settings) else None
    channels: dict[str, Channel] = {channel.name: channel for channel in (telegram, sandbox) if channel is not None}
    after_commit, alarms = AfterCommit(channels, moves), Alarms(clock)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_close, channels)
        opened = open_desk(settings, batch_limit, after_commit, moves, _books(settings.wechat))
        desk = await stack.enter_async_context(opened)
        dice, store, writer, reader, receiver = desk.dice, desk.store, desk.writer, desk.reader, desk.receiver
        policy = receiver.policy
        around = WechatDependencies(writer, receiver, clock, dice, alarms, policy.links)
        wechat = connect_wechat(settings.wechat, around)
        robot = connect_robot(settings, policy.phrases, clock)
        others = (wechat, robot, connect_others(settings), WebChannel(policy.links))
        channels |= {channel.name: channel for channel in others if channel is not None}
        if wechat is not None:
            await wechat.start()
        if telegram is not None:
            telegram.attach = lambda request: attach(reader, request, clock.now())
        mailroom = Mailroom(_pacers(settings.telegram, robot), merging={"wecom"})
        sender = Sender(channels, receiver.settle, store, writer, mailroom, clock, alarms, moves)
        campaigning = Campaigning(receiver, reader.campaigns, alarms, clock)
        ticks = Ticks(reader.due, reader.next_wake, waking(desk, campaigning.wake), clock)
        after_commit.poke_sender, after_commit.expect = sender.poke, ticks.expect
        alarms.tell = tell_team(receiver)
        receiver.bring = AdminDesk(receiver, reader, channels, clock, dice).bring
        keep = keep_calendar(receiver, reader.campaigns)
        rule_watch = RuleWatch(desk.rule_source, desk.rules, receiver, alarms, keep)
        yield Parts(
            settings, desk, clock, dice, store, writer, reader, channels, telegram, sandbox, wechat,
            alarms, receiver, sender, ticks, after_commit, rule_watch,
        )  # fmt: skip


def _telegram(settings: TelegramSettings) -> TelegramChannel | None:
    if settings.token is None:
        return None
    return connect_telegram(settings.token.get_secret_value(), settings.api_base)


def _books(settings: WechatSettings) -> dict[str, MessageQuota]:
    return {"wechat": WechatBooks(settings.subscribe_template_id or "")} if settings.app_id is not None else {}


def _pacers(settings: TelegramSettings, robot: RobotChannel | None) -> dict[str, Pace]:
    limits = Limits(settings.rate, settings.chat_rate, settings.chat_burst, int(settings.group_rate))
    pacers: dict[str, Pace] = {"telegram": Pacer(limits), "wechat": Unpaced(), "notify": Unpaced()}
    return pacers if robot is None else {**pacers, "wecom": robot.allowance}


async def _close(channels: Mapping[str, Channel]) -> None:
    for channel in channels.values():
        await channel.close()
