"""Makes the channel of a WeChat service account, with its webhook, stored notes and the page's offer."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial

from pydantic import SecretStr

from bot.channels.descriptor import ChannelServices, Connection, Notes, SettingProblem
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.reachability import why_unreached
from bot.channels.wechat.api.account import AccountKeys, WechatAccount, open_account
from bot.channels.wechat.api.credentials import problem_of
from bot.channels.wechat.api.requests import RequestWriter
from bot.channels.wechat.api.server import ApiServer
from bot.channels.wechat.api.tokens import TokenNote
from bot.channels.wechat.channel import WechatChannel
from bot.channels.wechat.inbound.envelopes import Envelopes
from bot.channels.wechat.inbound.parse import read_push
from bot.channels.wechat.inbound.webhook import WebhookDependencies, WechatWebhook
from bot.channels.wechat.outbound.fields import Notice
from bot.channels.wechat.outbound.health import AccountHealth, AccountOffers, MenuMemory
from bot.ports import Clock, DeliveryContext, Parsed
from config.settings.channels.wechat import WechatSettings
from storage.model.records import OutboxMessage

__all__ = [
    "WechatSubscription",
    "connect_wechat",
    "examine_wechat",
    "keys_of",
    "read_kept_push",
    "token_note",
    "webhook_of",
]

_TOKEN = "wechat.token"  # noqa: S105 (a note's key)
_NO_MENUS = "40200"
"""The code by which WeChat refuses menus, kept as the note's text."""


async def connect_wechat(settings: WechatSettings, services: ChannelServices) -> Connection:
    """Return the connection of `wechat.app_id`; nothing is sent before the first call."""
    keys = keys_of(settings)
    account = open_account(
        keys,
        note=token_note(services.notes),
        clock=services.clock,
        secrets=services.secrets,
        alarm=services.alarm,
        watch=services.watch,
    )
    health = AccountHealth(_offers(settings), _memory(services.notes, keys.app_id), services.alarm)
    await health.start()

    async def context_of(message: OutboxMessage) -> DeliveryContext:
        return await services.context_of(message, settings.subscribe_template_id or "")

    channel = WechatChannel(account, health, context_of, services.links, services.clock, read_file=services.read_file)
    template = settings.subscribe_template_id
    return Connection(
        channel=channel,
        webhook=webhook_of(settings, services, channel.wants_inline),
        read=partial(read_kept_push, services.clock),
        subscription=WechatSubscription(account, template) if template is not None else None,
    )


async def examine_wechat(keys: AccountKeys) -> AsyncIterator[SettingProblem]:
    """Yield what keeps an account from working, for `huifang doctor`: whether it gets a token. Nothing is changed."""
    server = ApiServer(keys.api_base)
    try:
        answer = await server.ask(RequestWriter(keys.app_id).stable_token(keys.app_secret))
        if isinstance(answer, ApiError):
            yield problem_of(answer)
        elif isinstance(answer, CallError):
            what = f"WeChat cannot be reached: {await why_unreached(keys.api_base, answer)}."
            yield SettingProblem("wechat.api_base", what, "Check the address and the network.")
        elif "access_token" not in answer:
            yield SettingProblem("wechat.api_base", "What answers there is not WeChat.", "Check the address.")
    finally:
        await server.close()


def keys_of(settings: WechatSettings) -> AccountKeys:
    """Return the account's credentials and API address."""
    return AccountKeys(settings.app_id or "", _revealed(settings.app_secret), settings.api_base)


def webhook_of(settings: WechatSettings, services: ChannelServices, wants_inline: Callable[[], bool]) -> WechatWebhook:
    """Return what answers the platform's calls; `wants_inline` tells whether answers shall go as its replies."""
    envelopes = Envelopes(settings.app_id or "", _revealed(settings.token), _revealed(settings.aes_key))
    dependencies = WebhookDependencies(
        services.receive, services.keep_unread, services.answer_of, wants_inline, services.alarm, services.mended
    )
    return WechatWebhook(envelopes, dependencies, services.clock)


def read_kept_push(clock: Clock, raw: bytes) -> Sequence[Parsed]:
    """Return what a decrypted push says that was kept; raises MalformedDelivery."""
    return read_push(raw.decode(), clock.now()).parsed


def token_note(notes: Notes) -> TokenNote:
    """Return where the access token is kept between starts."""
    return TokenNote(partial(notes.load, _TOKEN), partial(notes.save, _TOKEN))


class WechatSubscription:
    """The page's offer to tell the customer when it is fixed (`wechat.subscribe_template_id`)."""

    user_agent = "MicroMessenger"
    """WeChat's own browser."""

    def __init__(self, account: WechatAccount, template_id: str) -> None:
        self._account = account
        self._template_id = template_id

    @property
    def template_id(self) -> str:
        """Return the template of which one message may then be sent."""
        return self._template_id

    async def config(self, url: str) -> Mapping[str, object]:
        """Return what `wx.config` takes: `appId timestamp nonceStr signature`; raises LookupError without a ticket."""
        try:
            signed = await self._account.jsapi_config(url)
        except CallError as error:
            raise LookupError(str(error)) from None
        return {name: getattr(signed, name) for name in signed.__struct_fields__}


def _offers(settings: WechatSettings) -> AccountOffers:
    template, grant = settings.template_id, settings.subscribe_template_id
    return AccountOffers(
        menus=settings.menu == "auto",
        template=Notice(template, settings.template_fields) if template else None,
        subscription=Notice(grant, settings.subscribe_template_fields) if grant else None,
    )


def _memory(notes: Notes, app_id: str) -> MenuMemory:
    """Return where the database keeps that this account has no menus."""
    key = f"wechat.no_menus:{app_id}"

    async def has_no_menus() -> bool:
        return await notes.load(key) is not None

    return MenuMemory(has_no_menus, partial(notes.save, key, _NO_MENUS))


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
