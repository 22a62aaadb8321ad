"""What the web server is given: the receiver, the reader, channels, secrets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from bot.channels.sandbox import SandboxChannel
from bot.channels.wechat.inbound.webhook import Door as WechatDoor
from bot.http.sessions import ConsoleSessions
from bot.http.subscription import SubscriptionSource
from bot.ports import Clock, Dice, Registry
from bot.receiver import Receiver
from storage.reads.reader import Reader

__all__ = ["Door", "Readiness", "TheWeb", "Web"]

Door = Callable[[bytes], Awaitable[object]]
"""Takes one raw delivery and returns once it is stored; raises ValueError for a body it cannot read."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served: `writable` is the database's state, `alarms` are lines for the operator."""

    writable: bool = True
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Web:
    """Everything that the web server needs; made by the composition root.

    `hooks_secret` (`whsec_…`) and `telegram_secret` open their doors, empty they answer 401; without `telegram`
    there is no Telegram door, and without `wechat` WeChat's says that it is off;
    `subscription` is what the survey page may offer after a low score. `console` guards the sandbox's page,
    which stands while `sandbox` is a channel.
    """

    receiver: Receiver
    reader: Reader
    clock: Clock
    dice: Dice
    console: ConsoleSessions
    ready: Callable[[], Awaitable[Readiness]]
    channels: Registry = field(default_factory=dict)
    public_url: str = "http://127.0.0.1:8480"
    api_keys: tuple[str, ...] = field(default=(), repr=False)
    hooks_secret: str = field(default="", repr=False)
    telegram_secret: str = field(default="", repr=False)
    telegram: Door | None = None
    wechat: WechatDoor | None = None
    subscription: SubscriptionSource | None = None
    sandbox: SandboxChannel | None = None


async def the_web(request: Request) -> Web:
    """Return the web server's context, as a FastAPI dependency."""
    web: Web = request.app.state.web
    return web


TheWeb = Annotated[Web, Depends(the_web)]
