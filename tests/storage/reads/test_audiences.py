"""Whom a campaign finds: every filter, on either database; each customer once, with the newest ticket that fits."""

from datetime import timedelta
from typing import Any

import pytest

from dialogs.campaign.model import Audience
from dialogs.interview.model import Answer, InterviewState
from scoring.values import replace
from storage.connection.store import Store
from storage.model.records import ContactState, TicketStatus
from storage.reads.audiences import Candidate, candidates
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, asked, issue, person, save, soon

CHANNELS = ("telegram",)
DAY = timedelta(days=1)


async def found(store: Store, *, unfinished: bool = False, **audience: Any) -> list[Candidate]:  # noqa: ANN401 (fields of Audience)
    return await candidates(store, Audience(**audience), NOW, CHANNELS, unfinished=unfinished)


async def names(store: Store, **audience: Any) -> list[str]:  # noqa: ANN401 (as above)
    return [one.name for one in await found(store, **audience)]


@pytest.fixture
async def town(writer: Writer) -> None:
    """Mei gave 2 and 3, Bo has not answered and Cy's ticket was never asked about; Mei's issue is open."""
    mei, mei_chat, mei_ticket = person("mei", "1")
    bo, bo_chat, bo_ticket = person("bo", "2")
    cy, _, cy_ticket = person("cy", "3")
    mei_ticket = replace(mei_ticket, product="AC-300", tags=("vip", "新"), team="north", closed_at=NOW - 2 * DAY)
    older = replace(mei_ticket, id="0", product="AC-100", tags=(), closed_at=NOW - 9 * DAY)
    bo_ticket = replace(bo_ticket, category="repair", agent_id="a17", appointment_at=soon(hours=2))
    (mei_ask, mei_talk), (bo_ask, bo_talk) = asked("mei", "1"), asked("bo", "2", InterviewState.INVITED)
    mei_talk = replace(mei_talk, answers=(Answer("a", 2, NOW), Answer("b", 3, NOW)))
    await save(writer, replace(mei, tier="gold", locale="en"), mei_chat, mei_ticket, older)
    await save(writer, bo, replace(bo_chat, state=ContactState.BLOCKED), bo_ticket, cy, cy_ticket)
    await save(writer, mei_ask, mei_talk, replace(bo_ask, sent_at=NOW), bo_talk, issue(name="mei", ticket="1"))


FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["bo", "cy", "mei"]),
    ({"sources": ("desk", "other")}, ["bo", "cy", "mei"]),
    ({"sources": ("other",)}, []),
    ({"teams": ("north",)}, ["mei"]),
    ({"categories": ("repair",)}, ["bo"]),
    ({"products": ("AC-100", "AC-9")}, ["mei"]),
    ({"agents": ("a17",)}, ["bo"]),
    ({"tags": ("新", "x")}, ["mei"]),
    ({"tags": ("ne",)}, []),
    ({"tiers": ("gold",)}, ["mei"]),
    ({"locales": ("en",)}, ["mei"]),
    ({"channels": ("telegram",)}, ["bo", "mei"]),
    ({"customers": ("c-cy", "c-bo")}, ["bo", "cy"]),
    ({"closed_from": NOW - 3 * DAY, "closed_until": NOW - DAY}, ["mei"]),
    ({"closed_within": 3 * DAY, "closed_before": DAY}, ["mei"]),
    ({"closed_within": DAY}, ["bo", "cy"]),
    ({"appointment_within": timedelta(0)}, ["bo"]),
    ({"appointment_before": timedelta(0)}, []),
    ({"surveys": ("after_service",)}, ["bo", "mei"]),
    ({"statuses": ("sent",)}, ["bo"]),
    ({"statuses": ("started", "completed")}, ["mei"]),
    ({"score_at_or_below": 2.5}, ["mei"]),
    ({"score_at_or_below": 2.4}, []),
    ({"score_at_or_above": 2.5}, ["mei"]),
    ({"score_at_or_above": 2.6}, []),
    ({"issues": ("open",)}, ["mei"]),
    ({"issues": ("open",), "issue_kinds": ("complaint",)}, []),
    ({"root_causes": ("parts",)}, []),
    ({"tags": ("vip",), "products": ("AC-100",)}, []),
]


@pytest.mark.usefixtures("town")
async def test_every_filter_finds_whom_it_names(store: Store) -> None:
    assert [(audience, await names(store, **audience)) for audience, _ in FILTERS] == FILTERS


@pytest.mark.usefixtures("town")
async def test_each_customer_stands_once_with_the_newest_ticket_that_fits(store: Store) -> None:
    assert [(one.customer, one.ticket) for one in await found(store)] == [("c-bo", "2"), ("c-cy", "3"), ("c-mei", "1")]
    assert [one.ticket for one in await found(store, products=("AC-100",))] == ["0"]


@pytest.mark.usefixtures("town")
async def test_a_look_tells_what_keeps_us_from_writing(store: Store) -> None:
    bo, cy, mei = await found(store)
    assert (mei.is_reachable, mei.is_blocked) == (True, False)
    assert (bo.is_reachable, bo.is_blocked) == (False, True)
    assert (cy.is_reachable, cy.is_blocked) == (False, False)
    assert mei.asked_at == NOW
    assert cy.asked_at is None
    assert mei.opted_out_at is None


@pytest.mark.usefixtures("town")
async def test_a_reminder_finds_who_was_asked_and_has_not_finished(store: Store) -> None:
    unfinished = await found(store, unfinished=True)
    assert [(one.customer, one.interview, one.has_begun) for one in unfinished] == [
        ("c-bo", "int_2", False),
        ("c-mei", "int_1", True),
    ]
    assert [one.is_reachable for one in unfinished] == [False, True]


@pytest.mark.usefixtures("town")
async def test_whoever_gave_feedback_unasked_is_not_reminded_of_it_nor_was_asked_by_it(
    writer: Writer, store: Store
) -> None:
    (dee, _, _), (ask, talk) = person("dee", "9"), asked("dee", "9", InterviewState.INVITED)
    own = replace(ask, source="", ticket="", occasion="feedback:telegram:7", sent_at=NOW)
    await save(writer, dee, own, talk)
    assert "c-dee" not in {one.customer for one in await found(store, unfinished=True)}
    assert [one.asked_at for one in await found(store, customers=("c-dee",))] == [None]


@pytest.mark.usefixtures("town")
async def test_a_ticket_that_was_reopened_is_not_closed_within_any_time(writer: Writer, store: Store) -> None:
    _, _, ticket = person("cy", "3")
    await save(writer, replace(ticket, status=TicketStatus.REOPENED, version=1))
    assert await names(store, closed_within=DAY) == ["bo"]


@pytest.mark.usefixtures("town")
async def test_nobody_is_found_by_a_score_they_give_to_an_anonymous_survey(store: Store) -> None:
    low = Audience(score_at_or_below=2.5)
    for unfinished in (False, True):
        known = await candidates(store, low, NOW, CHANNELS, unfinished=unfinished, anonymous=("pulse",))
        hidden = await candidates(store, low, NOW, CHANNELS, unfinished=unfinished, anonymous=("after_service",))
        assert ([one.customer for one in known], hidden) == (["c-mei"], [])


async def test_everybody_is_found_once_however_many_there_are(store: Store, writer: Writer) -> None:
    people = [replace(person()[0], id=f"c-{n:04}") for n in range(2003)]
    tickets = [replace(person()[2], id=str(n), customer=f"c-{n:04}", team="north") for n in (0, 1999, 2000, 2002)]
    await save(writer, *people, *tickets)
    assert [one.customer for one in await found(store)] == [one.id for one in people]
    assert [one.ticket for one in await found(store, teams=("north",))] == ["0", "1999", "2000", "2002"]
