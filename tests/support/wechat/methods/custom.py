"""Customer-service messages: text and clickable menu, inside the two allowances."""

from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer, MenuItem, Seen, Way
from tests.support.wechat.errors import broken, refused
from tests.support.wechat.reading import Asked, shaped

__all__ = ["send", "upload"]

Json = dict[str, Any]
MOST_BYTES = 2048
BODY = {"touser": str, "msgtype": str, "text": dict, "msgmenu": dict, "image": dict, "customservice": dict}
MOST_PICTURE = 10 * 1024 * 1024  # bytes
PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")


def send(account: Account, asked: Asked) -> Json:
    """POST message/custom/send: checks the shape, the account, the person, then takes from an allowance."""
    body = shaped(asked.json(unescaped=True), "body", BODY, required=["touser", "msgtype"])
    picture = _picture(account, body) if body["msgtype"] == "image" else None
    way, text, items = ("image", "", ()) if picture is not None else _content(body)
    if items and not account.menus:
        raise refused(40200)
    customer = account.customer(body["touser"])
    _check_reachable(customer)
    customer.allowances.spend(account.clock(), account.spending)
    customer.show(Seen(way, text, account.clock(), items=items, content=picture or b""))
    return {"errcode": 0, "errmsg": "ok"}


def upload(account: Account, asked: Asked) -> Json:
    """POST media/upload: keep a picture for three days; gives its id."""
    if asked.query.get("type") != "image":
        raise broken(40004)
    _, content = asked.file()
    if len(content) > MOST_PICTURE:
        raise refused(45001)
    if not content.startswith(PICTURE_STARTS):
        raise refused(40005)
    number = f"media-{len(account.media) + 1}"
    account.media[number] = content
    return {"type": "image", "media_id": number, "created_at": int(account.clock())}


def _picture(account: Account, body: Json) -> bytes:
    media = shaped(body.get("image"), "image", {"media_id": str}, required=["media_id"])["media_id"]
    if media not in account.media:
        raise refused(40007)
    return account.media[media]


def _check_reachable(customer: Customer) -> None:
    if customer.mutes:
        raise refused(48002)
    if not customer.follows:
        raise refused(45015 if customer.was_follower else 43004)


def _content(body: Json) -> tuple[Way, str, tuple[MenuItem, ...]]:
    kind = body["msgtype"]
    if kind not in {"text", "msgmenu"}:
        raise broken(40008, str(kind))
    if {"text", "msgmenu"} & body.keys() != {kind}:
        raise broken(40035, f"body.{kind} and no other content is wanted")
    way, text, items = _text(body["text"]) if kind == "text" else _menu(body["msgmenu"])
    if not text.strip():
        raise broken(44004)
    if len(text.encode()) > MOST_BYTES:
        raise broken(45002)
    return way, text, items


def _text(content: Json) -> tuple[Way, str, tuple[MenuItem, ...]]:
    return "custom", shaped(content, "text", {"content": str}, required=["content"], code=44004)["content"], ()


def _menu(content: Json) -> tuple[Way, str, tuple[MenuItem, ...]]:
    menu = shaped(content, "msgmenu", {"head_content": str, "list": list, "tail_content": str}, required=["list"])
    entries = [_item(entry) for entry in menu["list"]]
    if not entries:
        raise broken(40035, "msgmenu.list is empty")
    lines = [menu.get("head_content", ""), *(item.content for item in entries), menu.get("tail_content", "")]
    return "msgmenu", "\n".join(line for line in lines if line), tuple(entries)


def _item(entry: object) -> MenuItem:
    item = shaped(entry, "msgmenu.list", {"id": str, "content": str}, required=["id", "content"])
    return MenuItem(item["id"], item["content"])
