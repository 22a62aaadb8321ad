"""The service account put together: who it is, how it fares, what it has been told, and its page's offer."""

from collections.abc import Mapping
from datetime import datetime

from bot.channels.http_client.errors import CallError
from bot.channels.wechat.api.account import WechatAccount, open_account
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.outbound.fields import Notice
from bot.channels.wechat.outbound.health import Health, Memory, Offers
from bot.handlers.delivery_context import needs, standing_of
from bot.ports import Clock, DeliveryContext, Dice
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from bot.signed_links import Links
from bot.wiring.wechat_inputs import token_note, wechat_keys
from config.settings.settings import WechatSettings
from scoring.values import Value
from storage.model.records import Note, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer

__all__ = ["Subscription", "WechatDependencies", "connect_wechat", "subscription_of"]


class Subscription:
    """The page's offer to tell the customer when it is fixed (`wechat.subscribe_template_id`)."""

    def __init__(self, account: WechatAccount, template_id: str) -> None:
        self._account = account
        self._template_id = template_id

    @property
    def template_id(self) -> str:
        """The template of which one message may then be sent."""
        return self._template_id

    async def config(self, url: str) -> Mapping[str, object]:
        """Sign a page for the JS-SDK; raises LookupError where WeChat gives no ticket now."""
        try:
            signed = await self._account.jsapi_config(url)
        except CallError as error:
            raise LookupError(str(error)) from None
        return {name: getattr(signed, name) for name in signed.__struct_fields__}


class WechatDependencies(Value):
    """What the account works with: `links` sign the page that shows a customer's code."""

    writer: Writer
    receiver: Receiver
    clock: Clock
    dice: Dice
    alarms: Alarms
    links: Links


def connect_wechat(settings: WechatSettings, around: WechatDependencies) -> WechatChannel | None:
    """Make the channel of the account; None while WeChat is off. Nothing is sent before the first call."""
    keys = wechat_keys(settings)
    if keys is None:
        return None
    alarm, note = around.alarms.sound, token_note(around.writer)
    account = open_account(keys, note=note, clock=around.clock, dice=around.dice, alarm=alarm)
    health = Health(_offers(settings), _memory(around.writer, keys.app_id), alarm)

    async def standing(message: OutboxMessage) -> DeliveryContext:
        template = settings.subscribe_template_id or ""
        return await around.receiver.do(
            needs(message), lambda context: Decision(Changes(), standing_of(context, message, template))
        )

    return WechatChannel(account, health, standing, around.links, around.clock)


def subscription_of(settings: WechatSettings, channel: WechatChannel | None) -> Subscription | None:
    """Return what the page may offer, None where no template is set."""
    if channel is None or settings.subscribe_template_id is None:
        return None
    return Subscription(channel.account, settings.subscribe_template_id)


def _offers(settings: WechatSettings) -> Offers:
    template, grant = settings.template_id, settings.subscribe_template_id
    return Offers(
        menus=settings.menu == "auto",
        template=Notice(template, settings.template_fields) if template else None,
        subscription=Notice(grant, settings.subscribe_template_fields) if grant else None,
    )


def _memory(writer: Writer, app_id: str) -> Memory:
    """Remember in the database that this account has no menus."""
    key = f"wechat.no_menus:{app_id}"
    asked = Needs(notes=frozenset({key}))

    async def known() -> bool:
        return await writer.decide(Job(asked, lambda rows, _now: Decision(Changes(), rows.note(key) is not None)))

    async def keep() -> None:
        def kept(rows: Snapshot, now: datetime) -> Decision[None]:
            fresh = rows.note(key) is None
            return Decision(Changes((Note(key, "40200", now),)) if fresh else Changes(), None)

        await writer.decide(Job(asked, kept))

    return Memory(known, keep)
