"""The access token: one fetch for all who want it, kept for the next start, never asked for in a loop."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.channels.http_client.client import HttpLimits
from bot.channels.http_client.errors import ApiError, CallError, NeverLeftError
from bot.channels.wechat.api.account import AccountKeys, WechatAccount, open_account
from bot.channels.wechat.api.credentials import CREDENTIALS
from bot.channels.wechat.api.tokens import TokenNote
from storage.model.errors import Unavailable
from tests.channels.wechat.messages import user_info
from tests.support.web.clockwork import Clockwork, Draws
from tests.support.wechat import APP_ID, APP_SECRET, Cut, FakeWeChat, Garbled, Http, Person, Refuse, Silent
from tests.support.wechat.faults import Fault

STABLE, SEND = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"
MANY = 1000


@dataclass(slots=True)
class Office:
    """A service account's sender with its platform; `kept` is the note, `alarms` what the operator was told."""

    wechat: FakeWeChat
    clock: Clockwork
    mei: Person
    kept: list[str] = field(default_factory=list)
    alarms: list[tuple[str, str]] = field(default_factory=list)
    opened: list[WechatAccount] = field(default_factory=list)
    is_stored: bool = True
    limits: HttpLimits | None = None

    def account(self, secret: str = APP_SECRET) -> WechatAccount:
        """Open the account as a start of the process does."""
        account = open_account(
            AccountKeys(APP_ID, secret, self.wechat.api_base),
            note=TokenNote(self.load, self.save),
            clock=self.clock,
            secrets=Draws(),
            alarm=lambda name, why: self.alarms.append((name, why)),
            limits=self.limits,
        )
        self.opened.append(account)
        return account

    async def load(self) -> str | None:
        """Return the note."""
        if not self.is_stored:
            raise Unavailable("gone")
        return self.kept[-1] if self.kept else None

    async def save(self, value: str) -> None:
        """Keep the note."""
        if not self.is_stored:
            raise Unavailable("gone")
        self.kept.append(value)

    def fetches(self) -> list[bool]:
        """List the calls for a token: whether each forced a new one."""
        return [bool(call.values.get("force_refresh")) for call in self.wechat.calls(STABLE)]

    async def code(self, account: WechatAccount) -> int:
        """Send something; gives 0 or the error's code."""
        try:
            await account.calls.call(account.requests.send_text(self.mei.openid, "在吗"))
        except ApiError as error:
            return error.code
        return 0


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    clock = Clockwork()
    async with FakeWeChat(clock=lambda: clock.now().timestamp()).serve() as wechat:
        mei = wechat.person()
        mei.customer.allowances.text.most = 10 * MANY
        mei.customer.allowances.text.life = 10**9
        await mei.types("您好")
        office = Office(wechat, clock, mei)
        yield office
        for account in office.opened:
            await account.close()
        assert wechat.violations == []


def passes(office: Office, **time: float) -> None:
    """Let time pass."""
    office.clock.passes(timedelta(**time))


@pytest.mark.some(1)
@pytest.mark.parametrize("age", [0, 6601, 7200, 9000])
async def test_a_thousand_senders_at_once_fetch_one_token(office: Office, age: int) -> None:
    account = office.account()
    if age:
        assert await office.code(account) == 0
        passes(office, seconds=age)
    before = len(office.fetches())
    codes = await asyncio.gather(*(office.code(account) for _ in range(MANY)))
    assert set(codes) == {0}
    assert office.fetches()[before:] == [False]


async def test_the_token_is_used_until_ten_minutes_before_its_end(office: Office) -> None:
    account = office.account()
    for seconds in (0, 6599):
        passes(office, seconds=seconds)
        assert await office.code(account) == 0
    assert office.fetches() == [False]
    passes(office, seconds=1)
    assert await office.code(account) == 0
    assert office.fetches() == [False] * 2


async def test_while_the_platform_still_gives_the_old_one_it_is_asked_once_a_minute(office: Office) -> None:
    account = office.account()
    await office.code(account)
    for _ in range(40):
        passes(office, seconds=15)
        await office.code(account)
    passes(office, seconds=6000)
    before = len(office.fetches())
    for _ in range(60):
        await office.code(account)
        passes(office, seconds=10)
    assert 5 <= len(office.fetches()) - before <= 7


async def test_a_restart_fetches_no_token(office: Office) -> None:
    assert await office.code(office.account()) == 0
    passes(office, hours=1)
    assert await office.code(office.account()) == 0
    assert office.fetches() == [False]
    passes(office, hours=1)
    assert await office.code(office.account()) == 0
    assert office.fetches() == [False] * 2


@pytest.mark.parametrize("note", ["", "not json", '{"value": 5}', "[]"])
async def test_a_note_that_cannot_be_read_is_like_none(office: Office, note: str) -> None:
    office.kept.append(note)
    assert await office.code(office.account()) == 0


async def test_a_token_of_another_account_is_not_used(office: Office) -> None:
    await office.code(office.account())
    office.kept[-1] = office.kept[-1].replace(APP_ID, "wx0000000000000000")
    await office.code(office.account())
    assert office.fetches() == [False] * 2


async def test_without_a_database_the_token_is_fetched_and_held_in_memory(office: Office) -> None:
    office.is_stored = False
    account = office.account()
    assert [await office.code(account) for _ in range(3)] == [0, 0, 0]
    assert office.fetches() == [False]


async def test_a_token_that_somebody_else_replaced_is_renewed_within_the_same_call(office: Office) -> None:
    account = office.account()
    await office.code(account)
    office.wechat.account.tokens.revoke()
    codes = await asyncio.gather(*(office.code(account) for _ in range(50)))
    assert set(codes) == {0}
    assert (office.fetches(), office.alarms) == ([False] * 2, [])


async def test_a_token_that_another_process_fetched_is_taken_from_the_note(office: Office) -> None:
    one, other = office.account(), office.account()
    assert [await office.code(account) for account in (one, other)] == [0, 0]
    office.wechat.account.tokens.revoke()
    passes(office, seconds=1)
    assert [await office.code(account) for account in (one, other)] == [0, 0]
    assert office.fetches() == [False] * 2


@pytest.mark.some(2)
@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
async def test_a_token_refused_for_ever_is_fetched_twice_with_one_alarm_and_never_in_a_loop(
    office: Office, code: int
) -> None:
    account = office.account()
    office.wechat.faults.plant(Refuse(code), SEND, times=None)
    codes = await asyncio.gather(*(office.code(account) for _ in range(100)))
    assert set(codes) == {code}
    for _ in range(100):
        assert await office.code(account) == code
    assert office.fetches() == [False] * 2
    assert [name for name, _ in office.alarms] == [CREDENTIALS]
    assert len(office.wechat.calls(SEND)) <= 200, "each message is tried once, for there is no other token"


async def test_after_half_a_minute_a_new_token_is_forced_once_in_more_than_an_hour(office: Office) -> None:
    account = office.account()
    assert await office.code(account) == 0
    office.wechat.faults.plant(Refuse(40001), SEND, times=None)
    for seconds, fetched in [
        (0, [False]),
        (29, [False]),
        (1, [False, True]),
        (60, [False, True]),
        (71 * 60 - 1, [False, True]),
        (60, [False, True, True]),
    ]:
        passes(office, seconds=seconds)
        assert [await office.code(account) for _ in range(3)] == [40001] * 3
        assert office.fetches()[1:] == fetched
    office.wechat.faults.clear()
    assert await office.code(account) == 0


async def test_a_token_that_the_platform_forgot_is_forced_and_the_queue_goes_on(office: Office) -> None:
    account = office.account()
    assert await office.code(account) == 0
    tokens = office.wechat.account.tokens
    tokens.issued.clear()  # it gives the token still, and knows it no more
    assert await office.code(account) == 40001
    passes(office, seconds=30)
    assert await office.code(account) == 0
    assert office.fetches() == [False, False, True]
    assert len(office.alarms) == 1


async def test_forcing_is_rare_even_across_restarts(office: Office) -> None:
    office.wechat.faults.plant(Refuse(40001), SEND, times=None)
    for _ in range(5):
        account = office.account()
        for _ in range(3):
            passes(office, seconds=31)
            assert await office.code(account) == 40001
    assert office.fetches().count(True) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (40013, "wechat.app_id WeChat does not know this AppID (40013)."),
        (40125, "wechat.app_secret WeChat does not take this AppSecret (40125)."),
        (40243, "wechat.app_secret The AppSecret is frozen (40243)."),
        (40164, "wechat.app_secret WeChat lets no call in from this machine (40164)."),
        (99999, "wechat.api_base WeChat gives no token (99999)."),
    ],
)
async def test_whoever_is_refused_a_token_tells_the_operator_and_asks_again_half_a_minute_later(
    office: Office, code: int, words: str
) -> None:
    account = office.account()
    office.wechat.faults.plant(Refuse(code), STABLE, times=None)
    codes = await asyncio.gather(*(office.code(account) for _ in range(100)))
    assert set(codes) == {code}
    assert [await office.code(account) for _ in range(10)] == [code] * 10
    assert len(office.fetches()) == 1
    ((name, why),) = office.alarms
    assert (name, why.startswith(words)) == (CREDENTIALS, True)
    office.wechat.faults.clear()
    passes(office, seconds=30)
    assert await office.code(account) == 0


async def test_the_address_that_is_not_let_in_is_named(office: Office) -> None:
    office.wechat.account.allowed_ips = {"10.0.0.1"}
    assert await office.code(office.account()) == 40164
    assert "from 127.0.0.1 (40164)" in office.alarms[0][1]


@pytest.mark.parametrize("code", [-1, 45011])
async def test_a_busy_platform_is_no_alarm(office: Office, code: int) -> None:
    office.wechat.faults.plant(Refuse(code), STABLE)
    account = office.account()
    assert await office.code(account) == code
    passes(office, seconds=30)
    assert (await office.code(account), office.alarms) == (0, [])


@pytest.mark.parametrize(
    "fault",
    [
        Http(502),
        Garbled(),
        Garbled("[]"),
        Garbled("{}"),
        Garbled('{"access_token": "", "expires_in": 7200}'),
        Garbled('{"access_token": "x", "expires_in": "soon"}'),
        Cut(),
        Silent(),
    ],
    ids=repr,
)
async def test_what_found_no_token_never_left(office: Office, fault: Fault) -> None:
    office.limits = HttpLimits(connections=32, connect=0.5, answer=0.1)
    account = office.account()
    office.wechat.faults.plant(fault, STABLE)
    with pytest.raises(NeverLeftError, match="no token could be had"):
        await office.code(account)
    assert office.wechat.calls(SEND) == []
    passes(office, seconds=5)
    assert (await office.code(account), office.alarms) == (0, [])


async def test_a_token_that_is_still_good_is_used_while_no_newer_one_can_be_had(office: Office) -> None:
    account = office.account()
    await office.code(account)
    passes(office, seconds=6700)
    office.wechat.faults.plant(Http(502), STABLE, times=None)
    assert [await office.code(account) for _ in range(20)] == [0] * 20
    assert len(office.fetches()) == 2
    passes(office, seconds=501)
    with pytest.raises(NeverLeftError):
        await office.code(account)


async def test_each_who_waits_for_a_token_in_vain_has_an_error_of_its_own(office: Office) -> None:
    account = office.account()
    office.wechat.faults.plant(Refuse(40125), STABLE, times=None)
    calls = [account.calls.call(user_info(office.mei.openid)) for _ in range(20)]
    errors = await asyncio.gather(*calls, return_exceptions=True)
    assert len({id(error) for error in errors}) == 20
    assert {str(error) for error in errors if isinstance(error, CallError)} == {str(errors[0])}


async def test_whoever_stops_waiting_takes_the_token_from_nobody(office: Office) -> None:
    account = office.account()
    first, second = [asyncio.create_task(office.code(account)) for _ in range(2)]
    await asyncio.sleep(0)
    first.cancel()
    assert await second == 0
    assert office.fetches() == [False]


async def test_the_token_and_the_secret_are_told_nowhere(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    account = office.account()
    await office.code(account)
    office.wechat.faults.plant(Refuse(40001), SEND)
    office.wechat.faults.plant(Refuse(40125), STABLE)
    passes(office, hours=3)
    for _ in range(2):
        await office.code(account)
    secrets = [APP_SECRET, *office.wechat.account.tokens.issued]
    assert [secret for secret in secrets if secret in caplog.text + str(office.alarms)] == []
