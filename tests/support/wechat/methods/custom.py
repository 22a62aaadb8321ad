"""Customer-service messages: text and clickable menu, inside the two allowances."""

from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Customer, MenuItem, Seen, Way
from tests.support.wechat.errors import broken, refused
from tests.support.wechat.reading import Asked, shaped

__all__ = ["send"]

Json = dict[str, Any]
MOST_BYTES = 2048
BODY = {"touser": str, "msgtype": str, "text": dict, "msgmenu": dict, "customservice": dict}


def send(account: Account, asked: Asked) -> Json:
    """POST message/custom/send: checks the shape, the account, the person, then takes from an allowance."""
    body = shaped(asked.json(unescaped=True), "body", BODY, required=["touser", "msgtype"])
    way, text, items = _content(body)
    if items and not account.menus:
        raise refused(40200)
    customer = account.customer(body["touser"])
    _check_reachable(customer)
    customer.allowances.spend(account.clock(), account.spending)
    customer.show(Seen(way, text, account.clock(), items=items))
    return {"errcode": 0, "errmsg": "ok"}


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
