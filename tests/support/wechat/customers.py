"""The people around an account as the platform knows them, and what stands in their chats."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tests.support.wechat.rules.allowances import Allowances

__all__ = ["Customer", "MenuItem", "Seen", "Way"]

Way = Literal["custom", "msgmenu", "image", "passive", "template", "subscribe", "notice"]
LINK = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One tappable line of a msgmenu: what comes back as `bizmsgmenuid`, and what the person reads."""

    id: str
    content: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as the person sees it, and the way it came; `notice` is the platform's own apology."""

    way: Way
    text: str
    at: float
    number: int = 0
    items: tuple[MenuItem, ...] = ()
    url: str = ""
    template_id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def links(self) -> list[str]:
        """List the addresses that a tap can open, the message's own first."""
        return [self.url] * bool(self.url) + LINK.findall(self.text)

    def item(self, label: str) -> MenuItem | None:
        """Find the item that reads like this, else the first that begins so."""
        exact = [item for item in self.items if item.content == label]
        near = [item for item in self.items if item.content.startswith(label)]
        return next(iter(exact + near), None)


@dataclass(slots=True, eq=False)
class Customer:
    """One person's standing with the account: following, allowances, grants, and the chat."""

    openid: str
    name: str
    unionid: str
    language: str = "zh_CN"
    follows: bool = True
    followed_at: int = 0
    scene: str = ""
    was_follower: bool = False
    blacklisted: bool = False  # by the account: 43019
    mutes: bool = False  # the person takes no messages: 48002
    gone: bool = False  # the WeChat account does not exist any more: 46004
    snapshot: bool = False  # opens pages as a virtual user
    allowances: Allowances = field(default_factory=Allowances)
    grants: Counter[str] = field(default_factory=Counter)
    seen: list[Seen] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def show(self, message: Seen) -> None:
        """Put a message into the chat, under the next number."""
        self.seen.append(replace(message, number=next(self.numbers)))
