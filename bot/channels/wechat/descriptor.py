"""WeChat as the registry of channels lists it."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.channels.descriptor import ChannelDescriptor, ChannelServices, Connection, SettingProblem
from bot.channels.webhooks import CallParameter, Operation, WebhookAddress
from bot.channels.wechat.outbound.reply_window import AFTER_TEXT
from bot.ports import Capabilities, ChatIds, MessageQuota
from config.settings.settings import Settings

__all__ = ["WECHAT"]

_OPENID = re.compile(r"o[A-Za-z0-9_-]{1,63}", re.ASCII)
"""An openid: 28 characters today, the first an o (developers.weixin.qq.com, user information)."""


def _is_openid(chat: str) -> bool:
    return _OPENID.fullmatch(chat) is not None


_OPENIDS = ChatIds(_is_openid, "must be an openid of the account: an o, then letters, digits, - and _", are_people=True)

_SIGNED = (
    CallParameter("query", "timestamp", "Seconds since 1970; 300 s off is stale."),
    CallParameter("query", "nonce", "Random digits."),
)


class _Wechat(ChannelDescriptor):
    name = "wechat"
    capabilities = Capabilities(
        customers=True,
        chat_ids=_OPENIDS,
        binding=True,
        buttons=True,
        page_links=True,
        staffed=True,
        passive_replies=True,
        repeats_within=timedelta(hours=24),  # it calls three times within 15 s, and the door refuses older signatures
        reply_window=AFTER_TEXT.usable,
    )
    address = WebhookAddress(
        "/hooks/wechat",
        {
            "get": Operation(
                "WeChat verifies our address, when it is entered in its console",
                (
                    *_SIGNED,
                    CallParameter("query", "signature", "SHA-1 over token, timestamp and nonce."),
                    CallParameter("query", "echostr", "What is answered."),
                ),
                answer="`echostr`, as it came",
                gives=("text/plain",),
                problems=(401, 404),
            ),
            "post": Operation(
                "A push from WeChat, in secure mode",
                (
                    *_SIGNED,
                    CallParameter("query", "encrypt_type", "`aes`"),
                    CallParameter(
                        "query", "msg_signature", "SHA-1 over token, timestamp, nonce and the encrypted text."
                    ),
                ),
                takes="text/xml",
                answer="Stored: `success`, or an encrypted reply. The same push again gets the same answer.",
                gives=("text/plain", "application/xml"),
                problems=(400, 401, 404, 413, 503),
            ),
        },
        off="WeChat is not configured. Set wechat.app_id, wechat.app_secret, wechat.token and wechat.aes_key.",
    )
    switch = "wechat.app_id"

    def is_on(self, settings: Settings) -> bool:
        return settings.wechat.app_id is not None

    def quota(self, settings: Settings) -> MessageQuota:
        from bot.channels.wechat.outbound.message_quota import WechatQuota  # noqa: PLC0415 (only where it is configured)

        return WechatQuota(settings.wechat.subscribe_template_id or "")

    def summary(self, settings: Settings) -> str:
        template = "a template while the window is shut" if settings.wechat.template_id else "no template"
        called_at = f"{settings.http.public_url.rstrip('/')}{self.address.path}"
        return f"account {settings.wechat.app_id}, webhook {called_at}, {template}"

    async def connect(self, settings: Settings, services: ChannelServices) -> Connection:
        from bot.channels.wechat.connect import connect_wechat  # noqa: PLC0415 (only where it is configured)

        return await connect_wechat(settings.wechat, services)

    async def examine(self, settings: Settings) -> AsyncIterator[SettingProblem]:
        from bot.channels.wechat.connect import examine_wechat, keys_of  # noqa: PLC0415 (only where it is configured)

        async for problem in examine_wechat(keys_of(settings.wechat)):
            yield problem


WECHAT = _Wechat()
