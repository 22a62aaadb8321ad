"""A help desk's API over HTTP: who calls without the token is refused, and what is written stands in a ticket."""

import asyncio
import json
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from urllib.parse import unquote

from aiohttp import web

from dialogs.messages import DeskStep

__all__ = ["Answer", "ApiCallMade", "ApiTicket", "FakeDesk", "Fault", "Put"]

Json = Any


@dataclass(frozen=True, slots=True)
class Put:
    """One thing that was written into a ticket."""

    step: DeskStep
    text: str = ""
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ApiTicket:
    """A ticket: the number that people see, the API's own id, and what stands in it."""

    number: str
    id: int
    address: str = "wang@mail.example"
    is_public: bool = False
    tags: list[str] = field(default_factory=lambda: ["vip"])
    state: str = "solved"
    puts: list[Put] = field(default_factory=list)

    def of(self, step: DeskStep) -> list[Put]:
        """Return what was written in one way."""
        return [put for put in self.puts if put.step is step]

    @property
    def texts(self) -> list[str]:
        """Return what somebody can read in it."""
        return [put.text for put in self.puts if put.step in (DeskStep.REPLY, DeskStep.NOTE)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered."""

    status: int = 200
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiCallMade:
    """A call as it came; `parts` are what stood in the braces of its route."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next call that `fits`: the answer, before or after the call was carried out.

    Without an `answer` the connection breaks.
    """

    answer: Answer | None = None
    after: bool = False
    fits: Callable[[str, str], bool] = lambda _method, _path: True


class FakeDesk(ABC):
    """One help desk. `calls` are all requests as they came; `refused` those without the token."""

    name: ClassVar[str]
    token: ClassVar[str]
    auth: ClassVar[Mapping[str, str]]
    """The headers that the vendor documents for the token."""
    mount: ClassVar[str] = ""
    """The path of the API's address."""
    settings: ClassVar[Mapping[str, str]] = {}

    def __init__(self) -> None:
        self.tickets: dict[str, ApiTicket] = {}
        self.calls: list[tuple[str, str, Json]] = []
        self.refused: list[str] = []
        self.faults: list[Fault] = []
        self.url = ""
        self.hangs_after: asyncio.Event | None = None
        """Set by the next write, which is carried out and never answered."""
        self.wrong: list[str] = []
        """What no caller does who has read the vendor's documentation."""

    def has(self, number: str, id_: int, **more: Any) -> ApiTicket:  # noqa: ANN401 (fields of a ticket)
        """Put a ticket in."""
        self.tickets[number] = ApiTicket(number, id_, **more)
        return self.tickets[number]

    def by_id(self, id_: str) -> ApiTicket:
        """Return a ticket by the API's id; LookupError where there is none."""
        found = next((ticket for ticket in self.tickets.values() if str(ticket.id) == id_), None)
        if found is None:
            raise LookupError(id_)
        return found

    def by_number(self, number: str) -> ApiTicket:
        """Return a ticket by its number; LookupError where there is none."""
        if number not in self.tickets:
            raise LookupError(number)
        return self.tickets[number]

    @abstractmethod
    def routes(self) -> Mapping[str, Callable[[ApiCallMade], Answer]]:
        """Return what answers the calls that the vendor documents, such as `GET /tickets/{id}`.

        They raise LookupError for a ticket that is not there, KeyError for a field that is missing.
        """

    def answer(self, made: ApiCallMade) -> Answer:
        """Carry a call out."""
        for route, carry_out in self.routes().items():
            method, pattern = route.split(" ")
            found = re.fullmatch(re.sub(r"\{\w+\}", r"([^/]+)", pattern), made.path)
            if method == made.method and found is not None:
                return carry_out(replace(made, parts=tuple(map(unquote, found.groups()))))
        self.wrong.append(f"{made.method} {made.path}")
        return Answer(404, {"error": "no such path"})

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Self]:
        """Listen on a port of its own."""
        app = web.Application(client_max_size=2**20)
        app.router.add_route("*", "/{path:.*}", self._take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}{self.mount}"
        try:
            yield self
        finally:
            await runner.cleanup()

    @property
    def given(self) -> dict[str, str]:
        """Return the settings by which this help desk is written to."""
        of = f"hooks.{self.name}"
        return {f"{of}.api_url": self.url, f"{of}.api_token": self.token} | {
            f"{of}.{key}": value for key, value in self.settings.items()
        }

    async def _take(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw else None
        path = request.rel_url.raw_path.removeprefix(self.mount)
        self.calls.append((request.method, path, body))
        if any(request.headers.get(name) != value for name, value in self.auth.items()):
            self.refused.append(path)
            return web.json_response({"error": "Unauthorized"}, status=401)
        fault = next((one for one in self.faults if one.fits(request.method, path)), None)
        if fault is not None:
            self.faults.remove(fault)
        if fault is not None and not fault.after:
            return self._spoiled(request, fault)
        told = self._carried_out(request, path, body)
        if fault is not None:
            return self._spoiled(request, fault)
        if self.hangs_after is not None and request.method != "GET":
            self.hangs_after.set()
            await asyncio.sleep(3600)
        return _response(told)

    def _carried_out(self, request: web.Request, path: str, body: Json) -> Answer:
        try:
            return self.answer(ApiCallMade(request.method, path, dict(request.query), body))
        except KeyError as missing:
            self.wrong.append(f"{request.method} {path}: {missing}")
            return Answer(422, {"error": f"missing {missing}"})
        except LookupError:
            return Answer(404, {"error": "Not Found"})

    def _spoiled(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return _response(fault.answer)


def _response(told: Answer) -> web.Response:
    return web.json_response(told.body, status=told.status, headers=dict(told.headers))
