"""Who is to be rung: whom only a shut window kept from being asked about a closing, and not a campaign's audience."""

import pytest

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.surveys.invitations import end_unasked
from config.locale.phrases import load_phrases
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import Issue
from scoring.values import replace
from storage.unit_of_work.snapshot import Snapshot
from tests.storage.samples import asked, person, soon


@pytest.mark.parametrize(("occasion", "calls"), [("", 1), ("cam_1@2026-11-22T02:30:00Z", 0)])
def test_a_shut_window_makes_a_call_of_a_closing_and_not_of_a_campaign(occasion: str, calls: int) -> None:
    customer, contact, ticket = person()
    waiting = replace(
        asked()[0],
        state=InvitationState.SCHEDULED,
        reason=InvitationReason.WINDOW_CLOSED,
        asked_at=None,
        occasion=occasion,
    )
    context = DecisionContext(
        Snapshot([customer, contact, ticket, waiting]), Policy({}, {}, load_phrases()), soon(hours=25)
    )
    records = end_unasked(context, waiting).records
    assert [one.state for one in records if isinstance(one, Invitation)] == [InvitationState.UNREACHABLE]
    assert sum(isinstance(one, Issue) for one in records) == calls
