"""What the platform remembers of one service account; interfaces and people work on this."""

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.support.botapi.bell import Bell
from tests.support.wechat.customers import Customer
from tests.support.wechat.errors import refused
from tests.support.wechat.pushes.crypto import MessageCrypto
from tests.support.wechat.pushes.xmlio import Tree
from tests.support.wechat.rules.allowances import Spending
from tests.support.wechat.rules.quotas import Quotas
from tests.support.wechat.rules.templates import Template
from tests.support.wechat.rules.tokens import Tokens

__all__ = ["AES_KEY", "APP_ID", "APP_SECRET", "ORIGINAL_ID", "TOKEN", "Account", "OAuthCode", "QrCode"]

APP_ID = "wx3f6d0c2b9a1e4785"
APP_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
TOKEN = "pushTokenOfTheFakeWeChat"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ORIGINAL_ID = "gh_5c7d1f2a9b30"
FIRST_MESSAGE = 24_681_012_345_678_901  # above 2^53, as real ids are


@dataclass(frozen=True, slots=True)
class QrCode:
    """A parametric QR code: its scene, ticket, the address inside the picture, and its last second (0: permanent)."""

    scene: str
    ticket: str
    url: str
    expires_at: float = 0.0


@dataclass(slots=True)
class OAuthCode:
    """A code of the web authorisation: whose, until when, for which scope, used or not."""

    openid: str
    expires_at: float
    scope: str
    used: bool = False


@dataclass(slots=True, repr=False)
class Account:
    """One service account and its surroundings.

    Settings that a test may change: `menus` False makes msgmenu 40200; `secret_frozen` 40243; `allowed_ips` 40164;
    `linked` puts a unionid into answers; `oauth_domains` holds `host[:port]` that a web authorisation may return to.
    """

    clock: Callable[[], float]
    app_id: str = APP_ID
    secret: str = APP_SECRET
    token: str = TOKEN
    aes_key: str = AES_KEY
    original_id: str = ORIGINAL_ID
    menus: bool = True
    secret_frozen: bool = False
    allowed_ips: set[str] | None = None
    linked: bool = False
    oauth_domains: set[str] | None = None
    spending: Spending = "text first"
    bell: Bell = field(default_factory=Bell)
    customers: dict[str, Customer] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    codes: list[QrCode] = field(default_factory=list)
    oauth: dict[str, OAuthCode] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    job_ids: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)
    tokens: Tokens = field(init=False)
    quotas: Quotas = field(init=False)
    crypto: MessageCrypto = field(init=False)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_MESSAGE, 7))
    tell_later: Callable[[Customer, str, Tree], None] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens, self.quotas = Tokens(self.clock), Quotas(self.clock)
        self.crypto = MessageCrypto(self.token, self.aes_key, self.app_id)

    def now(self) -> int:
        """Tell the time as the platform writes it: whole Unix seconds."""
        return int(self.clock())

    def customer(self, openid: str) -> Customer:
        """Find a person by the openid that this account knows; raises 40003, or 46004 for one who is no more."""
        customer = self.customers.get(openid)
        if customer is None:
            raise refused(40003)
        if customer.gone:
            raise refused(46004)
        if customer.blacklisted:
            raise refused(43019)
        return customer

    def template(self, template_id: object, kind: str) -> Template:
        """Find a template of this kind; raises 40037, or 43116 for a banned one."""
        template = self.templates.get(str(template_id))
        if template is None or template.kind != kind:
            raise refused(40037)
        if template.banned:
            raise refused(43116)
        return template

    def code(self, scene: str, expires_at: float = 0.0) -> QrCode:
        """Make a parametric QR code."""
        ticket = "gQ" + os.urandom(45).hex() + "=="
        code = QrCode(scene, ticket, f"http://weixin.qq.com/q/{os.urandom(12).hex()}", expires_at)
        self.codes.append(code)
        return code
