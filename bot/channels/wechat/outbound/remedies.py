"""What each error code of the platform asks of us, as a table.

Codes: the platform's global return codes, and the community for 40200, 43116, 45015 and 45047
(developers.weixin.qq.com, global return codes). An error code means that nothing was delivered.
"""

from collections.abc import Mapping

from bot.channels.wechat.api.credentials import CREDENTIALS
from scoring.values import Value

__all__ = [
    "PATIENCE",
    "TABLE",
    "Again",
    "Dead",
    "Done",
    "Down",
    "Mend",
    "NoMenus",
    "Out",
    "Pause",
    "Remedy",
    "Stop",
    "backoff",
    "remedy_for",
]

PATIENCE = 3
"""So often a message whose refusal nobody knows is tried again."""
_LONGEST_PAUSE = 60.0


class Again(Value):
    """The same way, a little later; `times` bounds how often, None: as long as the message has time."""

    times: int | None = None


class Pause(Value):
    """Too much was sent: nothing goes for so many seconds, or until the day ends in Shanghai (None)."""

    seconds: float | None
    alarm: str = ""


class Stop(Value):
    """Only the operator can mend this: nothing goes, the queue is kept; `fix` says what to look at."""

    alarm: str
    fix: str


class Down(Value):
    """Nothing more by this interface: the next way. `is_out`: nobody is there, unless another way finds them.

    `disables`: the account cannot go this way at all; `alarm` and `fix` tell the operator.
    """

    is_out: bool = False
    disables: bool = False
    alarm: str = ""
    fix: str = ""


class NoMenus(Value):
    """The account may not send menus: remembered, and said as text."""


class Out(Value):
    """The customer cannot be reached on WeChat: `blocked` or `no_contact`, as in `bot.ports.Blocked`."""

    reason: str


class Mend(Value):
    """Something in it was not taken: sent once more without it, then the next way."""


class Dead(Value):
    """It is wrong, and would be refused again: our fault. A menu is said as text."""


class Done(Value):
    """It had been sent before."""


Remedy = Again | Pause | Stop | Down | NoMenus | Out | Mend | Dead | Done

_SECRET = Stop(CREDENTIALS, "check wechat.app_id, wechat.app_secret and the account's IP allowlist")
_BANNED = Stop("wechat.banned", "the account or its interface is restricted; see the account's notices")
_TEMPLATE = Down(disables=True, alarm="template_id", fix="the template is unusable; choose another in the account")
_FORBIDDEN = Down(disables=True, alarm="permission", fix="the account may not use this interface")

TABLE: Mapping[int, Remedy] = {
    -1: Again(),
    40001: _SECRET,  # the four of tokens: only after one refresh and one more try
    40014: _SECRET,
    41001: _SECRET,
    42001: _SECRET,
    40013: _SECRET,
    40125: _SECRET,
    40164: _SECRET,
    40243: _SECRET,
    61004: _SECRET,
    89503: _SECRET,
    40003: Out("no_contact"),
    40033: Dead(),
    40035: Dead(),
    47001: Dead(),
    40036: _TEMPLATE,
    40037: _TEMPLATE,
    43116: _TEMPLATE,
    40200: NoMenus(),
    41030: Down(alarm="page", fix="check that http.public_url is an address that WeChat may open"),
    43004: Down(is_out=True),  # a grant reaches those who no longer follow, too
    50005: Down(is_out=True),
    46004: Out("blocked"),
    43019: Out("blocked"),
    48002: Out("blocked"),
    43101: Down(),
    45002: Mend(),
    47003: Mend(),
    45009: Pause(None, "wechat.quota"),
    45011: Pause(60.0),
    45015: Down(),
    45047: Down(),
    45065: Done(),
    45066: Done(),
    45067: Done(),
    48001: _FORBIDDEN,
    48008: _FORBIDDEN,
    50001: _FORBIDDEN,
    48004: _BANNED,
    50002: _BANNED,
}


def remedy_for(code: int) -> Remedy:
    """Return what a code asks for; one that nobody knows is tried again a few times, for it may pass."""
    return TABLE.get(code, Again(PATIENCE))


def backoff(failures: int) -> float:
    """Return the seconds to wait after so many failures before: 1, 2, 4 … 60."""
    return min(2.0 ** min(failures, 6), _LONGEST_PAUSE)
