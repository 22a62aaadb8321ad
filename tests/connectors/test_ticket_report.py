"""Words of help desks: which states are closed, and which tags say that nobody shall be asked."""

import pytest

from bot.connectors.ticket_report import exclusion_by, status_named
from storage.model.records import TicketStatus

STATES = {
    "closed": TicketStatus.CLOSED,
    "Closed": TicketStatus.CLOSED,
    " RESOLVED ": TicketStatus.CLOSED,
    "Solved": TicketStatus.CLOSED,
    "Done": TicketStatus.CLOSED,
    "closed successful": TicketStatus.CLOSED,
    "open": TicketStatus.OPEN,
    "new": TicketStatus.OPEN,
    "In Progress": TicketStatus.OPEN,
    "": TicketStatus.OPEN,
    "closed?": TicketStatus.OPEN,
    "pending": TicketStatus.PENDING,
    "pending reminder": TicketStatus.PENDING,
    "Hold": TicketStatus.PENDING,
    "snoozed": TicketStatus.PENDING,
    "Waiting on Customer": TicketStatus.PENDING,
}
EXCLUDING = {
    "merged": "merged",
    "closed_by_merge": "merged",
    "Duplicate": "merged",
    "spam": "spam",
    "JUNK": "spam",
    "deleted": "deleted",
    "auto-closed": "auto-closed",
    "auto_resolved": "auto-closed",
    " stale ": "auto-closed",
    "vip": "",
    "autoclosed-no": "",
    "": "",
}


@pytest.mark.parametrize(("state", "status"), STATES.items(), ids=repr)
def test_a_state_is_read_by_its_word(state: str, status: TicketStatus) -> None:
    assert status_named(state) is status


def test_a_company_has_words_of_its_own() -> None:
    assert status_named("erledigt") is TicketStatus.OPEN
    assert status_named("ERLEDIGT", ("Erledigt", "已关闭")) is TicketStatus.CLOSED
    assert status_named("已关闭", ("Erledigt", "已关闭")) is TicketStatus.CLOSED
    assert status_named("closed", ("Erledigt",)) is TicketStatus.CLOSED, "besides the usual ones"


@pytest.mark.parametrize(("tag", "why"), EXCLUDING.items(), ids=repr)
def test_a_tag_says_that_nobody_shall_be_asked(tag: str, why: str) -> None:
    assert exclusion_by(("vip", tag, "north")) == why


def test_of_several_reasons_one_is_told_and_always_the_same() -> None:
    assert exclusion_by(("spam", "merged")) == exclusion_by(("merged", "spam")) == "merged"
    assert exclusion_by(()) == ""
