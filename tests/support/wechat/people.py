"""A person with the account in their WeChat: they type, tap, follow, scan, grant, and look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from tests.support.time.patience import PATIENCE
from tests.support.wechat.account import Account, QrCode
from tests.support.wechat.customers import Customer, MenuItem, Seen, Way
from tests.support.wechat.methods.pages import COOKIE
from tests.support.wechat.pushes.courier import Courier
from tests.support.wechat.pushes.push import Push
from tests.support.wechat.pushes.xmlio import Tree

__all__ = ["Person"]

T = TypeVar("T")
MEDIA: dict[str, Tree] = {
    "image": {"PicUrl": "http://mmbiz.qpic.cn/mmbiz_jpg/fake/0", "MediaId": "media-of-an-image"},
    "voice": {"MediaId": "media-of-a-voice", "Format": "amr"},
    "video": {"MediaId": "media-of-a-video", "ThumbMediaId": "media-of-a-thumb"},
}


@dataclass(slots=True)
class Person:
    """Every act waits until the account's server has answered (or the platform gave up) and gives the push."""

    account: Account
    courier: Courier
    customer: Customer
    said: list[Push] = field(default_factory=list)

    @property
    def openid(self) -> str:
        """Return who this is to the account."""
        return self.customer.openid

    @property
    def sees(self) -> list[Seen]:
        """List every message of the account in order, with the way that it came."""
        return list(self.customer.seen)

    @property
    def last(self) -> Seen:
        """Return the newest message; raises AssertionError when there is none."""
        assert self.customer.seen, f"{self.customer.name} has been written nothing"
        return self.customer.seen[-1]

    @property
    def cookies(self) -> dict[str, str]:
        """Return the cookie that makes a browser this person's WeChat, for pages with web authorisation."""
        return {COOKIE: self.openid}

    async def types(self, text: str) -> Push:
        """Write a text: five custom messages in 48 hours from now."""
        return await self._message("text", {"Content": text})

    async def sends(self, kind: Literal["image", "voice", "video"]) -> Push:
        """Send something that is no text; it opens the 48 hours as well."""
        return await self._message(kind, MEDIA[kind])

    async def clicks(self, item: MenuItem | str, *, message: Seen | None = None, within: float = PATIENCE) -> Push:
        """Tap an item of a msgmenu: of this message, or of the newest that has one that reads or begins like this.

        Items stay tappable for ever; a tap opens only the minute.
        """
        found = item if isinstance(item, MenuItem) else await self._found(item, message, within)
        self._must_follow()
        self.customer.allowances.click.opens(self.account.clock())
        return await self._push("text", {"Content": found.content, "bizmsgmenuid": found.id})

    async def clicks_menu(self, key: str) -> Push:
        """Press a button of the account's own menu below the chat."""
        self._must_follow()
        self.customer.allowances.click.opens(self.account.clock())
        return await self._push("CLICK", {"EventKey": key})

    async def follows(self, scene: str = "") -> Push:
        """Follow the account, found by name or by a code with this scene."""
        return await self._begin_to_follow(scene, self._code(scene).ticket if scene else "")

    async def scans(self, code: QrCode | str) -> Push:
        """Scan a parametric code, given as such or by scene, ticket or address; who does not follow yet then does."""
        found = code if isinstance(code, QrCode) else self._code(code)
        assert not found.expires_at or found.expires_at > self.account.clock(), "the phone says: this code has expired"
        if not self.customer.follows:
            return await self._begin_to_follow(found.scene, found.ticket)
        self.customer.allowances.click.opens(self.account.clock())
        return await self._push("SCAN", {"EventKey": found.scene, "Ticket": found.ticket})

    async def unfollows(self) -> Push:
        """Leave; what was granted for single notices remains."""
        self._must_follow()
        self.customer.follows, self.customer.was_follower = False, True
        self.customer.allowances.shut()
        return await self._push("unsubscribe", {"EventKey": ""})

    async def grants(self, *template_ids: str) -> Push:
        """Say yes, on a page, to one notice of each of these templates."""
        self.customer.grants.update(template_ids)
        return await self._popup("accept", template_ids)

    async def declines(self, *template_ids: str) -> Push:
        """Say no to the same question."""
        return await self._popup("reject", template_ids)

    async def revokes(self, template_id: str) -> Push:
        """Switch notices of a template off in the account's settings: open grants are void."""
        del self.customer.grants[template_id]
        change = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
        return await self._push("subscribe_msg_change_event", {"SubscribeMsgChangeEvent": {"List": [change]}})

    async def reads(
        self, fragment: str, *, way: Way | None = None, after: Seen | None = None, within: float = PATIENCE
    ) -> Seen:
        """Wait for a message that contains this, came this way, is newer than `after`; gives the newest such one."""
        oldest = after.number if after is not None else 0

        def look() -> Seen | None:
            fits = [seen for seen in self.customer.seen if fragment in seen.text and seen.number > oldest]
            return next((seen for seen in reversed(fits) if way in {None, seen.way}), None)

        return await self.account.bell.until(look, within, lambda: f"{way or ''} {fragment!r} in {self.picture()}")

    async def until(self, look: Callable[["Person"], T | None], within: float = PATIENCE) -> T:
        """Wait until this finds something (anything but None)."""
        return await self.account.bell.until(lambda: look(self), within, self.picture)

    def picture(self) -> str:
        """Draw the chat as text, for the message of a failed test."""
        lines = [f"{s.number} {s.way}: {s.text!r} {[item.id for item in s.items]}" for s in self.customer.seen]
        return "\n".join([self.customer.name, *lines])

    async def _begin_to_follow(self, scene: str, ticket: str) -> Push:
        assert not self.customer.follows, f"{self.customer.name} follows already"
        self.customer.follows, self.customer.followed_at = True, self.account.now()
        self.customer.scene = scene
        self.customer.allowances.click.opens(self.account.clock())
        by_code: Tree = {"EventKey": f"qrscene_{scene}", "Ticket": ticket}
        return await self._push("subscribe", by_code if ticket else {"EventKey": ""})

    async def _message(self, kind: str, fields: Tree) -> Push:
        self._must_follow()
        self.customer.allowances.text.opens(self.account.clock())
        return await self._push(kind, fields)

    async def _popup(self, answer: str, template_ids: tuple[str, ...]) -> Push:
        asked: list[Tree] = [
            {"TemplateId": template_id, "SubscribeStatusString": answer, "PopupScene": "2"}
            for template_id in template_ids
        ]
        return await self._push("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": asked}})

    async def _push(self, kind: str, fields: Tree) -> Push:
        push = await self.courier.push(self.customer, kind, fields)
        self.said.append(push)
        return push

    async def _found(self, label: str, message: Seen | None, within: float) -> MenuItem:
        def look() -> MenuItem | None:
            shown = [message] if message is not None else reversed(self.customer.seen)
            return next((item for seen in shown if (item := seen.item(label))), None)

        return await self.account.bell.until(look, within, lambda: f"an item {label!r} in {self.picture()}")

    def _code(self, name: str) -> QrCode:
        """Find a code by what is known of it; one with an unknown scene was made elsewhere, in the web console."""
        known = (code for code in reversed(self.account.codes) if name in {code.scene, code.ticket, code.url})
        return next(known, None) or self.account.code(name)

    def _must_follow(self) -> None:
        assert self.customer.follows, f"{self.customer.name} must follow the account first"
