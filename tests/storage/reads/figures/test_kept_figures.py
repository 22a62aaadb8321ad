"""Whatever figures are computed from: a change of it is counted on its day, in the statement that makes it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, Table, func, select, update
from sqlalchemy.sql.visitors import iterate

from dialogs.interview.model import Answer, InterviewState
from dialogs.invitation.model import InvitationReason, InvitationState
from dialogs.issue.model import IssueState
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.session import Write
from storage.connection.store import Store
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import IssueEvent, StoredSurvey
from storage.model.service_details import ServiceDetails
from storage.privacy.erasure import ErasureTask, erase
from storage.reads.figures import (
    ask_counts,
    figure_facts,
    rating_counts,
    visit_counts,
    visit_facts,
    weighed_ratings,
)
from storage.reads.figures.kept_figures import KeptReads
from storage.rollups.figure_store import KeptFigures, add_changes, keep_figures
from storage.schema import tables as t
from storage.schema.figures.figure_tables import WATCHED
from storage.unit_of_work.changes import Record
from storage.unit_of_work.writer import Writer
from tests.storage.sample_sheets import full_entered_figure
from tests.storage.samples import NOW, asked, issue, person, save

DAY = timedelta(days=1)
CUSTOMER, CONTACT, TICKET = person()
INVITATION, INTERVIEW = asked()
VISIT = Closing("desk", "42", 1, "c-mei", NOW, product="AC-300", tier="gold")
RATED = RatingFact("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, NOW, "telegram")
ISSUE = issue()
ENTERED = full_entered_figure(datetime(2027, 2, 1, tzinfo=UTC))
STORED: tuple[Record, ...] = (CUSTOMER, CONTACT, TICKET, VISIT, INVITATION, INTERVIEW, RATED, ISSUE)
IRRELEVANT = {"issue_customers", "notes", "rated_items", "rating_cuts", "rating_deltas", "rating_rollups"}
"""Tables that figures read, and of which no row changes what they tell: the sums of ratings are those of `ratings`."""

CHANGES: dict[str, Record] = {
    "sent again": replace(TICKET, version=1, details=ServiceDetails(resent=True)),
    "of another team": replace(TICKET, version=1, team="south"),
    "suppressed": replace(INVITATION, version=1, state=InvitationState.SUPPRESSED, reason=InvitationReason.QUARANTINE),
    "sent": replace(INVITATION, version=1, sent_at=NOW),
    "completed": replace(INTERVIEW, version=1, state=InterviewState.COMPLETED),
    "begun": replace(INTERVIEW, version=1, answers=(Answer("care", 2, NOW),)),
    "corrected": replace(RATED, value=5),
    "one rating more": replace(RATED, item="speed"),
    "found important": replace(RATED, importance=5),
    "excluded": replace(RATED, status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED),
    "resolved": replace(ISSUE, version=1, state=IssueState.RESOLVED, resolved_at=NOW),
    "one issue more": issue("iss_2"),
    "claimed": IssueEvent("iss_1", 1, NOW, "claimed", "李工"),
    "moved": replace(CUSTOMER, version=1, postal_address="another street"),
    "entered": ENTERED,
    "a survey": StoredSurvey("after_service", 2, "{}", NOW),
}


async def changes(store: Store, since: datetime = NOW - DAY, until: datetime = NOW + DAY) -> str:
    return await KeptReads(store).changes(since, until)


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
async def test_a_change_is_counted_where_it_is_placed(store: Store, writer: Writer, changed: Record) -> None:
    await save(writer, *STORED)
    before = await changes(store)
    await save(writer, changed)
    assert await changes(store) != before


async def test_a_change_of_another_day_is_not(store: Store, writer: Writer) -> None:
    await save(writer, *STORED)
    days = [(NOW - 9 * DAY, NOW - DAY), (NOW + DAY, NOW + 9 * DAY)]
    before = [await changes(store, *ends) for ends in days]
    await save(writer, replace(RATED, value=5), replace(INTERVIEW, version=1, state=InterviewState.COMPLETED))
    await save(writer, replace(TICKET, version=1, team="south"), replace(ISSUE, version=1, note="later"))
    assert [await changes(store, *ends) for ends in days] == before


async def test_an_answer_is_counted_with_its_rating_alone(store: Store, writer: Writer) -> None:
    first = Answer("care", 2, NOW)
    goes_on = replace(INTERVIEW, version=1, answers=(first,))
    await save(writer, *STORED, replace(RATED, item="speed"))
    await save(writer, goes_on)
    before = await changes(store)
    remarks = replace(goes_on, version=2, state=InterviewState.REMARKING, answers=(first, Answer("speed", 3, NOW)))
    await save(writer, remarks)
    assert await changes(store) == before, "so that nothing of an anonymous survey tells how it was answered"
    await save(writer, replace(remarks, version=3, state=InterviewState.COMPLETED))
    assert await changes(store) != before


async def test_an_erasure_and_what_is_deleted_are_counted(store: Store, writer: Writer) -> None:
    await save(writer, *STORED)
    before = await changes(store)
    assert await erase(store, writer, ErasureTask("c-mei", "gone_x", b"key"))
    assert await changes(store) != before


async def test_changes_that_are_added_to_their_days_are_as_many(store: Store, writer: Writer) -> None:
    await save(writer, *STORED)
    before = await changes(store)
    await add_changes(writer)
    await add_changes(writer)
    assert await changes(store) == before
    async with store.reading() as session:
        assert await session.fetch(select(func.count()).select_from(t.figure_changes)) == [(0,)]


async def test_what_is_kept_is_found_while_its_changes_are_as_many(store: Store, writer: Writer) -> None:
    kept, one, other = KeptReads(store), KeptFigures("one", "3", "{}"), KeptFigures("other", "4", '{"agents":{}}')
    kept.offer([one, other])
    assert await kept.find(["one", "other", "none"], "3") == {"one": "{}"}
    waiting = kept.waiting()
    await keep_figures(writer, waiting)
    kept.settle(waiting)
    assert kept.waiting() == []
    assert await kept.find(["one", "other"], "4") == {"other": '{"agents":{}}'}
    await keep_figures(writer, [replace(one, changes="4", content="[]")])
    assert await KeptReads(store).find(["one", "other"], "4") == {"one": "[]", "other": '{"agents":{}}'}


async def test_of_what_nobody_stores_the_latest_waits(store: Store) -> None:
    kept = KeptReads(store)
    kept.offer(KeptFigures(f"key {n}", "1", "{}") for n in range(501))
    kept.offer([KeptFigures("key 1", "2", "[]")])
    waiting = kept.waiting()
    assert len(waiting) == 500
    assert (waiting[0].key, waiting[-1]) == ("key 2", KeptFigures("key 1", "2", "[]"))
    assert await kept.find(["key 0", "key 1", "key 2"], "1") == {"key 2": "{}"}
    kept.settle([KeptFigures("key 1", "1", "{}"), waiting[0]])
    assert [one.key for one in kept.waiting()] == [one.key for one in waiting[1:]], "what was offered since stays"


async def test_what_was_made_long_ago_is_forgotten(store: Store, writer: Writer) -> None:
    await keep_figures(writer, [KeptFigures("old", "1", "{}")])
    aged = Write(
        t.kept_figures,
        (t.kept_figures.c.key, t.kept_figures.c.made_at),
        lambda rows: (
            update(t.kept_figures).where(t.kept_figures.c.key == rows.c["key"]).values(made_at=rows.c["made_at"])
        ),
    )
    await writer.perform(lambda session, _now: session.write(aged, [("old", NOW - timedelta(days=401))]))
    await keep_figures(writer, [KeptFigures("new", "1", "{}")])
    assert await KeptReads(store).find(["old", "new"], "1") == {"new": "{}"}


async def test_those_that_were_made_last_are_kept_where_there_are_many(store: Store, writer: Writer) -> None:
    await keep_figures(writer, [KeptFigures("first", "1", "{}")])
    late = Writer(store, lambda: NOW + DAY)
    await keep_figures(late, [KeptFigures(name, "1", "{}") for name in ("b", "c", "d")], most=3)
    await late.stop()
    assert set(await KeptReads(store).find(["first", "b", "c", "d"], "1")) == {"b", "c", "d"}


def _statements(module: Any) -> Sequence[Select[Any]]:  # noqa: ANN401 (a module)
    return [value for value in vars(module).values() if isinstance(value, Select)]


def test_every_table_is_watched_from_which_figures_are_computed() -> None:
    read = set[str]()
    by_needs = [
        ask_counts._asks(tuple(ask_counts.ASK_KEYS)),  # noqa: SLF001 (as below)
        ask_counts._unrecorded(()),  # noqa: SLF001 (as below)
        visit_counts._statement((), ("has_complaint", "is_thing_known"), ()),  # noqa: SLF001 (whatever they read)
    ]
    modules = (figure_facts, rating_counts, visit_facts, visit_counts, weighed_ratings)
    for statement in (*by_needs, *(one for module in modules for one in _statements(module))):
        read |= {one.name for one in iterate(statement) if isinstance(one, Table)}
    assert {"tickets", "issues", "closings", "interviews"} <= read
    assert read - IRRELEVANT == set(WATCHED), "a table that figures read has its triggers in figure_tables.py"


TOUCHED = {
    "the first moment of a period": (NOW, NOW + DAY, True),
    "the moment after its last": (NOW - DAY, NOW, True),
    "a period of no day of UTC": (NOW - timedelta(hours=1), NOW + timedelta(hours=1), True),
    "the day before": (NOW - 2 * DAY, NOW - DAY, False),
    "a year before": (NOW - 366 * DAY, NOW - 360 * DAY, False),
}


@pytest.mark.parametrize(("since", "until", "is_counted"), TOUCHED.values(), ids=TOUCHED)
async def test_whole_days_of_utc_are_counted_that_a_period_touches(
    store: Store, writer: Writer, since: datetime, until: datetime, *, is_counted: bool
) -> None:
    await save(writer, *STORED)
    before = await changes(store, since, until)
    await save(writer, replace(RATED, value=5))
    assert (await changes(store, since, until) != before) is is_counted


async def test_what_concerns_every_period_is_counted_in_every_one(store: Store, writer: Writer) -> None:
    await save(writer, *STORED)
    periods = [(NOW - n * 400 * DAY, NOW - (n * 400 - 31) * DAY) for n in range(4)]
    before = [await changes(store, *ends) for ends in periods]
    await save(writer, ENTERED)
    after = [await changes(store, *ends) for ends in periods]
    assert all(one != other for one, other in zip(before, after, strict=True))
    await save(writer, replace(ENTERED, version=1, numerator="4"))
    assert after != [await changes(store, *ends) for ends in periods]
