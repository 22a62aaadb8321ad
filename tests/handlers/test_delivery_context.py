"""What a channel that counts is told of a message: the window, the grants, and facts of the customer's own ticket."""

from datetime import timedelta

import pytest

from bot.handlers.delivery_context import needs, standing_of
from dialogs.ids import Ref, RefKind
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Address, Prompt
from scoring.rules import Severity
from scoring.values import replace
from storage.model.records import Customer, Grant, OutboxMessage, Purpose, Ticket, TicketStatus, Window
from tests.support.stage.scene import NOW, scene

HOUR, PLACE = timedelta(hours=1), Address("wechat", "o-1")
MEI = Customer("c-1", "王女士", timezone="Europe/Berlin")
TICKET = Ticket(
    "desk", "42", "c-1", TicketStatus.CLOSED, 1, closed_at=NOW, subject="空调不制冷", agent_name="新同事", team="south"
)
THEIRS = Ticket("desk", "43", "c-2", TicketStatus.CLOSED, 1, closed_at=NOW, subject="发票开错")
INVITATION = Invitation(
    "inv_a", "desk", "42", 1, "c-1", "after_service", NOW, NOW, NOW, agent_name="李工", team="north"
)
INTERVIEW = Interview("int_a", "inv_a", "c-1", "wechat", "o-1", ("after_service", 1), "zh-Hans", NOW, NOW + 72 * HOUR)
ISSUE = Issue(
    "iss_a", IssueKind.LOW_SCORE, Severity.HIGH, NOW, None,
    tickets=(("desk", "43"), ("desk", "42")), customers=("c-2", "c-1"), note="修好了", resolved_at=NOW + HOUR,
)  # fmt: skip
ROWS = (MEI, TICKET, THEIRS, INVITATION, INTERVIEW, ISSUE)


def _message(about: Ref | None, customer: str | None = "c-1") -> OutboxMessage:
    return OutboxMessage("m", "wechat", "o-1", Purpose.SURVEY, Prompt("…"), NOW, NOW, customer, about)


def test_of_an_ask_it_knows_who_dealt_with_it_when_it_closed_on_the_customers_clock() -> None:
    facts = standing_of(scene(*ROWS), _message(INTERVIEW.ref), "").facts
    assert facts == {
        "subject": "空调不制冷", "ticket": "42", "closed_at": "2026-11-23 03:00", "agent": "李工", "team": "north",
    }  # fmt: skip


def test_of_an_issue_it_knows_the_outcome_and_the_readers_own_ticket_as_it_closed() -> None:
    facts = standing_of(scene(*ROWS), _message(ISSUE.ref), "").facts
    assert facts == {
        "subject": "空调不制冷", "ticket": "42", "closed_at": "2026-11-23 03:00", "agent": "李工", "team": "north",
        "note": "修好了", "resolved_at": "2026-11-23 04:00",
    }  # fmt: skip


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(ISSUE, tickets=(), note=None, resolved_at=None)
    assert standing_of(scene(MEI, bare), _message(bare.ref), "").facts == {}
    assert standing_of(scene(MEI, INTERVIEW), _message(INTERVIEW.ref), "").facts == {}
    assert standing_of(scene(MEI, INTERVIEW, INVITATION), _message(INTERVIEW.ref), "").facts == {}
    assert standing_of(scene(), _message(None, None), "").facts == {}


@pytest.mark.parametrize(("template", "grants"), [("t-1", {"t-1": 2}), ("t-2", {"t-2": 0}), ("", {})])
def test_it_counts_what_the_chat_has_granted_and_how_much_of_the_window_is_used(
    template: str, grants: dict[str, int]
) -> None:
    window, grant = Window("wechat", "o-1", NOW - HOUR, 3), Grant("wechat", "o-1", "t-1", 2)
    standing = standing_of(scene(window, grant), _message(None), template)
    assert (standing.window, standing.grants) == (window, grants)


def test_it_looks_at_the_window_and_what_the_message_is_about_but_not_at_a_campaign() -> None:
    assert needs(_message(ISSUE.ref)).issues == {"iss_a"}
    campaign = needs(_message(Ref(RefKind.CAMPAIGN, "cam_a")))
    assert campaign == needs(_message(None))
    assert campaign.windows == {PLACE}
