"""Why no access token is given: the setting, what is wrong with it, the fix.

Codes: developers.weixin.qq.com, getStableAccessToken and global return codes.
"""

import re

from bot.channels.descriptor import SettingProblem
from bot.channels.http_client.errors import ApiError

__all__ = ["CREDENTIALS", "problem_of"]

CREDENTIALS = "wechat.credentials"
"""The alarm for credentials that the platform refuses."""

_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_FROM_CONSOLE = "Copy it from the console, 设置与开发 → 基本配置."
_WRONG_SECRET = ("wechat.app_secret", "WeChat does not take this AppSecret", _FROM_CONSOLE)
_STRANGER = ("wechat.app_secret", "WeChat lets no call in from {here}", "Add it to the IP allowlist (IP白名单) there.")
_COMPLAINTS: dict[int, tuple[str, str, str]] = {
    40001: _WRONG_SECRET,
    40013: ("wechat.app_id", "WeChat does not know this AppID", _FROM_CONSOLE),
    40125: _WRONG_SECRET,
    40164: _STRANGER,
    61004: _STRANGER,
    40243: ("wechat.app_secret", "The AppSecret is frozen", "Unfreeze it in the console, 设置与开发 → 基本配置."),
    41002: ("wechat.app_id", "WeChat does not know this AppID", _FROM_CONSOLE),
    41004: _WRONG_SECRET,
    45009: ("wechat.app_id", "The day's calls are used up", "Wait until midnight in Shanghai, or reset them there."),
    50002: ("wechat.app_id", "The account is restricted", "See the notices in the account's console."),
    89503: ("wechat.app_secret", "WeChat waits for a yes to {here}", "Let the account's administrator confirm it."),
}


def problem_of(error: ApiError) -> SettingProblem:
    """Return what a refused call for a token means to the owner."""
    key, what, fix = _COMPLAINTS.get(error.code, ("wechat.api_base", "WeChat gives no token", "Try again later."))
    found = _ADDRESS.search(error.text)
    where = found[0] if found else "this machine"
    return SettingProblem(key, f"{what.format(here=where)} ({error.code}).", fix)
