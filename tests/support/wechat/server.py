"""The fake as tests hold it: it listens, brings people and robots into the world, and tells what was done."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from tests.support.botapi.clock import wall_clock
from tests.support.time.patience import PATIENCE
from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer
from tests.support.wechat.faults import Faults
from tests.support.wechat.gateway import ROBOT_PATH, Gateway
from tests.support.wechat.people import Person
from tests.support.wechat.pushes.courier import Courier
from tests.support.wechat.pushes.crypto import sha1_of
from tests.support.wechat.records import Call, Record, Violation
from tests.support.wechat.robot import Robot
from tests.support.wechat.rules.templates import Template

__all__ = ["FakeWeChat"]

T = TypeVar("T")
LARGEST_BODY = 10 * 1024 * 1024
LONG_AGO = 10_000_000


@dataclass(slots=True, repr=False)
class FakeWeChat:
    """A WeChat with one service account, and a WeCom whose groups have robots, on one address.

    `account` holds the settings, `courier` the way to our hook, `faults` what is broken.
    """

    clock: Callable[[], float] = wall_clock
    api_base: str = ""
    people: list[Person] = field(default_factory=list)
    account: Account = field(init=False)
    courier: Courier = field(init=False)
    record: Record = field(default_factory=Record)
    _gateway: Gateway = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account(self.clock)
        self.courier = Courier(self.account, self.record)
        self.account.tell_later = self.courier.push_later
        self._gateway = Gateway(self.account, self.record)

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0, host: str = "127.0.0.1") -> AsyncIterator["FakeWeChat"]:
        """Listen on loopback (port 0: any free one) while the block runs; `api_base` then says where."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/{path:.*}", self._gateway.handle)
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        self.api_base = f"http://{host}:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await self.courier.close()
            await runner.cleanup()

    @property
    def faults(self) -> Faults:
        """Return what is broken now."""
        return self._gateway.faults

    @property
    def violations(self) -> list[Violation]:
        """List what no correct product does."""
        return self.record.violations

    def person(self, name: str = "王女士", *, follows: bool = True) -> Person:
        """Bring somebody into the world; who follows has done so long ago, and no allowance is open."""
        number = len(self.people) + 1
        openid, unionid = f"oHf4k3Fake{number:018d}", f"oUn10n{number:022d}"
        customer = Customer(openid, name, unionid, follows=follows, followed_at=self.account.now() - LONG_AGO)
        self.account.customers[openid] = customer
        self.people.append(Person(self.account, self.courier, customer))
        return self.people[-1]

    def template(self, template_id: str, *keys: str, title: str = "服务进度通知") -> Template:
        """Return the account a template for template messages, with these fields (`thing1`, `time3`)."""
        return self._added(Template(template_id, "template", title, keys))

    def notice_template(self, template_id: str, *keys: str, title: str = "服务完成通知") -> Template:
        """Return the account a template for one-time subscription notifications."""
        return self._added(Template(template_id, "subscribe", title, keys))

    def robot(self, key: str = "693a91f6-7a4b-4f0c-9d55-b1f2c5e0a7d1") -> Robot:
        """Put a robot into a WeCom group, or give the one with this key; only while the fake listens."""
        assert self.api_base, "the robot's address is known when the fake listens"
        url = f"{self.api_base}{ROBOT_PATH}?key={key}"
        return self._gateway.robots.setdefault(key, Robot(key, url, self.clock, self.account.bell))

    def calls(self, path: str = "") -> list[Call]:
        """List the calls of paths that end so, in order."""
        return [call for call in self.record.calls if call.path.endswith(path)]

    def met(self, *codes: int) -> list[Call]:
        """List the calls that the rules, no planted fault, answered with one of these codes; with any, by none."""
        refusals = [call for call in self.record.calls if call.errcode and not call.planted]
        return [call for call in refusals if not codes or call.errcode in codes]

    def accepts_page(self, url: str, noncestr: str, timestamp: str, signature: str) -> bool:
        """Return whether this JS-SDK signature opens the SDK on this page."""
        ticket, page = self.account.tokens.ticket()[0], url.partition("#")[0]
        return signature == sha1_of(f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={page}")

    async def until(self, look: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Wait until `look` finds something (anything but None) in the world or the log."""
        return await self.account.bell.until(look, within, lambda: f"{look}; violations: {self.violations}")

    def _added(self, template: Template) -> Template:
        self.account.templates[template.id] = template
        return template
