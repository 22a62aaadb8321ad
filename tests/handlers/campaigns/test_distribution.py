"""Handing out a portion: each person is looked at anew at that moment, and gets one message or a reason why not."""

from datetime import time, timedelta

import pytest

from bot.handlers.campaigns.distribution import hand_out, release_held
from bot.handlers.campaigns.text import fill_text
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.pause import pause_surveys
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState, Target, TargetState
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from dialogs.time.contact_hours import DailyHours
from scoring.values import replace
from storage.model.records import Contact, ContactState, Customer, OutboxMessage, Purpose, Ticket, TicketStatus
from storage.unit_of_work.changes import Changes, Record
from tests.support.stage.scene import NOW, POLICY, scene

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTICE = Campaign(
    "cam_a", "谢谢", CampaignKind.NOTICE, NOW, state=CampaignState.RUNNING, text="{name}，谢谢！", occurrence=NOW
)
SURVEY = replace(NOTICE, kind=CampaignKind.SURVEY, survey="after_service", text="")
REMINDER = replace(NOTICE, kind=CampaignKind.REMINDER, text="")
MEI, PHONE = Customer("c-1", "王女士", "zh-Hans"), Contact("c-1", "telegram", "7")
TICKET = Ticket(
    "desk", "42", "c-1", TicketStatus.CLOSED, 1, closed_at=NOW - DAY, subject="空调不制冷", agent_name="李工"
)
TARGET = Target("cam_a", NOW, "c-1", source="desk", ticket="42", due_at=NOW)
ASKED = Invitation(
    "inv_a", "desk", "42", 1, "c-1", "after_service", NOW - DAY, NOW, NOW - DAY,
    state=InvitationState.ASKED, asked_at=NOW - DAY, sent_at=NOW - DAY,
)  # fmt: skip
BEGUN = Interview(
    "int_a", "inv_a", "c-1", "telegram", "7", ("after_service", 2), "zh-Hans", NOW - DAY, NOW + DAY,
    at="response_speed", message="m",
)  # fmt: skip
OF_REMINDER = replace(TARGET, interview="int_a")


def _given(campaign: Campaign, *rows: Record, target: Target = TARGET, policy: Policy = POLICY) -> Changes:
    """Hand out to one person; what is said of a row that is listed twice is what is said last."""
    return hand_out(scene(MEI, PHONE, TICKET, campaign, target, *rows, policy=policy), campaign, [target], 10)


def _target(changes: Changes) -> Target:
    return next(one for one in reversed(changes.records) if isinstance(one, Target))


def _messages(changes: Changes) -> list[OutboxMessage]:
    return [one for one in changes.records if isinstance(one, OutboxMessage)]


OPTED_OUT, SHUT = replace(MEI, opted_out_at=NOW - DAY), replace(PHONE, state=ContactState.BLOCKED)
UNKNOWN = replace(PHONE, state=ContactState.UNKNOWN)
LATELY = replace(BEGUN, state=InterviewState.RATING, answers=(Answer("response_speed", 5, NOW - HOUR),))


@pytest.mark.parametrize(
    ("campaign", "row", "reason"),
    [
        (NOTICE, OPTED_OUT, "opted_out"),
        (NOTICE, SHUT, "blocked"),
        (NOTICE, UNKNOWN, "no_contact"),
        (SURVEY, OPTED_OUT, "opted_out"),
        (SURVEY, SHUT, "blocked"),
        (SURVEY, ASKED, "quarantine"),
        (SURVEY, replace(TICKET, status=TicketStatus.REOPENED), "reopened"),
        (REMINDER, OPTED_OUT, "opted_out"),
        (REMINDER, replace(BEGUN, state=InterviewState.COMPLETED), "finished"),
        (REMINDER, replace(BEGUN, state=InterviewState.WITHDRAWN), "finished"),
        (REMINDER, replace(BEGUN, state=InterviewState.CLARIFYING), "finished"),
        (REMINDER, replace(BEGUN, reminded_at=NOW - HOUR), "reminded"),
        (REMINDER, replace(ASKED, sent_at=None), "unsent"),
        (REMINDER, replace(BEGUN, expires_at=NOW), "expired"),
        (REMINDER, LATELY, "answering"),
        (REMINDER, SHUT, "blocked"),
        (REMINDER, UNKNOWN, "no_contact"),
        (REMINDER, replace(BEGUN, channel="elsewhere"), "no_contact"),
    ],
)
def test_whom_it_is_not_for_is_skipped_with_the_reason(campaign: Campaign, row: Record, reason: str) -> None:
    rows = (ASKED, BEGUN) if campaign is REMINDER else ()
    target = OF_REMINDER if campaign is REMINDER else TARGET
    changes = _given(campaign, *rows, row, target=target)
    assert (_target(changes).state, _target(changes).reason) == (TargetState.SKIPPED, reason)
    assert _messages(changes) == []


def test_who_is_gone_or_has_nothing_unfinished_is_skipped() -> None:
    target = replace(TARGET, customer="c-2")
    assert _target(_given(NOTICE, target=target)).reason == "no_contact"
    assert _target(_given(REMINDER, target=OF_REMINDER)).reason == "finished"


@pytest.mark.parametrize(
    ("campaign", "purpose"),
    [(NOTICE, Purpose.CAMPAIGN), (SURVEY, Purpose.SURVEY), (REMINDER, Purpose.REMINDER)],
)
def test_whom_it_is_for_gets_one_message_of_the_campaigns_pace_which_an_opt_out_stops(
    campaign: Campaign, purpose: Purpose
) -> None:
    rows = (ASKED, BEGUN) if campaign is REMINDER else ()
    changes = _given(campaign, *rows, target=OF_REMINDER if campaign is REMINDER else TARGET)
    (message,) = _messages(changes)
    assert (message.purpose, message.campaign, message.per_minute) == (purpose, "cam_a", 600)
    assert message.obeys_opt_out
    assert _target(changes).message == message.id
    assert _target(changes).state is TargetState.HANDED


def test_a_reminder_by_campaign_is_the_interviews_one_reminder() -> None:
    changes = _given(REMINDER, ASKED, replace(BEGUN, remind_at=NOW + HOUR), target=OF_REMINDER)
    interview = next(one for one in reversed(changes.records) if isinstance(one, Interview))
    assert (interview.remind_at, interview.reminded_at) == (None, NOW)


def test_an_ask_names_the_occurrence_as_what_caused_it_and_who_closed_the_ticket() -> None:
    (ask,) = {one.id: one for one in _given(SURVEY).records if isinstance(one, Invitation)}.values()
    assert (ask.occasion, ask.rule) == ("cam_a@2026-11-23T02:00:00Z", "campaign")
    assert (ask.ticket, ask.closing, ask.agent_name) == ("42", 1, "李工")


def test_nobody_is_served_twice_nor_more_than_the_portion() -> None:
    people = [Customer(f"c-{n}") for n in range(5)]
    chats = [Contact(one.id, "telegram", f"1000{n}") for n, one in enumerate(people)]
    targets = [Target("cam_a", NOW, one.id, due_at=NOW) for one in people]
    served = replace(targets[0], state=TargetState.HANDED, message="earlier")
    context = scene(NOTICE, *people, *chats, *targets[1:], served)
    assert [one.customer for one in _messages(hand_out(context, NOTICE, targets, 3))] == ["c-1", "c-2", "c-3"]


def test_who_is_skipped_takes_no_place_in_the_portion() -> None:
    people = [Customer("c-0", opted_out_at=NOW), Customer("c-1")]
    targets = [Target("cam_a", NOW, one.id, due_at=NOW) for one in people]
    context = scene(NOTICE, *people, PHONE, *targets)
    assert [one.customer for one in _messages(hand_out(context, NOTICE, targets, 1))] == ["c-1"]


NIGHT, EVENING = DailyHours(time(21), time(9)), DailyHours(time(18), time(20))


@pytest.mark.parametrize(
    ("zone", "window", "quiet", "hours"),
    [
        ("", EVENING, None, 8),  # 10:00 in Shanghai, 18:00 is to come
        ("Europe/Berlin", None, NIGHT, 6),  # 03:00 there
        ("America/New_York", EVENING, NIGHT, 21),  # 21:00 on the day before
    ],
)
def test_it_is_put_off_to_an_hour_on_the_customers_own_clock(
    zone: str, window: DailyHours | None, quiet: DailyHours | None, hours: int
) -> None:
    changes = _given(replace(NOTICE, window=window), replace(MEI, timezone=zone), policy=replace(POLICY, quiet=quiet))
    assert _target(changes) == replace(TARGET, due_at=NOW + hours * HOUR)
    assert _messages(changes) == []


def test_where_no_hour_is_allowed_at_all_they_are_skipped() -> None:
    never = DailyHours(time(22), time(23))
    changes = _given(replace(NOTICE, window=never), policy=replace(POLICY, quiet=NIGHT))
    assert _target(changes).reason == InvitationReason.QUIET_HOURS


def test_while_surveys_are_paused_only_notices_go_on() -> None:
    note = pause_surveys(scene(), "陈经理").records[0]
    assert _given(SURVEY, note).records == _given(REMINDER, ASKED, BEGUN, note, target=OF_REMINDER).records == ()
    assert len(_messages(_given(NOTICE, note))) == 1


def test_what_a_pause_has_held_goes_on_at_an_allowed_hour() -> None:
    held = OutboxMessage(
        "m", "telegram", "7", Purpose.CAMPAIGN, Prompt("…"), NOW, NOW, customer="c-1", status=SendingState.HELD
    )
    for window, hours in ((None, 0), (EVENING, 8)):
        changes = release_held(scene(MEI, NOTICE), replace(NOTICE, window=window), [held])
        (row,) = changes.settles
        assert (row.message, row.status, row.not_before) == ("m", SendingState.PENDING, NOW + hours * HOUR)


def test_words_fill_in_what_is_known_and_leave_nothing_of_what_is_not() -> None:
    text = "{name} {subject} {ticket} {agent} {team} {product} {other}"
    assert fill_text(scene(MEI, TICKET), text, TARGET) == "王女士 空调不制冷 42 李工   {other}"
    assert fill_text(scene(), "{name}，{subject}您好", Target("cam_a", NOW, "c-1")) == "，您好"


def test_braces_in_a_name_are_no_placeholder() -> None:
    assert fill_text(scene(replace(MEI, name="{ticket}"), TICKET), "{name}", TARGET) == "{ticket}"


def test_the_words_stand_above_the_question() -> None:
    (ask,) = _messages(_given(replace(SURVEY, text="{name}，一年过去了。")))
    assert ask.prompt.text.startswith("王女士，一年过去了。\n\n")
    assert ask.prompt.rows
