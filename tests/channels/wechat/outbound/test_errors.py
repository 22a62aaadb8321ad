"""Every error code that is known has its remedy; the others are tried again a few times and then given up."""

import pytest

from bot.channels.http_client.remedies import (
    AlreadySent,
    PauseAll,
    Refuse,
    ShutOut,
    StopForOperator,
    TryAgain,
)
from bot.channels.wechat.outbound.errors import (
    BY_CODE,
    PATIENCE,
    NextMethod,
    QuotaUsedUp,
    SendReduced,
    WithoutMenus,
    remedy_for,
)

KNOWN = {
    TryAgain: [-1],
    StopForOperator: [40001, 40014, 42001, 41001, 40013, 40125, 40243, 40164, 61004, 89503, 48004, 50002],
    ShutOut: [40003, 46004, 43019, 48002],
    Refuse: [40033, 47001, 40035, 40004, 40005, 40006, 40007, 40009, 41005, 41006, 45001],
    NextMethod: [40036, 40037, 43116, 41030, 43004, 50005, 43101, 45015, 45047, 48001, 48008, 50001],
    WithoutMenus: [40200],
    SendReduced: [45002, 47003],
    QuotaUsedUp: [45009],
    PauseAll: [45011],
    AlreadySent: [45065, 45066, 45067],
}


def test_every_code_of_the_platform_that_concerns_sending_stands_in_the_table() -> None:
    assert {code: type(remedy) for code, remedy in BY_CODE.items()} == {
        code: kind for kind, codes in KNOWN.items() for code in codes
    }


@pytest.mark.parametrize("code", [40058, 44004, 48003, 99999, 1])
def test_a_code_that_nobody_knows_is_tried_again_a_few_times(code: int) -> None:
    assert remedy_for(code) == TryAgain(PATIENCE)


def test_a_busy_platform_is_tried_again_as_long_as_the_message_has_time() -> None:
    assert remedy_for(-1) == TryAgain(times=None)


@pytest.mark.parametrize(("code", "reason"), [(40003, "no_contact"), (46004, "blocked"), (43019, "blocked")])
def test_who_cannot_be_reached_is_told_apart_from_who_was_never_known(code: int, reason: str) -> None:
    assert remedy_for(code) == ShutOut(reason)


@pytest.mark.parametrize("code", [43004, 50005])
def test_who_does_not_follow_may_still_be_reached_by_a_grant(code: int) -> None:
    assert remedy_for(code) == NextMethod(is_out=True)


@pytest.mark.parametrize("code", [45015, 45047, 43101])
def test_a_shut_window_and_a_missing_grant_are_no_alarm(code: int) -> None:
    assert remedy_for(code) == NextMethod()


@pytest.mark.parametrize("code", KNOWN[StopForOperator])
def test_what_only_the_operator_can_mend_says_what_to_look_at(code: int) -> None:
    remedy = remedy_for(code)
    assert isinstance(remedy, StopForOperator)
    assert remedy.alarm.startswith("wechat.")
    assert remedy.fix
