"""A running fake WeChat, a plain HTTP client that plays the sender, and a hook that answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.support.wechat import APP_ID, APP_SECRET, Account, FakeWeChat, HandClock, MenuItem, Person, sign
from tests.support.wechat.pushes.xmlio import Tree, read_xml, write_xml

Json = dict[str, Any]


@dataclass(slots=True)
class Sender:
    """Calls the platform's interfaces with a token of its own."""

    wechat: FakeWeChat
    session: aiohttp.ClientSession
    token: str = ""

    async def stable_token(self, **changed: object) -> Json:
        """Ask for the stable token."""
        asked = {"grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET}
        return await self.post("/cgi-bin/stable_token", asked | changed)

    async def authorized(self) -> "Sender":
        """Fetch a token to call with."""
        self.token = (await self.stable_token())["access_token"]
        return self

    async def post(self, path: str, body: object) -> Json:
        """POST this as UTF-8 JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        url = f"{self.wechat.api_base}{path}"
        async with self.session.post(url, params=self._query({}), data=raw) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def get(self, path: str, **query: str) -> Json:
        """GET with these parameters."""
        url = f"{self.wechat.api_base}{path}"
        async with self.session.get(url, params=self._query(query)) as answer:
            return dict(json.loads(await answer.text()))

    async def says(self, person: Person, text: str) -> int:
        """Send a custom text; gives the errcode."""
        return await self.sends(person.openid, "text", {"content": text})

    async def asks(self, person: Person, head: str, *items: MenuItem) -> int:
        """Send a menu; gives the errcode."""
        menu = {"head_content": head, "list": [{"id": item.id, "content": item.content} for item in items]}
        return await self.sends(person.openid, "msgmenu", menu)

    async def sends(self, openid: str, kind: str, content: object) -> int:
        """Send a custom message; gives the errcode."""
        body = {"touser": openid, "msgtype": kind, kind: content}
        return int((await self.post("/cgi-bin/message/custom/send", body))["errcode"])

    def _query(self, query: dict[str, str]) -> dict[str, str]:
        return query | ({"access_token": self.token} if self.token else {})


@dataclass(slots=True)
class Hook:
    """Our side of the pushes: `answers` are used up one by one, the last for ever; a number waits so many seconds."""

    account: Account
    url: str = ""
    answers: list[bytes | float | int] = field(default_factory=lambda: [b"success"])
    heard: list[dict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)

    def sealed(self, tree: Tree) -> bytes:
        """Encrypt and sign a passive reply."""
        encrypted = self.account.crypto.encrypt(write_xml(tree))
        stamp = str(self.account.now())
        signature = self.account.crypto.signature(stamp, "nonce", encrypted)
        return write_xml(
            {"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": int(stamp), "Nonce": "nonce"}
        ).encode()

    def reply(self, person: Person, **changed: str | int) -> bytes:
        """Write a sealed text reply, some of it changed; an empty change leaves the element out."""
        tree: dict[str, str | int] = {
            "ToUserName": person.openid,
            "FromUserName": self.account.original_id,
            "CreateTime": self.account.now(),
            "MsgType": "text",
            "Content": "谢谢",
            **changed,
        }
        return self.sealed({name: value for name, value in tree.items() if value != ""})

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the GET by which the platform makes sure of us."""
        query = request.query
        assert query["signature"] == sign(self.account.token, query["timestamp"], query["nonce"])
        return web.Response(text=query["echostr"])

    async def hear(self, request: web.Request) -> web.Response:
        """Open a push and answer as told."""
        query = request.query
        envelope = read_xml(await request.text())
        assert query["msg_signature"] == self.account.crypto.signature(
            query["timestamp"], query["nonce"], envelope["Encrypt"]
        )
        self.heard.append(read_xml(self.account.crypto.decrypt(envelope["Encrypt"])))
        self.queries.append(dict(query))
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
        if isinstance(answer, bytes):
            return web.Response(body=answer)
        await asyncio.sleep(answer if isinstance(answer, float) else 0)
        return web.Response(status=answer if isinstance(answer, int) else 200)


@pytest.fixture
def clock() -> HandClock:
    """The platform's clock, moved by the test."""
    return HandClock()


@pytest.fixture
async def wechat(clock: HandClock) -> AsyncIterator[FakeWeChat]:
    """A fake WeChat that listens."""
    async with FakeWeChat(clock=clock).serve() as server:
        yield server


@pytest.fixture
async def stranger(wechat: FakeWeChat) -> AsyncIterator[Sender]:
    """A sender without a token."""
    async with aiohttp.ClientSession() as session:
        yield Sender(wechat, session)


@pytest.fixture
async def sender(stranger: Sender) -> Sender:
    """A sender that has fetched its token."""
    return await stranger.authorized()


@pytest.fixture
async def hook(wechat: FakeWeChat) -> AsyncIterator[Hook]:
    """A registered hook."""
    ours = Hook(wechat.account)
    app = web.Application()
    app.router.add_get("/hooks/wechat", ours.verify)
    app.router.add_post("/hooks/wechat", ours.hear)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await wechat.courier.register(f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/wechat")
    yield ours
    await runner.cleanup()
