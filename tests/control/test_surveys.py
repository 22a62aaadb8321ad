"""`survey explain`: which rule decides about a ticket, and why, as lines for a terminal."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.control.surveys import explain_text
from bot.handlers.surveys.explain import Decided, Explanation, Looked
from bot.handlers.surveys.pause import Pause
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from scoring.values import replace
from tests.control.conftest import Close, Run

BEIJING = ZoneInfo("Asia/Shanghai")
CLOSED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ASKED = Invitation(
    "inv_1", "desk", "1", 2, "c-1", "after_service", CLOSED + timedelta(hours=1), CLOSED + timedelta(hours=24), CLOSED
)
PLAIN = Explanation(
    ticket=("desk", "1"),
    is_closed=True,
    rule="",
    survey="after_service",
    decision="ask",
    because="no rule fits, so survey.default is asked",
    steps=(),
    decided=Decided(ASKED, "scheduled", ""),
    paused=None,
    differs=False,
)


def test_a_ticket_without_rules_takes_five_lines() -> None:
    assert explain_text(PLAIN, BEIJING).splitlines() == [
        "ticket desk/1",
        "  decision now: ask; no rule fits, so survey.default is asked.",
        "  stored at closing 2: no rule, survey after_service",
        "    status scheduled",
        "    closed 2026-11-23 09:00, due 2026-11-23 10:00, deadline 2026-11-24 09:00 (Asia/Shanghai)",
    ]


def test_rules_stand_in_the_order_in_which_they_were_looked_at() -> None:
    looked = (
        Looked("north", matches=False, because="the team is south"),
        Looked("vip", matches=True, because="the tag is vip"),
    )
    lines = explain_text(replace(PLAIN, rule="vip", steps=looked), BEIJING).splitlines()
    assert lines[2:5] == [
        "  rules looked at, in their order:",
        "    1. north: does not fit, because the team is south.",
        "    2. vip: fits, because the tag is vip.",
    ]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (replace(PLAIN, decided=None), "  Nothing has been decided yet: the ticket has never been closed."),
        (
            replace(PLAIN, is_closed=False),
            "  decision if it closed now: ask; no rule fits, so survey.default is asked.",
        ),
        (
            replace(PLAIN, differs=True),
            "  The rules or the ticket have changed since its closing; what was decided then stands.",
        ),
        (
            replace(PLAIN, paused=Pause("陈经理", CLOSED)),
            "  All surveys are paused by 陈经理 since 2026-11-23 09:00 (Asia/Shanghai).",
        ),
        (
            replace(PLAIN, decided=Decided(replace(ASKED, rule="vip"), "scheduled", "")),
            "  stored at closing 2: rule vip, survey after_service",
        ),
    ],
)
def test_what_is_not_as_usual_has_a_line_of_its_own(told: Explanation, line: str) -> None:
    assert line in explain_text(told, BEIJING).splitlines()


def test_why_nobody_was_asked_stands_beside_the_status() -> None:
    excluded = replace(ASKED, state=InvitationState.SUPPRESSED, reason=InvitationReason.EXCLUDED)
    told = explain_text(replace(PLAIN, decided=Decided(excluded, "suppressed", "the rule inner excludes it")), BEIJING)
    assert "    status suppressed (excluded), because the rule inner excludes it" in told.splitlines()


async def test_a_ticket_is_explained_by_its_source_and_number(run: Run, closes: Close) -> None:
    await closes("1")
    lines = (await run("survey explain", ticket="desk/1")).gave.splitlines()
    assert lines[0] == "ticket desk/1"
    assert lines[1].startswith("  decision now: ask; ")
    assert "  stored at closing 1: no rule, survey after_service" in lines


@pytest.mark.parametrize("ticket", ["", "desk", "desk/", "/1"])
async def test_a_ticket_that_is_not_named_whole_is_told_how_it_is_named(run: Run, ticket: str) -> None:
    reply = await run("survey explain", ticket=ticket)
    assert reply.problem == "name the ticket as SOURCE/TICKET, such as zendesk/42"


async def test_a_ticket_that_nobody_knows_is_named(run: Run) -> None:
    assert (await run("survey explain", ticket="desk/a/b")).problem == "there is no ticket desk/a/b"
