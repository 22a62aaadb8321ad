"""A WeCom group robot: text, markdown, text_notice cards, pictures and files into one group, twenty a minute."""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any, TypeVar

from tests.support.botapi.bell import Bell
from tests.support.time.patience import PATIENCE
from tests.support.wechat.errors import broken
from tests.support.wechat.reading import Asked, shaped
from tests.support.wechat.rules.cards import card_links, card_text, check_card

__all__ = ["Notice", "Robot"]

Json = dict[str, Any]
T = TypeVar("T")
A_MINUTE = 20
MOST_BYTES = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
KINDS = {**dict.fromkeys(MOST_BYTES, dict), "template_card": dict, "image": dict, "file": dict}
MOST_PICTURE, LEAST_FILE, MOST_FILE = 2 * 1024 * 1024, 5, 20 * 1024 * 1024  # bytes
PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
TEXT = {"content": str, "mentioned_list": list, "mentioned_mobile_list": list}
MENTION = re.compile(r"<@([^<>\s]+)>")
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
BARE_LINK = re.compile(r"https?://[^\s\"'<>()]+")


@dataclass(frozen=True, slots=True)
class Notice:
    """One message in the group: its kind, everything readable, whom it calls, its addresses by the words tapped."""

    number: int
    kind: str
    text: str
    at: float
    mentions: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    card: Json = field(default_factory=dict)
    content: bytes = b""


@dataclass(slots=True, repr=False)
class Robot:
    """One robot and its group; `url` holds the key and is a secret."""

    key: str
    url: str
    clock: Callable[[], float]
    bell: Bell
    notices: list[Notice] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def send(self, asked: Asked) -> Json:
        """POST webhook/send: what fails counts as well; raises 45009 above twenty in any minute."""
        now = self.clock()
        self.asked_at.append(now)
        if sum(now - at < 60 for at in self.asked_at) > A_MINUTE:
            raise broken(45009, "api freq out of limit")
        body = shaped(asked.json(), "body", {"msgtype": str, **KINDS}, required=["msgtype"], code=40058)
        kind = body["msgtype"]
        if kind not in KINDS:
            raise broken(40008, kind)
        if set(body) != {"msgtype", kind}:
            raise broken(40058, f"body.{kind} and no other content is wanted")
        others = {"template_card": self._card, "image": self._picture, "file": self._file}
        self.notices.append(others[kind](body[kind]) if kind in others else self._words(kind, body[kind]))
        return {"errcode": 0, "errmsg": "ok"}

    def take_file(self, asked: Asked) -> Json:
        """POST webhook/upload_media: keep a file of 5 bytes to 20 MB for three days; gives its id."""
        if asked.query.get("type") != "file":
            raise broken(40004)
        name, content = asked.file()
        if not LEAST_FILE <= len(content) <= MOST_FILE:
            raise broken(45001)
        number = f"media-{len(self.media) + 1}"
        self.media[number] = (name, content)
        return {"errcode": 0, "errmsg": "ok", "type": "file", "media_id": number, "created_at": str(int(self.clock()))}

    async def reads(
        self, fragment: str, *, kind: str | None = None, after: Notice | None = None, within: float = PATIENCE
    ) -> Notice:
        """Wait for a message that contains this, is of this kind, newer than `after`; gives the newest such one."""
        oldest = after.number if after is not None else 0

        def look() -> Notice | None:
            fits = [notice for notice in self.notices if fragment in notice.text and notice.number > oldest]
            return next((notice for notice in reversed(fits) if kind in {None, notice.kind}), None)

        return await self.bell.until(look, within, lambda: f"{kind or ''} {fragment!r} in {self.picture()}")

    def picture(self) -> str:
        """Draw the group as text, for the message of a failed test."""
        return "\n".join(f"{n.number} {n.kind}: {n.text!r} {n.mentions}" for n in self.notices)

    def _card(self, content: object) -> Notice:
        card = check_card(content)
        links = card_links(card)
        return Notice(len(self.notices) + 1, "template_card", card_text(card), self.clock(), (), links, card)

    def _picture(self, content: object) -> Notice:
        read = shaped(content, "image", {"base64": str, "md5": str}, required=["base64", "md5"], code=40058)
        raw = b64decode(read["base64"], validate=True)
        if md5(raw, usedforsecurity=False).hexdigest() != read["md5"]:
            raise broken(40058, "image.md5 is that of another picture")
        if len(raw) > MOST_PICTURE or not raw.startswith(PICTURE_STARTS):
            raise broken(45001)
        return Notice(len(self.notices) + 1, "image", "", self.clock(), content=raw)

    def _file(self, content: object) -> Notice:
        read = shaped(content, "file", {"media_id": str}, required=["media_id"], code=40058)
        if read["media_id"] not in self.media:
            raise broken(40007)
        name, raw = self.media[read["media_id"]]
        return Notice(len(self.notices) + 1, "file", name, self.clock(), content=raw)

    def _words(self, kind: str, content: object) -> Notice:
        read = shaped(content, kind, TEXT if kind == "text" else {"content": str}, required=["content"], code=44004)
        text = read["content"]
        if len(text.encode()) > MOST_BYTES[kind]:
            raise broken(45002)
        called = [*read.get("mentioned_list", []), *read.get("mentioned_mobile_list", [])]
        if not all(isinstance(one, str) and one for one in called):
            raise broken(40058, "mentioned lists hold user ids and mobile numbers as texts")
        if kind == "text":
            return self._notice(kind, text, called, {link: link for link in BARE_LINK.findall(text)})
        mentions = MENTION.findall(text) if kind == "markdown" else []
        return self._notice(kind, text, mentions, dict(LINK.findall(text)))

    def _notice(self, kind: str, text: str, mentions: list[str], links: dict[str, str]) -> Notice:
        return Notice(len(self.notices) + 1, kind, text, self.clock(), tuple(mentions), links)
