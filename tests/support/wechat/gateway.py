"""From an HTTP request to its answer: the rules, or the fault that a test has planted."""

import asyncio
import io
import json
import time
from dataclasses import dataclass, field
from typing import Any

import segno
from aiohttp import web

from tests.support.wechat import faults as fault
from tests.support.wechat.account import Account
from tests.support.wechat.errors import ApiError, broken, refused
from tests.support.wechat.methods import METHODS
from tests.support.wechat.methods.pages import authorize
from tests.support.wechat.reading import Asked
from tests.support.wechat.records import Call, Record
from tests.support.wechat.robot import Robot

__all__ = ["ROBOT_PATH", "Gateway"]

Json = dict[str, Any]
ROBOT_PATH, ROBOT_UPLOAD = "/cgi-bin/webhook/send", "/cgi-bin/webhook/upload_media"


@dataclass(slots=True, repr=False)
class Gateway:
    """Every address of the platform."""

    account: Account
    record: Record
    faults: fault.Faults = field(default_factory=fault.Faults)
    robots: dict[str, Robot] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, as the rules or a fault will have it."""
        body, cookies = await request.read(), dict(request.cookies)
        whence, kind = request.remote or "", request.headers.get("content-type", "")
        asked = Asked(request.method, request.path, dict(request.query), body, whence, cookies, kind)
        openid = asked.values().get("touser")
        strike = self.faults.strike(asked.path, openid if isinstance(openid, str) else None)
        if strike is None:
            return self._answer(asked)
        return await self._broken_answer(request, asked, strike)

    def _answer(self, asked: Asked) -> web.Response:
        try:
            answer = self._result(asked)
        except ApiError as error:
            return self._refuse(asked, error)
        self._note(Call(time.monotonic(), asked.path, asked.values()))
        return answer

    def _result(self, asked: Asked) -> web.Response:
        if asked.path == "/connect/oauth2/authorize":
            return web.Response(status=302, headers={"Location": authorize(self.account, asked)})
        if asked.path == "/cgi-bin/showqrcode":
            return self._picture(asked.query.get("ticket", ""))
        if asked.path in {ROBOT_PATH, ROBOT_UPLOAD}:
            return _json(asked, self._robot_result(asked))
        return _json(asked, self._method_result(asked))

    def _method_result(self, asked: Asked) -> Json:
        method = METHODS.get(asked.path)
        if method is None:
            raise broken(-1, f"no such interface: {asked.path}")
        if asked.verb != method.verb:
            raise broken(43001 if method.verb == "GET" else 43002)
        if method.wants_token:
            self.account.tokens.check(asked.query.get("access_token", ""))
            self.account.quotas.count(asked.path)
        return method.run(self.account, asked)

    def _robot_result(self, asked: Asked) -> Json:
        robot = self.robots.get(asked.query.get("key", ""))
        if robot is None:
            raise refused(93000)
        return robot.send(asked) if asked.path == ROBOT_PATH else robot.take_file(asked)

    def _picture(self, ticket: str) -> web.Response:
        code = next((code for code in self.account.codes if code.ticket == ticket), None)
        if code is None:
            return web.Response(status=404)
        picture = io.BytesIO()
        segno.make(code.url).save(picture, kind="png")
        return web.Response(body=picture.getvalue(), content_type="image/png")

    def _refuse(self, asked: Asked, error: ApiError, *, planted: bool = False) -> web.Response:
        self._note(Call(time.monotonic(), asked.path, asked.values(), error.code, error.text, planted))
        if error.rule_broken:
            self.record.violate(asked.path, f"{error.code} {error.text}", asked.values())
        return _json(asked, error.body())

    def _note(self, call: Call) -> None:
        self.record.calls.append(call)
        self.account.bell.ring()

    async def _broken_answer(self, request: web.Request, asked: Asked, strike: fault.Fault) -> web.StreamResponse:
        match strike:
            case fault.Refuse(code):
                return self._refuse(asked, refused(code), planted=True)
            case fault.Http(status):
                self._refuse(asked, refused(status), planted=True)
                return web.Response(status=status, text="<html><h1>Error</h1></html>", content_type="text/html")
            case fault.Garbled(body):
                self._answer(asked)
                return web.Response(text=body, content_type="application/json")
            case fault.Slow(seconds):
                answer = self._answer(asked)
                await asyncio.sleep(seconds)
                return answer
            case fault.Silent(done):
                self._take(asked, done=done)
                await asyncio.Event().wait()
            case fault.Cut(done):
                self._take(asked, done=done)
        return _cut(request)

    def _take(self, asked: Asked, *, done: bool) -> None:
        if done:
            self._answer(asked)
        else:
            self._refuse(asked, refused(0, "it never arrived"), planted=True)


def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _json(asked: Asked, body: Json) -> web.Response:
    """Answer as the platform does: always 200; `sns` says that its JSON is plain text."""
    kind = "text/plain" if asked.path.startswith("/sns/") else "application/json; encoding=utf-8"
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(body=text.encode(), headers={"Content-Type": kind})
