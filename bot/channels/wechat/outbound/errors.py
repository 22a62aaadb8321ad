"""What each error code of the platform means for the message that was being sent; a table.

Codes: developers.weixin.qq.com, global return codes; for 40200, 43116, 45015 and 45047 its community. An error code
means that nothing was delivered.
"""

from collections.abc import Mapping

from bot.channels.http_client.remedies import AlreadySent, PauseAll, Refuse, ShutOut, StopForOperator, TryAgain
from bot.channels.wechat.api.credentials import CREDENTIALS
from scoring.values import Value

__all__ = [
    "BY_CODE",
    "OF_A_PICTURE",
    "PATIENCE",
    "NextMethod",
    "QuotaUsedUp",
    "SendReduced",
    "WechatRemedy",
    "WithoutMenus",
    "remedy_for",
]

PATIENCE = 3
"""How often a message is tried again that is refused with a code of no known meaning."""


class NextMethod(Value):
    """Nothing more by this interface: the next method. `is_out`: nobody is there, unless another method finds them.

    `disables`: the account cannot use this method at all; `alarm` and `fix` tell the operator.
    """

    is_out: bool = False
    disables: bool = False
    alarm: str = ""
    fix: str = ""


class WithoutMenus(Value):
    """The account may not send menus: remembered, and sent as text."""


class SendReduced(Value):
    """Part of it was not taken: sent once more without that part, then by the next method."""


class QuotaUsedUp(Value):
    """The day's calls are used up: nothing goes until midnight in Shanghai, when quotas begin anew."""

    alarm: str


WechatRemedy = (
    TryAgain
    | PauseAll
    | StopForOperator
    | ShutOut
    | Refuse
    | AlreadySent
    | NextMethod
    | WithoutMenus
    | SendReduced
    | QuotaUsedUp
)

_SECRET = StopForOperator(CREDENTIALS, "check wechat.app_id, wechat.app_secret and the account's IP allowlist")
_BANNED = StopForOperator("wechat.banned", "the account or its interface is restricted; see the account's notices")
_TEMPLATE = NextMethod(
    disables=True, alarm="template_id", fix="the template is unusable; choose another in the account"
)
_FORBIDDEN = NextMethod(disables=True, alarm="permission", fix="the account may not use this interface")

OF_A_PICTURE = frozenset({40004, 40005, 40006, 40007, 40009, 41005, 41006, 45001})
"""Codes that refuse a picture: its kind, its size, or that it is there; the message then goes with a link to it."""

BY_CODE: Mapping[int, WechatRemedy] = {
    -1: TryAgain(),  # the system is busy
    # The access token is refused. `WechatCalls` has renewed it and tried once more before this counts.
    40001: _SECRET,
    40014: _SECRET,
    41001: _SECRET,
    42001: _SECRET,
    # The account's credentials, or the address from which it calls, are refused.
    40013: _SECRET,
    40125: _SECRET,
    40164: _SECRET,
    40243: _SECRET,
    61004: _SECRET,
    89503: _SECRET,
    40003: ShutOut("no_contact"),  # no openid of this account
    40033: Refuse(),  # characters that are not allowed
    40035: Refuse(),  # wrong parameters
    47001: Refuse(),  # wrong JSON
    40036: _TEMPLATE,
    40037: _TEMPLATE,
    43116: _TEMPLATE,
    40200: WithoutMenus(),
    41030: NextMethod(alarm="page", fix="check that http.public_url is an address that WeChat may open"),
    43004: NextMethod(is_out=True),  # does not follow; a subscription grant reaches also those who do not
    50005: NextMethod(is_out=True),
    46004: ShutOut("blocked"),  # no such user
    43019: ShutOut("blocked"),  # the account has put the customer on its blacklist
    48002: ShutOut("blocked"),  # the customer has turned messages of the account off
    43101: NextMethod(),  # no subscription grant left
    45002: SendReduced(),  # too long
    47003: SendReduced(),  # a template field holds what its kind does not allow
    45009: QuotaUsedUp("wechat.quota"),
    45011: PauseAll(60.0),  # too many calls in this minute
    45015: NextMethod(),  # the reply window is closed
    45047: NextMethod(),  # the messages of this reply window are used up
    **dict.fromkeys(OF_A_PICTURE, Refuse()),
    45065: AlreadySent(),  # the `client_msg_id` was used before
    45066: AlreadySent(),
    45067: AlreadySent(),
    48001: _FORBIDDEN,
    48008: _FORBIDDEN,
    50001: _FORBIDDEN,
    48004: _BANNED,
    50002: _BANNED,
}


def remedy_for(code: int) -> WechatRemedy:
    """Return what follows from a code; one of no known meaning is tried again a few times, since it may pass."""
    return BY_CODE.get(code, TryAgain(PATIENCE))
