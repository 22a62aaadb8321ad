"""The platform's interfaces, by path."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.methods import contacts, credentials, custom, notices, pages
from tests.support.wechat.reading import Asked

__all__ = ["METHODS", "Method"]


@dataclass(frozen=True, slots=True)
class Method:
    """One interface: its verb, what it does, and whether it wants an access token."""

    verb: str
    run: Callable[[Account, Asked], dict[str, Any]]
    wants_token: bool = True


METHODS = {
    "/cgi-bin/token": Method("GET", credentials.token, wants_token=False),
    "/cgi-bin/stable_token": Method("POST", credentials.stable_token, wants_token=False),
    "/cgi-bin/ticket/getticket": Method("GET", credentials.getticket),
    "/cgi-bin/openapi/quota/get": Method("POST", credentials.quota_get),
    "/cgi-bin/message/custom/send": Method("POST", custom.send),
    "/cgi-bin/media/upload": Method("POST", custom.upload),
    "/cgi-bin/message/template/send": Method("POST", notices.template_send),
    "/cgi-bin/message/subscribe/bizsend": Method("POST", notices.bizsend),
    "/cgi-bin/qrcode/create": Method("POST", contacts.qrcode_create),
    "/cgi-bin/user/info": Method("GET", contacts.user_info),
    "/sns/oauth2/access_token": Method("GET", pages.access_token, wants_token=False),
}
