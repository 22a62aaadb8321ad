"""What a channel said of a message, and what follows of it for its row, the customer, the ask and the issue."""

from datetime import timedelta

import pytest

from bot.handlers.deliveries import Expired, Outcome, may_settle_later, settle
from bot.ports import Attempt, Blocked, Gone, Held, Moved, Refused, Retry, Sent, Unknown
from dialogs.ids import Ref
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.messages import Prompt
from dialogs.outbox.model import SendingState
from scoring.rules import Severity
from scoring.values import replace
from storage.model.note_keys import migration_key
from storage.model.records import AttemptRow, Contact, ContactState, Customer, IssueEvent, Note, OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes, Record, Settle
from tests.support.stage.scene import NOW, scene

HOUR = timedelta(hours=1)
MEI = Customer("c-1", "王女士", "zh-Hans")
PHONE, SECOND = Contact("c-1", "telegram", "7", last_received_at=NOW), Contact("c-1", "sandbox", "p")
INVITATION = Invitation(
    "inv_a", "desk", "42", 1, "c-1", "after_service", NOW, NOW + 24 * HOUR, NOW - HOUR,
    state=InvitationState.ASKED, channel="telegram", asked_at=NOW,
)  # fmt: skip
INTERVIEW = Interview(
    "int_a", "inv_a", "c-1", "telegram", "7", ("after_service", 2), "zh-Hans", NOW, NOW + 72 * HOUR, message="m"
)
ISSUE = Issue(
    "iss_a", IssueKind.LOW_SCORE, Severity.HIGH, NOW - HOUR, None, IssueState.RESOLVED,
    customers=("c-1",), told=("c-1",), note="修好了", resolved_at=NOW, claimed_by="陈工", claimant="陈工",
)  # fmt: skip
ASK, CLOSURE, REPLY = Purpose.SURVEY, Purpose.CLOSURE, Purpose.REPLY


def _message(
    purpose: Purpose, about: Ref | None = None, customer: str | None = "c-1", edits: str | None = None, of: str = ""
) -> OutboxMessage:
    one = OutboxMessage("m", "telegram", "7", purpose, Prompt("您好"), NOW, NOW, customer, about, edits=edits)
    return replace(one, campaign=of)


def _settled(outcome: Outcome, message: OutboxMessage, *rows: Record) -> Changes:
    return settle(scene(MEI, PHONE, INVITATION, INTERVIEW, ISSUE, message, *rows), message, outcome)


def _row(changes: Changes) -> Settle:
    (row,) = changes.settles
    return row


def _last(changes: Changes, kind: type[Record]) -> list[Record]:
    return [record for record in changes.records if isinstance(record, kind)]


@pytest.mark.parametrize(
    ("outcome", "status", "waits"),
    [
        (Sent("r-1"), SendingState.SENT, None),
        (Retry(90, "busy"), SendingState.PENDING, timedelta(seconds=90)),
        (Held(NOW + HOUR, "shut"), SendingState.HELD, HOUR),
        (Held(None, "shut"), SendingState.HELD, None),
        (Gone("deleted"), SendingState.PENDING, timedelta(0)),
        (Moved("-100"), SendingState.PENDING, timedelta(0)),
        (Unknown("cut off"), SendingState.UNKNOWN, None),
        (Blocked("blocked", "bot was blocked"), SendingState.DEAD, None),
        (Refused("too long"), SendingState.DEAD, None),
        (Refused("401", "telegram.token"), SendingState.PENDING, timedelta(seconds=60)),
    ],
)
def test_each_outcome_has_its_status_and_its_moment_to_try_again(
    outcome: Outcome, status: SendingState, waits: timedelta | None
) -> None:
    row = _row(_settled(outcome, _message(REPLY)))
    assert (row.status, row.not_before) == (status, None if waits is None else NOW + waits)


def test_what_is_in_doubt_is_repeated_only_where_twice_is_harmless() -> None:
    for message in (_message(REPLY, edits="root"), _message(Purpose.ALERT)):
        assert message.may_repeat
        row = _row(_settled(Unknown("cut off"), message))
        assert (row.status, row.not_before) == (SendingState.PENDING, NOW + timedelta(seconds=1))
    assert not _message(REPLY).may_repeat


def test_only_an_arrival_from_which_nothing_follows_may_be_written_down_later() -> None:
    answers = [_message(REPLY), _message(Purpose.ALERT, edits="root")]
    assert all(may_settle_later(one, Sent("r")) for one in answers)
    assert not any(may_settle_later(one, Unknown("?")) for one in answers)
    assert not any(may_settle_later(_message(one), Sent("r")) for one in (ASK, CLOSURE, Purpose.REMINDER))


def test_an_edit_that_went_anew_gives_its_receipt_to_what_it_edits() -> None:
    edit = _message(REPLY, edits="root")
    changes = settle(scene(edit), edit, Sent("r-9"), anew=True)
    assert [(row.message, row.status, row.receipt) for row in changes.settles] == [
        ("m", SendingState.SENT, "r-9"),
        ("root", SendingState.SENT, "r-9"),
    ]
    assert [row.message for row in settle(scene(edit), edit, Sent("r-9")).settles] == ["m"]


def test_every_way_that_was_tried_is_kept_with_the_platforms_code() -> None:
    tried = (Attempt("custom", "45015", "window"), Attempt("template", "0"))
    kept = _last(_settled(Sent("r", tried), _message(REPLY)), AttemptRow)
    assert kept == [AttemptRow("m", NOW, 1, "custom", "45015", "window"), AttemptRow("m", NOW, 2, "template", "0")]


@pytest.mark.parametrize(("campaign", "pauses", "count"), [("cam_a", True, 1), ("cam_a", False, 0), ("", True, 0)])
def test_a_pause_asked_for_over_a_campaigns_message_is_counted(campaign: str, count: int, *, pauses: bool) -> None:
    message = _message(Purpose.CAMPAIGN, of=campaign)
    kept = _last(_settled(Retry(5, "slow down", pauses_all=pauses), message), AttemptRow)
    assert [row.code for row in kept if isinstance(row, AttemptRow)] == ["429"] * count


def test_a_group_that_moved_is_noted_once_and_keeps_its_note() -> None:
    message = _message(Purpose.ALERT)
    known = Note(migration_key(message.address), "-1", NOW - HOUR, version=3)
    assert _last(_settled(Moved("-100"), message), Note) == [Note(known.key, "-100", NOW)]
    assert _last(_settled(Moved("-100"), message, known), Note) == [replace(known, value="-100", at=NOW)]


# -- the first question ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Sent("r"), Unknown("cut off")])
@pytest.mark.parametrize("purpose", [ASK, Purpose.REMINDER])
def test_an_ask_that_came_or_may_have_come_counts_as_sent(outcome: Outcome, purpose: Purpose) -> None:
    changes = _settled(outcome, _message(purpose, INTERVIEW.ref))
    assert _last(changes, Invitation) == [replace(INVITATION, sent_at=NOW)]


def test_it_is_sent_at_its_first_arrival() -> None:
    sent = replace(INVITATION, sent_at=NOW - HOUR)
    assert _last(_settled(Sent("r"), _message(Purpose.REMINDER, INTERVIEW.ref), sent), Invitation) == []


@pytest.mark.parametrize(
    ("outcome", "reason", "state"),
    [
        (Blocked("blocked", "403"), InvitationReason.BLOCKED, ContactState.BLOCKED),
        (Blocked("no_contact", "400"), InvitationReason.NO_CONTACT, ContactState.UNKNOWN),
        (Refused("too long"), InvitationReason.NO_CONTACT, ContactState.OK),
    ],
)
def test_an_ask_that_reached_nobody_is_taken_back_and_waits_with_its_reason(
    outcome: Outcome, reason: InvitationReason, state: ContactState
) -> None:
    changes = _settled(outcome, _message(ASK, INTERVIEW.ref))
    (waiting,), (interview,) = _last(changes, Invitation), _last(changes, Interview)
    assert isinstance(waiting, Invitation)
    assert (waiting.state, waiting.reason) == (InvitationState.SCHEDULED, reason)
    assert isinstance(interview, Interview)
    assert (interview.state, interview.message) == (InterviewState.WITHDRAWN, "")
    assert [one.state for one in _last(changes, Contact) if isinstance(one, Contact)] == (
        [] if state is ContactState.OK else [state]
    )


def test_with_another_chat_it_is_asked_there_at_once() -> None:
    changes = _settled(Blocked("blocked", "403"), _message(ASK, INTERVIEW.ref), SECOND)
    (waiting,) = _last(changes, Invitation)
    assert isinstance(waiting, Invitation)
    assert waiting.wake_at == NOW


def test_what_a_channel_will_never_take_is_asked_over_another_or_waits_instead_of_going_round_and_round() -> None:
    ask = _message(ASK, INTERVIEW.ref)
    alone, elsewhere = _settled(Refused("too long"), ask), _settled(Refused("too long"), ask, SECOND)
    (waiting,) = _last(alone, Invitation)
    assert isinstance(waiting, Invitation)
    assert waiting.wake_at == INVITATION.deadline_at
    assert [one.channel for one in _last(elsewhere, OutboxMessage) if isinstance(one, OutboxMessage)] == ["sandbox"]
    asked = _last(elsewhere, Invitation)[-1]
    assert isinstance(asked, Invitation)
    assert (asked.state, asked.channel) == (InvitationState.ASKED, "sandbox")


@pytest.mark.parametrize("outcome", [Blocked("blocked", "403"), Refused("too long"), Expired()])
def test_who_has_answered_meanwhile_keeps_their_interview(outcome: Outcome) -> None:
    begun = replace(INTERVIEW, state=InterviewState.RATING)
    changes = _settled(outcome, _message(ASK, INTERVIEW.ref), begun)
    assert _last(changes, Interview) == _last(changes, Invitation) == []


def test_an_ask_that_came_too_late_is_over_for_its_deadline() -> None:
    changes = _settled(Expired(), _message(ASK, INTERVIEW.ref))
    (over,) = _last(changes, Invitation)
    assert isinstance(over, Invitation)
    assert (over.state, over.reason) == (InvitationState.SUPPRESSED, InvitationReason.DEADLINE)


def test_while_the_window_is_shut_an_ask_goes_elsewhere_or_waits_to_be_asked_again() -> None:
    ask = _message(ASK, INTERVIEW.ref)
    alone, elsewhere = _settled(Held(None, "shut"), ask), _settled(Held(None, "shut"), ask, SECOND)
    assert _row(alone).status is _row(elsewhere).status is SendingState.CANCELLED
    waiting = _last(alone, Invitation)[-1]
    assert isinstance(waiting, Invitation)
    assert (waiting.state, waiting.reason) == (InvitationState.SCHEDULED, InvitationReason.WINDOW_CLOSED)
    assert [
        (one.channel, one.purpose) for one in _last(elsewhere, OutboxMessage) if isinstance(one, OutboxMessage)
    ] == [("sandbox", ASK)]


@pytest.mark.parametrize("purpose", [Purpose.REMINDER, Purpose.CAMPAIGN])
def test_a_reminder_or_a_notice_is_dropped_while_the_window_is_shut(purpose: Purpose) -> None:
    row = _row(_settled(Held(NOW + HOUR, "shut"), _message(purpose)))
    assert (row.status, row.why) == (SendingState.CANCELLED, "shut")


# -- "we fixed it", and what the team wrote --------------------------------------------------------------------------


def _lines(changes: Changes) -> list[tuple[str, str | None]]:
    return [(one.event, one.text) for one in changes.records if isinstance(one, IssueEvent) and one.issue == "iss_a"]


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Blocked("blocked", "403"), "blocked"),
        (Refused("too long"), "no_contact"),
        (Expired(), "expired"),
    ],
)
def test_a_closure_that_did_not_arrive_is_taken_back_and_somebody_is_to_ring(outcome: Outcome, why: str) -> None:
    changes = _settled(outcome, _message(CLOSURE, ISSUE.ref))
    issues = [one for one in changes.records if isinstance(one, Issue)]
    assert [one.told for one in issues if one.id == "iss_a"][-1] == ()
    assert _lines(changes) == [("closure_undeliverable", f"c-1: {why}")]
    assert [one.customers for one in issues if one.kind is IssueKind.CALL] == [("c-1",)]


@pytest.mark.parametrize("outcome", [Blocked("blocked", "403"), Held(None, "shut"), Refused("too long")])
def test_a_closure_goes_over_the_other_chat_instead(outcome: Outcome) -> None:
    changes = _settled(outcome, _message(CLOSURE, ISSUE.ref), SECOND)
    again = [one for one in changes.records if isinstance(one, OutboxMessage) and one.purpose is CLOSURE]
    assert [(one.channel, one.chat, "修好了" in one.prompt.text) for one in again] == [("sandbox", "p", True)]
    assert _lines(changes) == []


@pytest.mark.parametrize("outcome", [Refused("too long"), Blocked("blocked", "403"), Expired()])
def test_a_closure_of_an_earlier_round_concerns_nobody_any_more(outcome: Outcome) -> None:
    again = replace(ISSUE, resolution=1)
    changes = _settled(outcome, _message(CLOSURE, ISSUE.ref), again, SECOND)
    assert _last(changes, IssueEvent) == _last(changes, OutboxMessage) == _last(changes, Issue) == []


@pytest.mark.parametrize(("outcome", "why"), [(Blocked("blocked", "403"), "blocked"), (Expired(), "expired")])
def test_a_note_that_did_not_arrive_stands_in_the_timeline(outcome: Outcome, why: str) -> None:
    claimed = replace(ISSUE, state=IssueState.CLAIMED, told=())
    assert _lines(_settled(outcome, _message(REPLY, ISSUE.ref), claimed)) == [("not_delivered", f"c-1: {why}")]
    assert _lines(_settled(outcome, _message(REPLY, ISSUE.ref, customer=None), claimed)) == []
