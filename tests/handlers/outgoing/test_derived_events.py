"""Which changes of rows are told, and which are not."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.outgoing.hook_events import derived_events
from bot.http.api.outgoing.event_schemas import EVENT_BODIES
from dialogs.campaign.model import Campaign, CampaignKind, CampaignState
from dialogs.interview.model import Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import IssueState
from scoring.values import replace
from storage.model.outgoing.hook_records import HookEvent, HookEventType
from storage.model.records import Customer, Note
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.snapshot import Snapshot
from tests.dialogs.samples import FIVE_POINT, ISSUE, NOW, PHRASES, rated

OPEN_INTERVIEW = replace(rated(InterviewState.COMMENTING, {"speed": 4, "care": 2}), version=1)
INVITATION = Invitation(
    id=OPEN_INTERVIEW.invitation,
    source="desk",
    ticket="42",
    closing=1,
    customer=OPEN_INTERVIEW.customer,
    survey="five",
    due_at=NOW,
    deadline_at=NOW + timedelta(days=1),
    closed_at=NOW,
    state=InvitationState.ASKED,
    sent_at=NOW,
    agent_id="a17",
    team="north",
    version=1,
)
ASKED = replace(INVITATION, state=InvitationState.SCHEDULED)
CAMPAIGN = Campaign("cam_1", "十一月回访", CampaignKind.SURVEY, NOW, state=CampaignState.RUNNING, version=1)
MEI = Customer("c-mei", "王女士", version=1)
KNOWN = (OPEN_INTERVIEW, INVITATION, ISSUE, CAMPAIGN, MEI)


def told(*records: Record, known: Iterable[Record] = KNOWN, anonymous: bool = False) -> list[HookEvent]:
    """Return what is told of a decision that leaves these rows; each body is as it is described."""
    survey = replace(FIVE_POINT, anonymous=anonymous)
    policy = Policy({survey.key: survey}, {survey.id: survey.version}, PHRASES)
    made = list(derived_events(DecisionContext(Snapshot(known), policy, NOW), Changes(records)))
    for event in made:
        body = json.loads(event.body)
        assert (body["type"], event.at) == (event.type, NOW)
        EVENT_BODIES[event.type].model_validate_json(json.dumps(body["data"]))
    return made


def types(*records: Record, known: Iterable[Record] = KNOWN, anonymous: bool = False) -> list[str]:
    return [event.type.value for event in told(*records, known=known, anonymous=anonymous)]


def test_a_row_that_nobody_listens_to_tells_nothing() -> None:
    assert told(Note("poll", "77", NOW)) == []
    assert told() == []


@pytest.mark.parametrize("state", InterviewState)
def test_an_interview_is_told_when_it_ends_with_answers(state: InterviewState) -> None:
    wanted = {
        InterviewState.COMPLETED: ["response.completed"],
        InterviewState.EXPIRED: ["response.partial"],
    }
    assert types(replace(OPEN_INTERVIEW, state=state, completed_at=NOW)) == wanted.get(state, [])


def test_what_lapses_without_an_answer_tells_nothing() -> None:
    assert types(replace(OPEN_INTERVIEW, state=InterviewState.EXPIRED, answers=())) == []


def test_an_end_is_told_once() -> None:
    ended = replace(OPEN_INTERVIEW, state=InterviewState.COMPLETED, completed_at=NOW)
    assert types(replace(ended, flags=()), known=(ended, INVITATION)) == []
    assert types(ended, replace(ended, comment="谢谢")) == ["response.completed"]


def test_an_end_is_told_as_it_stands_after_the_whole_decision() -> None:
    ended = replace(OPEN_INTERVIEW, state=InterviewState.COMPLETED, completed_at=NOW)
    (event,) = told(ended, replace(ended, comment="谢谢"))
    data = json.loads(event.body)["data"]
    assert (event.subject, data["comment"], data["score"]) == (INVITATION.id, "谢谢", 3.0)
    assert (data["ticket"], data["team"], data["agent"]) == ("desk/42", "north", "a17")
    assert [one["question"] for one in data["answers"]] == ["speed", "care"]


def test_an_anonymous_survey_tells_nothing() -> None:
    ended = replace(OPEN_INTERVIEW, state=InterviewState.COMPLETED, completed_at=NOW)
    assert types(ended, anonymous=True) == []
    assert types(replace(ended, state=InterviewState.EXPIRED), anonymous=True) == []


@pytest.mark.parametrize("reason", [InvitationReason.NO_CONTACT, InvitationReason.BLOCKED, None])
def test_an_invitation_that_reaches_nobody_is_told_with_its_reason(reason: InvitationReason | None) -> None:
    lost = replace(ASKED, state=InvitationState.UNREACHABLE, reason=reason)
    (event,) = told(lost, known=(ASKED,))
    assert event.type is HookEventType.INVITATION_UNDELIVERABLE
    assert json.loads(event.body)["data"]["reason"] == (None if reason is None else reason.value)
    assert types(replace(lost, wake_at=NOW), known=(lost,)) == []


@pytest.mark.parametrize("state", set(InvitationState) - {InvitationState.UNREACHABLE})
def test_no_other_state_of_an_invitation_is_told(state: InvitationState) -> None:
    assert types(replace(ASKED, state=state), known=(ASKED,)) == []


def test_an_opt_out_is_told_once_and_its_end_not_at_all() -> None:
    out = replace(MEI, opted_out_at=NOW)
    (event,) = told(out)
    assert (event.type, event.subject) == (HookEventType.CUSTOMER_OPTED_OUT, "customer:c-mei")
    assert json.loads(event.body)["data"] == {"customer": "c-mei", "opted_out_at": "2026-11-22T03:00:00Z"}
    assert types(replace(out, opted_out_at=NOW + timedelta(days=1)), known=(out,)) == []
    assert types(MEI, known=(out,)) == []
    assert types(replace(MEI, name="王梅")) == []


def test_no_name_and_no_number_of_a_customer_is_told() -> None:
    person = replace(MEI, phone="13800138000", email="mei@example.com", postal_address="长安街 1 号")
    (event,) = told(replace(person, opted_out_at=NOW), known=(person,))
    for secret in ("王女士", "13800138000", "mei@example.com", "长安街"):
        assert secret not in event.body


@pytest.mark.parametrize("state", CampaignState)
def test_a_campaign_is_told_when_it_is_finished(state: CampaignState) -> None:
    wanted = ["campaign.finished"] if state is CampaignState.FINISHED else []
    assert types(replace(CAMPAIGN, state=state)) == wanted
    assert types(replace(CAMPAIGN, state=state), known=(replace(CAMPAIGN, state=state),)) == []


def test_an_issue_is_told_step_by_step_also_where_one_decision_takes_several() -> None:
    fresh = replace(ISSUE, state=IssueState.OPEN, claimant=None, claimed_by=None, resolved_at=None, events=1)
    claimed = replace(fresh, state=IssueState.CLAIMED, claimant="li", claimed_by="李工", events=2)
    resolved = replace(claimed, state=IssueState.RESOLVED, resolved_at=NOW, events=3)
    closed = replace(resolved, state=IssueState.CLOSED, closed_at=NOW, events=4)
    again = replace(closed, state=IssueState.OPEN, claimant=None, claimed_by=None, resolution=1, events=5)
    assert types(fresh, known=()) == ["issue.opened"]
    assert types(fresh, claimed, resolved, closed, again, known=()) == [
        "issue.opened",
        "issue.claimed",
        "issue.resolved",
        "issue.closed",
        "issue.reopened",
    ]
    assert types(resolved, known=(fresh,)) == ["issue.claimed", "issue.resolved"]
    assert types(fresh, known=(claimed,)) == []  # released
    assert types(replace(claimed, claimant="wang", claimed_by="王工"), known=(claimed,)) == ["issue.claimed"]
    assert types(replace(claimed, escalated=True), known=(claimed,)) == []


def test_events_of_one_decision_have_ids_of_their_own() -> None:
    fresh = replace(ISSUE, state=IssueState.OPEN, claimant=None, claimed_by=None, events=1)
    claimed = replace(fresh, state=IssueState.CLAIMED, claimant="li", claimed_by="李工", events=2)
    released = replace(fresh, events=3)
    made = told(fresh, claimed, released, replace(claimed, events=4), known=())
    assert len({event.id for event in made}) == len(made) == 3


def test_the_answer_comes_before_what_follows_from_it() -> None:
    ended = replace(OPEN_INTERVIEW, state=InterviewState.COMPLETED, completed_at=NOW)
    assert types(replace(ISSUE, version=0), ended, known=(OPEN_INTERVIEW, INVITATION)) == [
        "response.completed",
        "issue.opened",
    ]


@given(st.lists(st.sampled_from(list(IssueState)), min_size=1, max_size=8))
def test_whatever_states_an_issue_takes_each_is_told_exactly_when_it_is_entered(states: list[IssueState]) -> None:
    known = replace(ISSUE, state=IssueState.OPEN, claimant=None, claimed_by=None, resolved_at=None)
    path = [replace(known, state=state, events=number) for number, state in enumerate(states, 1)]
    made = types(*path, known=(known,))
    steps = list(zip([IssueState.OPEN, *states], states, strict=False))
    over = (IssueState.RESOLVED, IssueState.CLOSED)
    assert made.count("issue.closed") == sum(a is not b and b is IssueState.CLOSED for a, b in steps)
    assert made.count("issue.reopened") == sum(a in over and b is IssueState.OPEN for a, b in steps)
    assert made.count("issue.opened") == 0


@given(st.permutations([OPEN_INTERVIEW, INVITATION, ISSUE, CAMPAIGN, MEI]))
def test_rows_that_do_not_change_tell_nothing_in_any_order(rows: list[Interview]) -> None:
    assert types(*rows) == []
