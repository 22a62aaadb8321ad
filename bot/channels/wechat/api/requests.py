"""Requests to the platform, written by wechatpy, and those that it lacks, as it would write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.http_client.client import PostedFile
from bot.channels.wechat.api.server import WechatRequest

__all__ = ["RequestWriter"]

Json = dict[str, Any]


class RequestWriter:
    """Writes the requests of one account. `openid` is the customer for whom a message is."""

    def __init__(self, app_id: str) -> None:
        from bot.channels.wechat.api.wechatpy_adapter import Client  # noqa: PLC0415 (slow, and needed by few)

        self._client: Any = Client(app_id)

    def send_text(self, openid: str, content: str) -> WechatRequest:
        """Return the request for a customer-service message of text."""
        return _of(self._client.message.send_text(openid, content))

    def send_msg_menu(self, openid: str, head: str, items: Sequence[tuple[str, str]], tail: str = "") -> WechatRequest:
        """Return the request for a customer-service message with a menu; `items` are pairs of id and text."""
        menu: Json = {"list": [{"id": id_, "content": content} for id_, content in items]}
        texts = {"head_content": head, "tail_content": tail}
        return _of(
            self._client.message.send_msg_menu(openid, menu | {key: text for key, text in texts.items() if text})
        )

    def send_picture(self, openid: str, media: str) -> WechatRequest:
        """Return the request for a customer-service message of a picture that was uploaded."""
        return _of(self._client.message.send_image(openid, media))

    def upload_picture(self, name: str, media_type: str, content: bytes) -> WechatRequest:
        """Return the request that uploads a picture, which is kept for three days and shows nowhere yet."""
        picture = PostedFile("media", name, media_type, content)
        return WechatRequest("/cgi-bin/media/upload", {"type": "image"}, file=picture)

    def send_template(
        self, openid: str, template: str, fields: Mapping[str, str], url: str = "", client_msg_id: str = ""
    ) -> WechatRequest:
        """Return the request for a template message; with a `client_msg_id`, unknown to wechatpy, once in 10 min."""
        data: Json = {"touser": openid, "template_id": template, "data": _values(fields)}
        more = {"url": url, "client_msg_id": client_msg_id}
        return _of(
            self._client.post("message/template/send", data=data | {key: one for key, one in more.items() if one})
        )

    def bizsend(self, openid: str, template: str, fields: Mapping[str, str], page: str = "") -> WechatRequest:
        """Return the request for a subscription notification, which spends one grant."""
        return _of(self._client.message.send_subscribe_message(openid, template, _values(fields), page=page or None))

    def create_qr(self, text: str, seconds: int) -> WechatRequest:
        """Return the request for a temporary parametric QR code with this text, valid for at most 30 days."""
        action = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": text}}}
        return _of(self._client.qrcode.create({"expire_seconds": seconds, **action}))

    def jsapi_ticket(self) -> WechatRequest:
        """Return the request for the ticket that signs pages for the JS-SDK."""
        return _of(self._client.jsapi.get_ticket())

    def jsapi_signature(self, ticket: str, nonce: str, timestamp: int, url: str) -> str:
        """Return the signature of a page's address, which has no part behind `#`."""
        return str(self._client.jsapi.get_jsapi_signature(nonce, ticket, timestamp, url))

    def stable_token(self, secret: str, *, force: bool = False) -> WechatRequest:
        """Return the request for the access token, the same for everybody until a new one is forced."""
        asked = {"grant_type": "client_credential", "appid": self._client.appid, "secret": secret}
        return _of(self._client.post("stable_token", data=asked | ({"force_refresh": True} if force else {})))


def _values(fields: Mapping[str, str]) -> Json:
    return {key: {"value": value} for key, value in fields.items()}


def _of(request: WechatRequest) -> WechatRequest:
    return request
