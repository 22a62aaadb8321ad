"""The two ways in which the fake WeChat says no: `errcode` and `errmsg` in an HTTP 200.

`broken` is a request that no correct sender makes, whatever the world does: tests assert that there were none.
`refused` is a right request that the state of the world forbids (window shut, unfollowed, quota): senders cope.
"""

from dataclasses import dataclass
from typing import Any

__all__ = ["ApiError", "broken", "refused"]

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40033: "invalid charset, please check your request, if include \\uxxxx will create fail!",
    40035: "invalid parameter",
    40036: "invalid template_id size",
    40037: "invalid template_id",
    40058: "invalid parameter of the message",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    40200: "invalid account type",
    40243: "appsecret is frozen",
    41001: "access_token missing",
    41005: "media data missing",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "the user is in the blacklist",
    43101: "user refuse to accept the msg",
    43116: "this template_id is banned",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    46004: "user not exist",
    47001: "data format error",
    47003: "argument invalid!",
    48002: "user blocks messages",
    76021: "cgi_path not found, please check",
    93000: "invalid webhook url",
}
RID = "rid: 66c0f3a1-2b7d9e44-5f10c8d2"  # the platform appends a request id, so nobody may compare the text


@dataclass(slots=True, eq=False)
class ApiError(Exception):
    """An error answer: the platform's code, its words, and whether a rule broke."""

    code: int
    text: str
    rule_broken: bool

    def body(self) -> dict[str, Any]:
        """Return the JSON body of this answer."""
        return {"errcode": self.code, "errmsg": f"{self.text} {RID}"}


def broken(code: int, why: str = "") -> ApiError:
    """Make the error for a request that breaks a rule of the platform."""
    return ApiError(code, _words(code, why), rule_broken=True)


def refused(code: int, why: str = "") -> ApiError:
    """Make the error for a right request that the world's state forbids."""
    return ApiError(code, _words(code, why), rule_broken=False)


def _words(code: int, why: str) -> str:
    return " ".join(part for part in (TEXTS.get(code, "refused"), why) if part)
