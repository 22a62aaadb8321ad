"""Whose cases somebody sees of a finding: in full those of the tickets that they read, of the others the number."""

import pytest

from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Address
from scoring.rules import Severity
from scoring.values import replace
from storage.model.fact_records import Closing, RatingFact
from storage.model.records import Customer, Member, Ticket, TicketStatus
from storage.unit_of_work.changes import Record
from tests.handlers.findings.room import AGENT, GROUP, LEAD, Room
from tests.handlers.improvement.test_steps import FINDING
from tests.support.stage.scene import NOW

OTHERS = "另外 {} 条是其他团队或同事的工单，这里就不列了。"
NONE_THEIRS = "「报修后等太久」有 {} 条评价，都是其他团队或同事的工单，这里就不列了。"
NAMES = ("north", "south")
ISSUE = Issue("iss_south", IssueKind.LOW_SCORE, Severity.HIGH, NOW, None, tickets=(("zendesk", "south"),))
SHOWN = replace(FINDING, responses=("int_north", "int_south"))


def served(name: str, agent: str = "") -> tuple[Record, ...]:
    """Return a customer's low rating of a ticket, both called like the team, and that they raised the finding."""
    customer, said = f"c-{name}", f"{name} 等了两天"
    ticket = Ticket("zendesk", name, customer, TicketStatus.CLOSED, 1, team=name, agent_id=agent)
    closing = Closing("zendesk", name, 1, customer, NOW, team=name, agent_id=agent, agent_name="李工" if agent else "")
    state = InvitationState.ASKED
    survey = ("after_service", 2)
    invitation = Invitation(f"inv_{name}", "zendesk", name, 1, customer, survey[0], NOW, NOW, NOW, state)
    answer = Answer("response_speed", 1, NOW, said)
    interview = Interview(
        f"int_{name}", invitation.id, customer, "telegram", "5", survey, "zh-Hans", NOW, NOW, InterviewState.COMPLETED
    )
    rating = RatingFact(
        "zendesk", name, 1, interview.id, "response_speed", *survey, "response_speed", 1, 1, 5, NOW, "telegram"
    )
    return (
        Customer(customer, "王女士"),
        ticket,
        closing,
        invitation,
        replace(interview, answers=(answer,), completed_at=NOW),
        rating,
        Voice(FINDING.id, customer, said, NOW),
    )


def room_of(member: Member, finding: Finding = SHOWN) -> Room:
    rows = (*served("north", "a17"), *served("south", "a18"), replace(ISSUE, customers=("c-south",)))
    return Room(finding, *rows, roster=(member,))


def cases(member: Member, place: Address) -> str:
    """Return what somebody is shown of the cases there."""
    room, person = room_of(member), LEAD if member.telegram == LEAD.id else AGENT
    room.types("/findings", person, place)
    room.presses("1", person, place)
    return room.presses("看个案", person, place)[0]


LEADS = [("lead", ""), ("owner", ""), ("admin", ""), ("lead", "north"), ("admin", "north"), ("lead", "west")]


@pytest.mark.parametrize("place", [GROUP, Address("telegram", LEAD.id)], ids=["group", "own"])
@pytest.mark.parametrize(("role", "team"), LEADS)
def test_whoever_has_a_team_sees_the_cases_of_that_one(role: str, team: str, place: Address) -> None:
    text = cases(Member("王经理", role, LEAD.id, team=team), place)
    theirs = [one for one in NAMES if team in ("", one)]
    assert [one for one in NAMES if one in text.replace("\N{ZERO WIDTH SPACE}", "")] == theirs
    told = {"": "", "north": OTHERS.format(1), "west": NONE_THEIRS.format(2)}[team]
    assert text.endswith(told)
    assert ("这里就不列了" in text) is bool(told)


@pytest.mark.parametrize("place", [GROUP, Address("telegram", AGENT.id)], ids=["group", "own"])
@pytest.mark.parametrize(
    ("team", "agent", "theirs"),
    [
        ("north", "", ["north"]),
        ("south", "a17", ["south"]),
        ("", "a17", ["north"]),
        ("", "a18", ["south"]),
        ("", "a19", []),
    ],
)
def test_an_agent_sees_those_of_the_team_or_else_their_own(
    team: str, agent: str, theirs: list[str], place: Address
) -> None:
    text = cases(Member("李工", "agent", AGENT.id, team=team, agent=agent), place)
    assert [one for one in NAMES if one in text] == theirs
    assert text.endswith(OTHERS.format(1) if theirs else NONE_THEIRS.format(2))


def test_of_two_agents_of_one_name_neither_is_guessed() -> None:
    assert cases(Member("李工", "agent", AGENT.id), GROUP) == NONE_THEIRS.format(2)


def card(member: Member, place: Address, finding: Finding = SHOWN) -> str:
    room = room_of(member, finding)
    room.types("/findings", LEAD, place)
    return room.presses("1", LEAD, place)[0]


def test_a_card_in_their_own_chat_quotes_the_same_and_counts_all() -> None:
    own, lead = Address("telegram", LEAD.id), Member("王经理", "lead", LEAD.id)
    assert all(f"“{one} 等了两天”" in card(lead, own) for one in NAMES)
    of_north = card(replace(lead, team="north"), own)
    assert "“north 等了两天”" in of_north
    assert "south" not in of_north
    assert "2 位客户提过" in of_north
    assert card(replace(lead, team="west"), own).splitlines()[2] == "2 位客户提过"


def test_a_customer_of_an_issue_is_quoted_to_the_team_of_its_tickets() -> None:
    own, lead = Address("telegram", LEAD.id), Member("王经理", "lead", LEAD.id, team="south")
    by_issue = replace(SHOWN, responses=(), issues=("iss_south",))
    assert "“south 等了两天”" in card(lead, own, by_issue)
    assert "south" not in card(replace(lead, team="north"), own, by_issue)


def test_the_card_of_a_group_is_the_same_for_everybody_there() -> None:
    lead = Member("王经理", "lead", LEAD.id)
    assert card(replace(lead, team="north"), GROUP) == card(lead, GROUP)
