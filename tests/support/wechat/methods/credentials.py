"""Tokens, the JS-SDK ticket, and what is left of the quotas."""

import hmac
from typing import Any

from tests.support.wechat.account import Account
from tests.support.wechat.errors import broken, refused
from tests.support.wechat.reading import Asked, shaped

__all__ = ["check_secret", "getticket", "quota_get", "stable_token", "token"]

Json = dict[str, Any]


def check_secret(account: Account, app_id: object, secret: object) -> None:
    """Compare app id and secret; raises 40013, 40125 and, for a frozen one, 40243."""
    if app_id != account.app_id:
        raise refused(40013)
    if not hmac.compare_digest(str(secret), account.secret):
        raise refused(40125)
    if account.secret_frozen:
        raise refused(40243)


def token(account: Account, asked: Asked) -> Json:
    """GET token: a new one, which ends the one before in five minutes."""
    if asked.query.get("grant_type") != "client_credential":
        raise broken(40035, "grant_type")
    _let_in(account, asked, asked.query.get("appid"), asked.query.get("secret"))
    value, seconds = account.tokens.classic()
    return {"access_token": value, "expires_in": seconds}


def stable_token(account: Account, asked: Asked) -> Json:
    """POST stable_token: the same token to everybody, until it is renewed or forced."""
    fields = {"grant_type": str, "appid": str, "secret": str, "force_refresh": bool}
    body = shaped(asked.json(), "body", fields, required=["grant_type", "appid", "secret"])
    if body["grant_type"] != "client_credential":
        raise broken(40035, "grant_type")
    _let_in(account, asked, body["appid"], body["secret"])
    value, seconds = account.tokens.stable(force=body.get("force_refresh", False))
    return {"access_token": value, "expires_in": seconds}


def getticket(account: Account, asked: Asked) -> Json:
    """GET ticket/getticket: the ticket that signs pages for the JS-SDK."""
    if asked.query.get("type") != "jsapi":
        raise broken(40097)
    value, seconds = account.tokens.ticket()
    return {"errcode": 0, "errmsg": "ok", "ticket": value, "expires_in": seconds}


def quota_get(account: Account, asked: Asked) -> Json:
    """POST openapi/quota/get: today's limit, use and rest of one interface."""
    path = shaped(asked.json(), "body", {"cgi_path": str}, required=["cgi_path"])["cgi_path"]
    if path not in account.quotas.daily:
        raise refused(76021)
    limit, used = account.quotas.daily[path], account.quotas.used(path)
    quota = {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}
    return {"errcode": 0, "errmsg": "ok", "quota": quota}


def _let_in(account: Account, asked: Asked, app_id: object, secret: object) -> None:
    check_secret(account, app_id, secret)
    if account.allowed_ips is not None and asked.remote not in account.allowed_ips:
        raise refused(40164, f"ip {asked.remote}")
    account.quotas.count(asked.path)
