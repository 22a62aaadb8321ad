"""What follows for a message when its call failed: repeated only where it surely did not arrive."""

import pytest

from bot.channels.http_client.errors import (
    ApiError,
    CallError,
    GatewayError,
    NeverLeftError,
    NoAnswerError,
    foreign_answer,
)
from bot.channels.http_client.remedies import (
    AlreadySent,
    ChatMoved,
    EditTargetGone,
    InDoubt,
    PauseAll,
    Refuse,
    Remedy,
    ShutOut,
    StopForOperator,
    TryAgain,
    backoff,
    delivery_for,
    remedy_without_answer,
)
from bot.ports import Blocked, Delivery, Gone, Moved, Refused, Retry, Sent, Unknown


@pytest.mark.parametrize(
    ("error", "remedy"),
    [(NeverLeftError("x"), TryAgain()), (GatewayError("x"), TryAgain()), (NoAnswerError("x"), InDoubt())],
    ids=repr,
)
def test_without_an_answer_only_what_surely_did_nothing_is_repeated(error: CallError, remedy: Remedy) -> None:
    assert remedy_without_answer(error) == remedy


def test_an_answer_of_the_platform_is_for_its_own_table() -> None:
    with pytest.raises(KeyError):
        remedy_without_answer(ApiError(400, "Bad Request"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, NoAnswerError),
        (204, NoAnswerError),
        (302, GatewayError),
        (403, GatewayError),
        (502, GatewayError),
        (503, GatewayError),
        (504, NoAnswerError),
    ],
)
def test_a_page_in_the_place_of_an_answer_says_whether_the_request_was_passed_on(
    status: int, kind: type[CallError]
) -> None:
    assert type(foreign_answer(status, "Telegram")) is kind


@pytest.mark.parametrize(
    ("remedy", "delivery"),
    [
        (TryAgain(), Retry(4.0, "why")),
        (TryAgain(times=3), Retry(4.0, "why")),
        (TryAgain(times=2), Refused("why")),
        (InDoubt(), Unknown("why")),
        (PauseAll(60.0), Retry(60.0, "why", pauses_all=True)),
        (StopForOperator("telegram.token"), Refused("why", "telegram.token")),
        (StopForOperator("wechat.banned", "look"), Refused("why; look", "wechat.banned")),
        (ShutOut("blocked"), Blocked("blocked", "why")),
        (Refuse(), Refused("why")),
        (AlreadySent(), Sent("77")),
        (EditTargetGone(), Gone("why")),
        (ChatMoved("-100"), Moved("-100")),
    ],
    ids=repr,
)
def test_each_remedy_says_what_became_of_the_message(remedy: Remedy, delivery: Delivery) -> None:
    assert delivery_for(remedy, "why", attempts=2, receipt="77") == delivery


def test_waiting_doubles_up_to_a_minute() -> None:
    assert [backoff(n) for n in (0, 1, 2, 5, 6, 500)] == [1, 2, 4, 32, 60, 60]
