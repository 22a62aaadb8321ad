"""Web authorisation: who opens a page inside WeChat."""

import os
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.support.wechat.account import Account, OAuthCode
from tests.support.wechat.errors import broken, refused
from tests.support.wechat.methods.credentials import check_secret
from tests.support.wechat.reading import Asked

__all__ = ["COOKIE", "access_token", "authorize"]

Json = dict[str, Any]
COOKIE = "fake_wechat_openid"  # tells the fake in whose phone the browser runs
CODE_LIFE = 300.0
ORDER = ["appid", "redirect_uri", "response_type", "scope", "state"]
STATE = re.compile(r"[A-Za-z0-9]{0,128}")
SCOPES = {"snsapi_base", "snsapi_userinfo"}


def authorize(account: Account, asked: Asked) -> str:
    """Return the address to which WeChat's browser is sent back, with `code` and `state`.

    Parameters out of their order, another scope, or a strange state break rules; a domain that the account has not
    registered, and a browser that is nobody's WeChat, are refused.
    """
    query = asked.query
    if list(query) not in (ORDER, ORDER[:-1]) or query["response_type"] != "code":
        raise broken(40035, f"the parameters are, in this order, {ORDER}")
    if query["scope"] not in SCOPES or not STATE.fullmatch(query.get("state", "")):
        raise broken(40035, "scope or state")
    if query["appid"] != account.app_id:
        raise refused(40013)
    back = urlsplit(query["redirect_uri"])
    if account.oauth_domains is not None and back.netloc not in account.oauth_domains:
        raise refused(10003, "redirect_uri is not of a registered domain")
    code = "0" + os.urandom(15).hex() + "0"
    account.oauth[code] = OAuthCode(_holder(account, asked), account.clock() + CODE_LIFE, query["scope"])
    more = urlencode({"code": code, "state": query.get("state", "")})
    return back._replace(query="&".join(part for part in (back.query, more) if part), fragment="").geturl()


def access_token(account: Account, asked: Asked) -> Json:
    """GET sns/oauth2/access_token: whose code it is; good once, within five minutes."""
    query = asked.query
    if query.get("grant_type") != "authorization_code":
        raise broken(40035, "grant_type")
    check_secret(account, query.get("appid"), query.get("secret"))
    code = account.oauth.get(query.get("code", ""))
    if code is None or code.expires_at <= account.clock():
        raise refused(40029)
    if code.used:
        raise refused(40163)
    code.used = True
    return _told(account, code)


def _holder(account: Account, asked: Asked) -> str:
    openid = asked.cookies.get(COOKIE, "")
    if openid not in account.customers:
        raise refused(10004, "请在微信客户端打开链接")
    return openid


def _told(account: Account, code: OAuthCode) -> Json:
    customer = account.customers[code.openid]
    virtual = {"openid": "oSnapshot" + customer.openid[9:], "is_snapshotuser": 1}
    return {
        "access_token": f"90_{os.urandom(40).hex()}",
        "expires_in": 7200,
        "refresh_token": f"90_{os.urandom(40).hex()}",
        "openid": customer.openid,
        "scope": code.scope,
        **({"unionid": customer.unionid} if account.linked else {}),
        **(virtual if customer.snapshot else {}),
    }
