"""The people's side by HTTP, for a fake that runs as its own process: `/world/…`, JSON in and out."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.support.botapi.rooms import Speaker
from tests.support.botapi.server import FakeTelegram

__all__ = ["add_control_doors"]

Json = dict[str, Any]


def add_control_doors(app: web.Application, telegram: FakeTelegram) -> None:
    """Let other processes act and look.

    `POST /world/people/{id}/{start|says|taps|taps_data|blocks|unblocks}` with `{"text", "chat"?, "name"?, "language"?}`
    · `POST /world/groups/{id}` with `{"title", "members": [id]}` · `GET /world/chats/{id}` · `GET /world/violations`.
    """
    doors = _Doors(telegram)
    app.router.add_post("/world/people/{id}/{action}", doors.act)
    app.router.add_post("/world/groups/{id}", doors.found)
    app.router.add_get("/world/chats/{id}", doors.chat)
    app.router.add_get("/world/violations", doors.violations)


class _Doors:
    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram

    async def act(self, request: web.Request) -> web.Response:
        body: Json = await request.json() if request.can_read_body else {}
        person = self._telegram.user(
            int(request.match_info["id"]), name=body.get("name", "王女士"), language=body.get("language")
        )
        text = body.get("text", "")
        place = Speaker(person.bot, int(body.get("chat", person.chat_id)), person.account)
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "start": lambda: person.start(text or None),
            "blocks": person.blocks,
            "unblocks": person.unblocks,
            "says": lambda: place.says(text),
            "taps": lambda: place.taps(text),
            "taps_data": lambda: place.taps_data(text),
        }
        try:
            await acts[request.match_info["action"]]()
        except (AssertionError, KeyError) as problem:
            return web.json_response({"problem": str(problem)}, status=409)
        return web.json_response({})

    async def found(self, request: web.Request) -> web.Response:
        body: Json = await request.json()
        members = [self._telegram.user(number) for number in body["members"]]
        self._telegram.group(int(request.match_info["id"]), body["title"], members)
        return web.json_response({})

    async def chat(self, request: web.Request) -> web.Response:
        messages = self._telegram.messages(int(request.match_info["id"]))
        return web.json_response([_picture(asdict(message)) for message in messages])

    async def violations(self, request: web.Request) -> web.Response:
        del request
        return web.json_response([{"method": v.method, "rule": v.rule} for v in self._telegram.violations])


def _picture(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "content"}
