"""The one reminder: never at night, never before the first question, never twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from dialogs.outbox.model import SendingState
from dialogs.time.contact_hours import DailyHours
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose, TicketStatus
from tests.support.stage.opening import policy_of
from tests.support.stage.script import read_script
from tests.support.stage.world import Stage

_HEAD = "# 任意一天。\nsurvey: after_service   locale: zh-Hans   clock: 2026-11-23 09:00\ncustomer: 王女士"
_POLICY = policy_of(read_script(_HEAD).header)
_SHANGHAI, _HOUR = ZoneInfo("Asia/Shanghai"), timedelta(hours=1)
_NOON = datetime(2026, 11, 23, 12, tzinfo=_SHANGHAI).astimezone(UTC)
_MORNING = datetime(2026, 11, 24, 9, tzinfo=_SHANGHAI).astimezone(UTC)
_CLOSED = TicketEvent(
    "zendesk", "42", TicketStatus.CLOSED, CustomerEvent("c-1", contacts=((PHONE.channel, PHONE.chat),))
)
_NIGHT = DailyHours(time(21), time(9))


def closed(policy: Policy, *, is_away: bool = False, **passed: int) -> Stage:
    """Close a ticket at noon, and let this much pass."""
    stage = Stage(replace(policy, quiet=_NIGHT, timezone=_SHANGHAI, delay=timedelta(0)), _NOON)
    stage.is_away = is_away
    stage.ticket(_CLOSED)
    stage.wait(timedelta(**passed))
    return stage


def sent(stage: Stage, purpose: Purpose) -> list[datetime | None]:
    """Return when messages of this kind went out."""
    messages = stage.rows.listed(OutboxMessage)
    return [
        message.sent_at for message in messages if message.purpose is purpose and message.status is SendingState.SENT
    ]


def test_a_reminder_that_comes_due_at_night_waits_for_the_morning() -> None:
    assert sent(closed(_POLICY, days=5), Purpose.REMINDER) == [_MORNING]


def test_a_service_that_wakes_at_night_reminds_in_the_morning() -> None:
    stage = closed(replace(_POLICY, reminder_after=6 * _HOUR), hours=1)
    stage.now += 12 * _HOUR
    stage.wait(timedelta(0))
    assert sent(stage, Purpose.REMINDER) == []
    stage.wait(timedelta(days=5))
    assert sent(stage, Purpose.REMINDER) == [_MORNING]


def test_a_survey_that_ends_in_the_night_has_no_reminder() -> None:
    stage = closed(replace(_POLICY, reminder_after=10 * _HOUR, expires_after=20 * _HOUR), days=5)
    assert sent(stage, Purpose.REMINDER) == []


def test_there_is_one_reminder_however_long_the_survey_stays_open() -> None:
    stage = closed(replace(_POLICY, reminder_after=_HOUR, expires_after=timedelta(days=30)), days=31)
    assert sent(stage, Purpose.REMINDER) == [_NOON + _HOUR]


def test_nobody_is_reminded_of_a_question_that_has_not_come_yet() -> None:
    stage = closed(replace(_POLICY, reminder_after=_HOUR), is_away=True, hours=1)
    stage.is_away = False
    stage.wait(timedelta(days=5))
    assert sent(stage, Purpose.SURVEY) == [_NOON + 2 * _HOUR]
    assert sent(stage, Purpose.REMINDER) == [_NOON + 3 * _HOUR]
