"""How the account fares decides how answers go, and is forgotten when its time is over."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.wechat.outbound.health import AccountHealth, MenuMemory
from bot.channels.wechat.outbound.send_methods import SendMethod
from bot.ports import Refused, Retry
from storage.model.errors import Unavailable
from tests.channels.wechat.chat import OFFERS
from tests.channels.wechat.messages import GRANTED, INVITING, NOW


async def never() -> bool:
    return False


async def fails() -> None:
    raise Unavailable("read-only")


def health(alarms: list[tuple[str, str]] | None = None) -> AccountHealth:
    told = [] if alarms is None else alarms
    return AccountHealth(OFFERS, MenuMemory(never, fails), lambda *alarm: told.append(alarm))


def later(**delta: float) -> datetime:
    return NOW + timedelta(**delta)


async def test_an_account_without_menus_is_met_again_where_that_could_not_be_written(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = health()
    await account.has_no_menus()
    assert (account.wants_inline(NOW), account.abilities(NOW).menus) == (True, False)
    assert "is not remembered beyond this process" in caplog.text
    await account.start()
    assert not account.wants_inline(NOW)


def test_a_call_of_more_than_a_second_makes_answers_go_inline_for_a_minute() -> None:
    account = health()
    account.answered(timedelta(seconds=1), NOW)
    assert not account.wants_inline(NOW)
    account.answered(timedelta(seconds=1.1), NOW)
    assert [account.wants_inline(later(seconds=s)) for s in (0, 59, 60)] == [True, True, False]


def test_each_interface_rests_for_itself_and_for_an_hour() -> None:
    account = health()
    account.disable(SendMethod.TEMPLATE, NOW)
    account.disable(SendMethod.MENU, NOW)
    able = account.abilities(later(minutes=59))
    assert (able.custom, able.template, able.subscription) == (False, None, GRANTED)
    able = account.abilities(later(hours=1))
    assert (able.custom, able.template, able.subscription) == (True, INVITING, GRANTED)


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)),
        (datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)),
    ],
    ids=["a second before", "just after"],
)
def test_a_day_s_quota_ends_at_midnight_in_shanghai(now: datetime, midnight: datetime) -> None:
    alarms: list[tuple[str, str]] = []
    account = health(alarms)
    seconds = (midnight - now).total_seconds()
    assert account.pause(None, "45009", "wechat.quota", now) == Retry(seconds, "45009", pauses_all=True)
    assert alarms == [("wechat.quota", "45009")]
    assert account.paused(midnight - timedelta(seconds=1)) == Retry(1.0, "45009", pauses_all=True)
    assert account.paused(midnight) is None


def test_a_refused_credential_stops_everything_for_a_minute() -> None:
    account = health()
    stopped = account.stop("40125", "wechat.credentials", NOW)
    assert stopped == Refused("40125", "wechat.credentials")
    assert [account.paused(later(seconds=s)) for s in (0, 59, 60)] == [stopped, stopped, None]
