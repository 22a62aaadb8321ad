"""What the service is made of, put together once: services, channels, and those who send and wake."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.channels.sandbox import SandboxChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import connect as connect_telegram
from bot.channels.web import WebChannel
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.outbound.message_quota import WechatBooks
from bot.channels.wecom import RobotChannel
from bot.delivery.queue import Mailroom, Pace
from bot.delivery.rate_limits import Limits, Pacer, Unpaced
from bot.delivery.sender import Sender
from bot.jobs.alarm_messages import alarm_sender
from bot.jobs.campaigns import CampaignRunner
from bot.jobs.data_requests import export_file, with_data_requests
from bot.jobs.rules_reload import RulesWatcher, keep_calendar
from bot.ports import Channel, MessageQuota
from bot.process.after_commit import AfterCommit
from bot.process.alarms import Alarms
from bot.process.scheduler import Scheduler
from bot.wiring.policy import channels_of
from bot.wiring.services import Services, open_services
from bot.wiring.team import connect_others, connect_robot
from bot.wiring.wechat import WechatDependencies, connect_wechat
from config.settings.settings import Settings, TelegramSettings, WechatSettings

__all__ = ["Container", "open_container"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Everything that a role of the process works with."""

    settings: Settings
    services: Services
    alarms: Alarms
    channels: dict[str, Channel]
    telegram: TelegramChannel | None
    sandbox: SandboxChannel | None
    wechat: WechatChannel | None
    sender: Sender
    ticks: Scheduler
    rule_watch: RulesWatcher


@asynccontextmanager
async def open_container(settings: Settings, batch_limit: int = 200) -> AsyncIterator[Container]:
    """Open the database and connect the channels; whatever happens, all is closed again.

    The database is closed before the channels are: its last commits acknowledge presses.
    """
    quotas = _quotas(settings.wechat)
    async with AsyncExitStack() as closing, open_services(settings, batch_limit, quotas) as services:
        alarms = Alarms(services.clock, alarm_sender(services.receiver))
        telegram = _telegram(settings.telegram, services)
        sandbox = SandboxChannel(settings.http.public_url) if "sandbox" in channels_of(settings) else None
        wechat = connect_wechat(settings.wechat, _dependencies(services, alarms))
        robot = connect_robot(settings, services.receiver.policy.phrases, services.clock)
        others = (connect_others(settings), WebChannel(services.receiver.policy.links))
        channels = _by_name((telegram, sandbox, wechat, robot, *others))
        closing.push_async_callback(_close, channels.values())
        if wechat is not None:
            await wechat.start()
        sender = _sender(services, channels, alarms, _pacers(settings.telegram, robot))
        ticks = _ticks(services, alarms)
        services.commits.subscribe(AfterCommit(channels, services.moves, sender.poke, ticks.expect))
        yield Container(
            settings=settings,
            services=services,
            alarms=alarms,
            channels=channels,
            telegram=telegram,
            sandbox=sandbox,
            wechat=wechat,
            sender=sender,
            ticks=ticks,
            rule_watch=_rule_watch(services, alarms),
        )


def _telegram(settings: TelegramSettings, services: Services) -> TelegramChannel | None:
    if settings.token is None:
        return None

    async def make_file(request: str) -> tuple[str, bytes]:
        return await export_file(services.reader, request, services.clock.now())

    return connect_telegram(settings.token.get_secret_value(), settings.api_base, attach=make_file)


def _dependencies(services: Services, alarms: Alarms) -> WechatDependencies:
    links = services.receiver.policy.links
    return WechatDependencies(services.writer, services.receiver, services.clock, services.dice, alarms, links)


def _by_name(channels: Iterable[Channel | None]) -> dict[str, Channel]:
    return {channel.name: channel for channel in channels if channel is not None}


def _sender(services: Services, channels: dict[str, Channel], alarms: Alarms, pacers: dict[str, Pace]) -> Sender:
    return Sender(
        channels=channels,
        settle=services.receiver.settle,
        store=services.store,
        writer=services.writer,
        mailroom=Mailroom(pacers, merging={"wecom"}),
        clock=services.clock,
        alarms=alarms,
        moves=services.moves,
    )


def _ticks(services: Services, alarms: Alarms) -> Scheduler:
    reader = services.reader
    campaigning = CampaignRunner(services.receiver, reader.campaigns, alarms, services.clock)
    return Scheduler(reader.due, reader.next_wake, with_data_requests(services, campaigning.wake), services.clock)


def _rule_watch(services: Services, alarms: Alarms) -> RulesWatcher:
    keep = keep_calendar(services.receiver, services.reader.campaigns)
    return RulesWatcher(services.rule_source, services.rules, services.receiver, alarms, keep)


def _quotas(settings: WechatSettings) -> dict[str, MessageQuota]:
    return {"wechat": WechatBooks(settings.subscribe_template_id or "")} if settings.app_id is not None else {}


def _pacers(settings: TelegramSettings, robot: RobotChannel | None) -> dict[str, Pace]:
    limits = Limits(settings.rate, settings.chat_rate, settings.chat_burst, int(settings.group_rate))
    pacers: dict[str, Pace] = {"telegram": Pacer(limits), "wechat": Unpaced(), "notify": Unpaced()}
    return pacers if robot is None else {**pacers, "wecom": robot.allowance}


async def _close(channels: Iterable[Channel]) -> None:
    for channel in channels:
        await channel.close()
