"""What follows for a delivery from the answer that it met."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.outgoing.delivery_outcome import (
    GIVES_UP_AFTER,
    AttemptKind,
    HookAnswer,
    after_attempt,
    retry_delay,
)
from scoring.values import replace
from storage.model.outgoing.hook_records import HookDelivery, HookDeliveryStatus, HookEventType

NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)
TRIED = HookDelivery(
    number=1,
    endpoint="hook_1",
    event="evt_1",
    type=HookEventType.ISSUE_OPENED,
    subject="iss_1",
    state=HookDeliveryStatus.SENDING,
    attempts=1,
    created_at=NOW,
    due_at=NOW + timedelta(seconds=30),
    since=NOW,
    attempted_at=NOW,
    code=0,
    milliseconds=0,
    answer="",
    why="",
)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_success_is_an_arrival(status: int) -> None:
    result = after_attempt(TRIED, HookAnswer(status, "ok", milliseconds=12), NOW)
    assert (result.kind, result.ends) == (AttemptKind.DELIVERED, "")
    assert (result.delivery.state, result.delivery.code, result.delivery.answer) == ("delivered", status, "ok")
    assert result.delivery.milliseconds == 12


@pytest.mark.parametrize(
    ("met", "kind", "why"),
    [
        (HookAnswer(0, problem="no whole answer within 10 s"), AttemptKind.UNREACHED, "no whole answer within 10 s"),
        (HookAnswer(302), AttemptKind.REDIRECTED, "it answered 302; redirects are not followed"),
        (HookAnswer(404), AttemptKind.REFUSED, "it answered 404"),
        (HookAnswer(500), AttemptKind.FAILED, "it answered 500"),
        (HookAnswer(100), AttemptKind.FAILED, "it answered 100"),
    ],
)
def test_all_else_is_tried_again_with_the_reason(met: HookAnswer, kind: AttemptKind, why: str) -> None:
    result = after_attempt(TRIED, met, NOW)
    assert (result.kind, result.delivery.why, result.ends) == (kind, why, "")
    assert result.delivery.state is HookDeliveryStatus.WAITING
    assert timedelta(seconds=0.8) <= result.delivery.due_at - NOW <= timedelta(seconds=1.2)


def test_gone_ends_the_endpoint_at_once() -> None:
    assert after_attempt(TRIED, HookAnswer(410), NOW).ends == "it answered 410 Gone"


def test_a_day_of_failures_ends_the_endpoint_and_not_a_moment_less() -> None:
    last = replace(TRIED, attempts=30)
    before = after_attempt(last, HookAnswer(500), NOW + GIVES_UP_AFTER - timedelta(seconds=1))
    after = after_attempt(last, HookAnswer(500), NOW + GIVES_UP_AFTER)
    assert before.ends == ""
    assert after.ends == "for 24 hours issue.opened did not arrive there: it answered 500"
    assert after.delivery.state is HookDeliveryStatus.WAITING  # nothing is thrown away


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Mon, 30 Nov 2026 14:05:00 GMT", 300),
        (429, str(10**12), 86400),
        (429, "-5", 0),
        (429, "soon", 0),
        (429, "Mon, 30 Nov 2025 14:05:00 GMT", 0),
        (429, "Mon, 30 Nov 2026 14:05:00", 0),
        (500, "120", 0),
        (404, "120", 0),
    ],
)
def test_an_endpoint_may_ask_to_be_left_alone(status: int, retry_after: str, seconds: int) -> None:
    result = after_attempt(TRIED, HookAnswer(status, retry_after=retry_after), NOW)
    assert result.waits == timedelta(seconds=seconds)
    assert result.delivery.due_at >= NOW + result.waits


@given(st.text(), st.integers(1, 10_000))
def test_waits_grow_up_to_an_hour_and_are_spread_by_a_fifth(event: str, attempts: int) -> None:
    plain = min(timedelta(seconds=2 ** min(attempts - 1, 20)), timedelta(hours=1))
    assert 0.8 * plain <= retry_delay(event, attempts) <= 1.2 * plain


@given(st.text(max_size=200), st.integers(0, 999))
def test_no_header_of_an_endpoint_breaks_anything(retry_after: str, status: int) -> None:
    result = after_attempt(TRIED, HookAnswer(status, retry_after=retry_after), NOW)
    assert timedelta() <= result.waits <= GIVES_UP_AFTER


def test_there_are_some_thirty_attempts_in_a_day() -> None:
    passed, attempts = timedelta(), 0
    while passed < GIVES_UP_AFTER:
        attempts += 1
        passed += retry_delay("evt_1", attempts)
    assert 30 <= attempts <= 45
