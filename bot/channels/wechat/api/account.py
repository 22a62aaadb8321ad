"""One service account: its requests and calls, QR codes, signatures of pages, and whether its credentials work."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from math import ceil

from bot.channels.http_client.client import HttpLimits, JsonObject
from bot.channels.http_client.errors import CallError, NoAnswerError
from bot.channels.wechat.api.calls import WechatCalls
from bot.channels.wechat.api.requests import RequestWriter
from bot.channels.wechat.api.server import ApiServer
from bot.channels.wechat.api.tokens import TokenNote, TokenProvider
from bot.ports import CallWatch, Clock, RaiseAlarm, SecretSource
from scoring.values import Value

__all__ = ["AccountKeys", "JsapiConfig", "WechatAccount", "open_account"]

_LONGEST_CODE = 2_592_000  # seconds (developers.weixin.qq.com, generating a parametric QR code)
_EARLY = timedelta(minutes=5)


class JsapiConfig(Value):
    """What a page hands to `wx.config`, named as it is there."""

    appId: str  # noqa: N815 (WeChat's own name)
    timestamp: int
    nonceStr: str  # noqa: N815 (WeChat's own name)
    signature: str


class AccountKeys:
    """Credentials and address of an account; no Value, since its text would show the secret."""

    def __init__(self, app_id: str, app_secret: str, api_base: str) -> None:
        self.app_id = app_id
        self.app_secret = app_secret
        self.api_base = api_base


class _Ticket(Value):
    value: str
    until: datetime


class WechatAccount:
    """One account; `requests` writes its requests, `calls` carries them out. `open_account` makes one."""

    def __init__(
        self, app_id: str, requests: RequestWriter, calls: WechatCalls, clock: Clock, secrets: SecretSource
    ) -> None:
        self.requests = requests
        self.calls = calls
        self._app_id = app_id
        self._clock = clock
        self._secrets = secrets
        self._ticket: _Ticket | None = None
        self._fetching = asyncio.Lock()

    async def jsapi_config(self, url: str) -> JsapiConfig:
        """Return the signature of a page's address for the JS-SDK; raises CallError while there is no ticket."""
        ticket, nonce = await self._jsapi_ticket(), self._secrets.token()
        timestamp = int(self._clock.now().timestamp())
        signature = self.requests.jsapi_signature(ticket, nonce, timestamp, url.partition("#")[0])
        return JsapiConfig(self._app_id, timestamp, nonce, signature)

    async def create_qr(self, token: str, expires_at: datetime) -> str:
        """Return the text of a QR code that, scanned, brings this token back; raises CallError."""
        seconds = ceil((expires_at - self._clock.now()).total_seconds())
        request = self.requests.create_qr(token, min(max(seconds, 1), _LONGEST_CODE))
        return _text(await self.calls.call(request, idempotent=True), "url")

    async def close(self) -> None:
        """Close the connections."""
        await self.calls.close()

    async def _jsapi_ticket(self) -> str:
        async with self._fetching:
            if self._ticket is None or self._clock.now() >= self._ticket.until:
                answer = await self.calls.call(self.requests.jsapi_ticket(), idempotent=True)
                lasts = timedelta(seconds=int(answer.get("expires_in", 0)))
                self._ticket = _Ticket(_text(answer, "ticket"), self._clock.now() + lasts - _EARLY)
            return self._ticket.value


def open_account(  # noqa: PLR0913 (each is needed, and none belongs to another)
    keys: AccountKeys,
    *,
    note: TokenNote,
    clock: Clock,
    secrets: SecretSource,
    alarm: RaiseAlarm,
    limits: HttpLimits | None = None,
    watch: CallWatch | None = None,
) -> WechatAccount:
    """Return an account; nothing is sent before the first call."""
    requests, server = RequestWriter(keys.app_id), ApiServer(keys.api_base, limits, watch)

    def fetch(force: bool) -> Awaitable[JsonObject | CallError]:  # noqa: FBT001 (as TokenProvider calls it)
        return server.ask(requests.stable_token(keys.app_secret, force=force))

    tokens = TokenProvider(keys.app_id, fetch, note=note, clock=clock, alarm=alarm)
    return WechatAccount(keys.app_id, requests, WechatCalls(server, tokens), clock, secrets)


def _text(answer: JsonObject, name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise NoAnswerError(f"an answer without {name}")
    return value
