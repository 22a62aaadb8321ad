"""Every closed ticket is asked about in time, outside the quiet hours, or carries the reason why not (I1, I10, I12)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sandbox.channel import PHONE
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from dialogs.ids import Ref
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.outbox.model import SendingState
from dialogs.time.contact_hours import DailyHours
from dialogs.time.workdays import Workdays
from scoring.values import replace
from storage.model.records import OutboxMessage, Purpose, TicketStatus, Window
from storage.unit_of_work.changes import Changes
from tests.dialogs.time.clocks import ZONES, changes, is_quiet, moments
from tests.support.channels import able
from tests.support.examples import tries
from tests.support.stage.laws import broken
from tests.support.stage.opening import policy_of
from tests.support.stage.script import read_script
from tests.support.stage.world import Stage

_HEAD = "# 任意一天。\nsurvey: after_service   locale: zh-Hans   clock: 2026-11-23 09:00\ncustomer: 王女士"
_POLICY = policy_of(read_script(_HEAD).header)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STARTS = [*(change.at for zone in ZONES for change in changes(zone)), datetime(2026, 2, 13, 9, tzinfo=UTC)]


class Closing(NamedTuple):
    """A ticket that the help desk closed so many minutes before it says so."""

    ago: int


class Pass(NamedTuple):
    """Minutes that pass; while the service `is_down` nobody looks what is due."""

    minutes: int
    is_down: bool = False


Deed = Closing | Pass


class Wishes(NamedTuple):
    """What an owner has set about time."""

    zone: ZoneInfo
    quiet: DailyHours | None
    business: DailyHours | None
    workdays: Workdays | None
    delay: timedelta
    deadline: timedelta
    quarantine: timedelta
    reminder_after: timedelta
    expires_after: timedelta

    def policy(self) -> Policy:
        """Return them with everything else as shipped."""
        told = self._asdict()
        return replace(_POLICY, timezone=told.pop("zone"), **told | {"delay": min(self.delay, self.deadline)})


_clocks = st.integers(0, 1439).map(lambda minute: time(*divmod(minute, 60)))
_hours = st.builds(DailyHours, _clocks, _clocks).filter(lambda span: span.start != span.end)
_spans = st.sampled_from([timedelta(minutes=n) for n in (0, 1, 30, 90, 12 * 60, 24 * 60 - 1)])
_wishes = st.builds(
    Wishes,
    zone=st.sampled_from(ZONES),
    quiet=st.none() | _hours,
    business=st.none() | _hours,
    workdays=st.none() | st.just(Workdays()),
    delay=_spans,
    deadline=st.sampled_from([_HOUR, 6 * _HOUR, _DAY, _DAY]),
    quarantine=st.sampled_from([timedelta(0), _HOUR, 2 * _DAY]),
    reminder_after=st.sampled_from([timedelta(minutes=1), 12 * _HOUR]),
    expires_after=st.sampled_from([2 * _HOUR, 3 * _DAY]),
)
_passes = st.builds(Pass, st.integers(1, 30 * 60))
_deeds = st.lists(st.builds(Closing, st.integers(0, 90) | st.integers(0, 26 * 60)) | _passes, min_size=1, max_size=6)
_outages = st.lists(st.builds(Pass, st.integers(1, 30 * 60), st.sampled_from([True])), min_size=1, max_size=3).map(
    lambda outages: [Closing(0), *outages]
)


def closed(ticket: str, at: datetime, *, reachable: bool = True) -> TicketEvent:
    """Return what the help desk says of a closing."""
    who = CustomerEvent("c-1", contacts=((PHONE.channel, PHONE.chat),) if reachable else ())
    return TicketEvent("zendesk", ticket, TicketStatus.CLOSED, who, closed_at=at)


def lived(wishes: Wishes, start: datetime, deeds: Sequence[Deed], *, reachable: bool = True) -> Stage:
    """Let all this happen to one customer, and five days pass; each closing is a ticket of its own."""
    stage = Stage(wishes.policy(), start)
    for number, deed in enumerate(deeds):
        match deed:
            case Closing(ago):
                stage.ticket(closed(str(number), stage.now - timedelta(minutes=ago), reachable=reachable))
            case Pass(minutes, True):
                stage.now += timedelta(minutes=minutes)
                stage.wait(timedelta(0))
            case Pass(minutes):
                stage.wait(timedelta(minutes=minutes))
    stage.wait(5 * _DAY)
    return stage


def wrongs(stage: Stage) -> Iterator[object]:
    """Find what was asked too late, at night or too often, and what was neither asked nor excused."""
    policy, asked = stage.policy, []
    yield from broken(stage)
    for one in stage.rows.listed(Invitation):
        if one.asked_at is None:
            if one.state in (InvitationState.SCHEDULED, InvitationState.ASKED) or one.reason is None:
                yield "neither asked nor excused", one
            continue
        asked.append(one.asked_at)
        if one.reason is not None or not one.closed_at <= one.asked_at < one.closed_at + policy.deadline:
            yield "not in time", one
    yield from (pair for pair in pairwise(sorted(asked)) if pair[1] - pair[0] < policy.quarantine)
    yield from _disturbances(stage)


def _disturbances(stage: Stage) -> Iterator[object]:
    sent = defaultdict[Ref | None, list[OutboxMessage]](list)
    for message in stage.rows.listed(OutboxMessage):
        if message.status is SendingState.SENT and message.purpose in (Purpose.SURVEY, Purpose.REMINDER):
            sent[message.about].append(message)
            if message.sent_at is None or is_quiet(message.sent_at, stage.policy.quiet, stage.policy.timezone):
                yield "at night", message
    for interview in stage.rows.listed(Interview):
        if [message.purpose for message in sent[interview.ref]][1:] not in ([], [Purpose.REMINDER]):
            yield "not one reminder after the question", sent[interview.ref]


@given(_wishes, st.sampled_from(_STARTS), st.integers(0, 3000), _deeds)
@tries(100)
def test_each_closing_is_asked_about_in_time_or_has_its_reason(
    wishes: Wishes, change: datetime, before: int, deeds: list[Deed]
) -> None:
    stage = lived(wishes, change - timedelta(minutes=before), deeds)
    assert list(wrongs(stage)) == []


@given(_wishes, st.sampled_from(_STARTS), st.integers(0, 3000), st.integers(0, 26 * 60))
@tries(100)
def test_the_reason_is_true(wishes: Wishes, change: datetime, before: int, ago: int) -> None:
    told_at = change - timedelta(minutes=before)
    (one,) = lived(wishes, told_at, [Closing(ago)]).rows.listed(Invitation)
    left = [at for at in moments(told_at, one.deadline_at) if not is_quiet(at, wishes.quiet, wishes.zone)]
    if one.reason is None:
        assert one.asked_at in left
    else:
        assert left == []
        assert one.reason is (InvitationReason.DEADLINE if told_at > one.deadline_at else InvitationReason.QUIET_HOURS)


@given(_wishes, st.sampled_from(_STARTS), st.integers(0, 3000), st.integers(1, 72))
@tries(60)
def test_a_channel_that_lets_us_write_for_a_while_only_is_asked_on_before_that_is_over(
    wishes: Wishes, change: datetime, before: int, lasts: int
) -> None:
    closed_at = change - timedelta(minutes=before)
    stage = Stage(able(wishes.policy(), PHONE.channel, reply_window=lasts * _HOUR), closed_at)
    stage.rows.write(Changes((Window(PHONE.channel, PHONE.chat, typed_at=closed_at - _HOUR),)))
    stage.ticket(closed("42", closed_at))
    stage.wait(2 * _DAY)
    (one,) = stage.rows.listed(Invitation)
    shuts = min(closed_at + (lasts - 1) * _HOUR, one.deadline_at)
    if any(not is_quiet(at, wishes.quiet, wishes.zone) for at in moments(closed_at, shuts)):
        assert one.asked_at is not None
        assert one.asked_at < shuts
    assert list(_disturbances(stage)) == []


@given(_wishes, st.sampled_from(_STARTS), _outages)
@tries(100)
def test_an_outage_of_any_length_leads_to_nothing_at_night_and_nothing_late(
    wishes: Wishes, start: datetime, deeds: list[Deed]
) -> None:
    assert list(wrongs(lived(wishes, start, deeds))) == []


@given(_wishes, st.sampled_from(_STARTS), _deeds)
@tries(20)
def test_who_cannot_be_reached_at_all_is_not_forgotten_either(
    wishes: Wishes, start: datetime, deeds: list[Deed]
) -> None:
    stage = lived(wishes, start, deeds, reachable=False)
    assert list(wrongs(stage)) == []
    reasons = {one.reason for one in stage.rows.listed(Invitation)}
    assert reasons <= {InvitationReason.NO_CONTACT, InvitationReason.QUIET_HOURS, InvitationReason.DEADLINE}


def test_whom_the_night_keeps_from_being_asked_until_the_quarantine_is_over_is_asked() -> None:
    evening = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai
    stage = Stage(replace(_POLICY, quarantine=11 * _HOUR), evening - 2 * _HOUR)
    stage.ticket(closed("42", stage.now))  # asked at 20:00, so the quarantine ends at 07:00
    stage.wait(2 * _HOUR)
    stage.ticket(closed("43", evening))
    stage.wait(_DAY)
    assert [one.asked_at for one in stage.rows.listed(Invitation)] == [evening - 1.5 * _HOUR, evening + 11.5 * _HOUR]
