"""Notices outside every window: template messages, and subscription notifications by one-time grants."""

from collections.abc import Mapping
from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.customers import Seen
from tests.support.wechat.errors import broken, refused
from tests.support.wechat.reading import Asked, shaped
from tests.support.wechat.rules.templates import Template, read_fields

__all__ = ["bizsend", "template_send"]

Json = dict[str, Any]
ONCE_ONLY = 600.0  # a client_msg_id is remembered for ten minutes
TEMPLATE = {"touser": str, "template_id": str, "url": str, "miniprogram": dict, "client_msg_id": str, "data": dict}
BIZSEND = {
    "touser": str,
    "template_id": str,
    "page": str,
    "miniprogram": dict,
    "miniprogram_state": str,
    "lang": str,
    "data": dict,
}


def template_send(account: Account, asked: Asked) -> Json:
    """POST message/template/send; the event TEMPLATESENDJOBFINISH tells later whether it arrived."""
    body = shaped(asked.json(), "body", TEMPLATE, required=["touser", "template_id", "data"])
    template = account.template(body["template_id"], "template")
    fields = read_fields(template, body["data"])
    _check_address(body.get("url", ""), 40035)
    customer = account.customer(body["touser"])
    if not customer.follows:
        raise refused(43004)
    known = _known_job(account, body)
    if known is not None:
        return {"errcode": 0, "errmsg": "ok", "msgid": known}
    number = _new_job(account, body)
    if not customer.mutes:
        customer.show(_seen(account, template, fields, body.get("url", "")))
    status = "failed:user block" if customer.mutes else "success"
    account.tell_later(customer, "TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": status})
    return {"errcode": 0, "errmsg": "ok", "msgid": number}


def bizsend(account: Account, asked: Asked) -> Json:
    """POST message/subscribe/bizsend: spends one grant; an event tells later that it arrived."""
    body = shaped(asked.json(), "body", BIZSEND, required=["touser", "template_id", "data"])
    template = account.template(body["template_id"], "subscribe")
    fields = read_fields(template, body["data"])
    _check_address(body.get("page", ""), 41030)
    customer = account.customer(body["touser"])
    if not customer.grants[template.id]:
        raise refused(43101)
    customer.grants[template.id] -= 1
    customer.show(_seen(account, template, fields, body.get("page", "")))
    number = next(account.numbers)
    sent = {"TemplateId": template.id, "MsgID": str(number), "ErrorCode": "0", "ErrorStatus": "success"}
    account.tell_later(customer, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": sent}})
    return {"errcode": 0, "errmsg": "ok"}


def _check_address(address: str, code: int) -> None:
    if address and not address.startswith(("http://", "https://")):
        raise broken(code, address)


def _seen(account: Account, template: Template, fields: Mapping[str, str], address: str) -> Seen:
    lines = [template.title, *(f"{key}: {value}" for key, value in fields.items())]
    return Seen(
        template.kind, "\n".join(lines), account.clock(), url=address, template_id=template.id, fields=dict(fields)
    )


def _known_job(account: Account, body: Json) -> int | None:
    at, number = account.job_ids.get((body["touser"], body.get("client_msg_id", "")), (0.0, 0))
    return number if account.clock() - at < ONCE_ONLY else None


def _new_job(account: Account, body: Json) -> int:
    number = next(account.numbers)
    if body.get("client_msg_id"):
        account.job_ids[body["touser"], body["client_msg_id"]] = account.clock(), number
    return number
