"""From a decrypted push to an Inbound; the only reader of WeChat's inbound shapes.

Shapes: developers.weixin.qq.com, receiving standard messages, receiving event pushes, subscription notifications.
"""

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.webhooks import MalformedDelivery
from bot.channels.wechat.inbound.menu_item_id import MENU_ITEM_ID
from bot.channels.wechat.inbound.repair import repaired, without_forbidden
from bot.ports import Parsed
from dialogs.ids import derive
from dialogs.messages import Address, Granted, Inbound, Joined, Left, Media, Person, Said, Tap, Text, Verb
from dialogs.understanding.commands import command
from scoring.values import Value, replace

__all__ = ["WECHAT_CHANNEL", "Push", "read_push"]

WECHAT_CHANNEL = "wechat"
_NOT_OURS = Tap(Verb.BACK, "")
_MOST_TAGS = 2500  # more than a customer can type, and few enough to be read in no time
_LIVE = timedelta(minutes=5)
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,10}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,32}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)  # as bot/process/system.py draws them
_LONGEST_STATUS = 40
_MEDIA = {
    "image": Media.IMAGE, "voice": Media.VOICE, "video": Media.VIDEO, "shortvideo": Media.VIDEO,
    "location": Media.PLACE, "link": Media.FILE, "file": Media.FILE,
}  # fmt: skip
_UNSUPPORTED = re.compile(
    r"\s*[\[\u3010\uff3b\u3014(\uff08]\s*("
    r"(\u6536\u5230)?\u4e0d\u652f\u6301\u7684?(\u6d88\u606f|\u8a0a\u606f)(\u7c7b\u578b|\u985e\u578b)?[^\]\u3011\uff3d\u3015)\uff09]*"
    r"|\w* ?unsupported message( type)?[^\]\u3011\uff3d\u3015)\uff09]*"
    r")[\]\u3011\uff3d\u3015)\uff09]\s*",
    re.IGNORECASE,
)
"""What WeChat sends as text in place of a sticker and of other kinds that it does not deliver: a sentence in brackets,
"received an unsupported type of message, cannot be shown", in the language of the customer's app."""
_POPUP, _CHANGE = "subscribe_msg_popup_event", "subscribe_msg_change_event"
_LISTS = {_POPUP: "SubscribeMsgPopupEvent", _CHANGE: "SubscribeMsgChangeEvent"}

logger = logging.getLogger(__name__)
Fields = Mapping[str, Any]


class Push(Value):
    """One push: the account it went to (`gh_…`), who caused it, and what was said; a reply goes the other way."""

    account: str
    openid: str
    parsed: tuple[Parsed, ...]

    @property
    def is_answerable(self) -> bool:
        """Return whether the customer would see a reply: not after leaving, nor to what was said on a page."""
        said = [parsed.inbound.said for parsed in self.parsed if parsed.inbound is not None]
        return len(said) == 1 and isinstance(said[0], Text | Tap | Joined)


def read_push(xml: str, now: datetime) -> Push:
    """Return a decrypted push parsed; raises MalformedDelivery for what cannot be read, repaired or not.

    A kind that is not handled gives a Parsed without an inbound, so that it is acknowledged. What strict XML forbids is
    repaired only where the push cannot be read as it is.
    """
    clean = without_forbidden(xml)
    try:
        return _push(_fields(clean), now)
    except MalformedDelivery:
        mended = repaired(clean)
        if mended == clean:
            raise
    return _push(_fields(mended), now)


def _push(fields: Fields, now: datetime) -> Push:
    account, openid = _text(fields, "ToUserName"), _shaped(fields, "FromUserName", _OPENID)
    at = _moment(_shaped(fields, "CreateTime", _SECONDS), now)
    if not account:
        raise MalformedDelivery("<ToUserName> is missing")
    parsed = _from_event if _text(fields, "MsgType").lower() == "event" else _from_message
    return Push(account, openid, parsed(fields, openid, at))


def _fields(xml: str) -> Fields:
    """Return the elements of the XML. What begins with its root holds no DTD; customers may type `<!DOCTYPE`."""
    from bot.channels.wechat.api.wechatpy_adapter import fields_of  # noqa: PLC0415 (slow, and needed by few)

    if not xml.lstrip().startswith("<xml>"):
        raise MalformedDelivery("it does not begin with <xml>")
    if xml.count("<") > _MOST_TAGS:
        raise MalformedDelivery("it has too many elements")
    try:
        return fields_of(xml)
    except Exception as error:  # noqa: BLE001 - wechatpy raises a dozen kinds, and all mean the same
        raise MalformedDelivery(f"it cannot be read: {type(error).__name__}") from None


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedDelivery(f"<{name}> stands twice, or is no text")
    return value


def _shaped(fields: Fields, name: str, shape: re.Pattern[str]) -> str:
    value = _text(fields, name)
    if not shape.fullmatch(value):
        raise MalformedDelivery(f"<{name}> is missing or wrong")
    return value


def _moment(seconds: str, now: datetime) -> datetime:
    """Return when it was said: now, by our clock, unless it is too old for a delivery and is being repeated."""
    created = datetime.fromtimestamp(int(seconds), UTC)
    return created if created < now - _LIVE else now


def _from_message(fields: Fields, openid: str, at: datetime) -> tuple[Parsed, ...]:
    """Return a message, or a click on a menu's item, which comes as one. A picture or voice has no words.

    Its `message` is set where it opens the 48 hours: whatever was sent, but no click.
    """
    number = _shaped(fields, "MsgId", _NUMBER)
    item = _text(fields, "bizmsgmenuid")
    inbound = _inbound(_key("message", openid, number), openid, at, _menu_item(item) if item else _words(fields))
    former = f"{WECHAT_CHANNEL}:{number}"  # two followers may send the same number; it was the whole key until 0.1.0
    return (Parsed(inbound.key, replace(inbound, message="" if item else number, former_key=former)),)


def _words(fields: Fields) -> Text:
    """Return what was typed, or what was sent instead of words."""
    kind, content = _text(fields, "MsgType").lower(), _text(fields, "Content")
    if kind != "text":
        return Text("", media=_MEDIA.get(kind, Media.OTHER))
    return Text("", media=Media.STICKER) if _UNSUPPORTED.fullmatch(content) else Text(content)


def _menu_item(item: str) -> Tap:
    return MENU_ITEM_ID.decode(item) or _NOT_OURS


def _from_event(fields: Fields, openid: str, at: datetime) -> tuple[Parsed, ...]:
    """Return an event. It has no number: its key is sender and time, and kind and key for those of one second."""
    event, key = _text(fields, "Event").lower(), _text(fields, "EventKey")
    parts = ("event", openid, _text(fields, "CreateTime"), event, key)
    if event in _LISTS:
        granted = enumerate(_granted(fields, event))
        return tuple(_parsed(_key(*parts, str(place)), openid, at, said) for place, said in granted)
    return (_parsed(_key(*parts), openid, at, _said(fields, event, key)),)


def _key(*parts: str) -> str:
    return f"{WECHAT_CHANNEL}:{derive(*parts)}"


def _parsed(key: str, openid: str, at: datetime, said: Said | None) -> Parsed:
    return Parsed(key, _inbound(key, openid, at, said) if said is not None else None)


def _inbound(key: str, openid: str, at: datetime, said: Said) -> Inbound:
    return Inbound(key, Address(WECHAT_CHANNEL, openid), Person(openid), at, said)


def _said(fields: Fields, event: str, key: str) -> Said | None:
    match event:
        case "subscribe" | "subscribe_scan" | "subscribe_scan_product" | "scan":
            return Joined(key if _TOKEN.fullmatch(key) else "")  # posters have codes with other scenes
        case "unsubscribe":
            return Left()
        case "click":
            return _pressed(key)
        case "templatesendjobfinish":
            _note_outcome("a template message", _text(fields, "Status"))
        case "subscribe_msg_sent_event":
            for item in _items(fields, "SubscribeMsgSentEvent"):
                _note_outcome("a subscription notification", _text(item, "ErrorStatus"))
        case _:
            pass
    return None


def _pressed(key: str) -> Said | None:
    """Return a press on the account's own menu, which its owner made: only our commands count."""
    return Text(key) if command(key) is not None else None


def _note_outcome(what: str, status: str) -> None:
    if status != "success":
        logger.warning("%s did not arrive: %r", what, status[:_LONGEST_STATUS])


def _granted(fields: Fields, event: str) -> list[Said | None]:
    """Return which notices were allowed or refused, on a page or in the account's settings.

    Settings can only refuse: a notice is allowed one by one, on a page.
    """
    return [_grant(item, may_give=event == _POPUP) for item in _items(fields, _LISTS[event])]


def _grant(item: Fields, *, may_give: bool) -> Said | None:
    template, answer = _text(item, "TemplateId"), _text(item, "SubscribeStatusString")
    if not template:
        raise MalformedDelivery("<TemplateId> is missing")
    if answer == "accept":
        return Granted(template) if may_give else None
    return Granted(template, is_given=False) if answer == "reject" else None


def _items(fields: Fields, name: str) -> list[Fields]:
    """Return the `List` elements inside; one alone is no list to wechatpy."""
    inside = fields.get(name)
    items = inside.get("List") if isinstance(inside, dict) else None
    items = items if isinstance(items, list) else [items]
    if not all(isinstance(item, dict) for item in items):
        raise MalformedDelivery(f"<{name}> has an unknown shape")
    return items
