"""Each way in which a rating changes is noted with it: minus what was, plus what is, in the same commit."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from dialogs.interview.model import InterviewState
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import WriteConflict
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.privacy.erasure import ErasureTask, erase
from storage.rollups.statements import CHANGED, SUMMED_BY
from storage.rollups.sums import add_up
from storage.schema import tables as t
from storage.schema.rating_joins import CUT_KEYS, of_ratings
from storage.schema.rollup_tables import COUNTED_BY, CUT, RATED
from storage.unit_of_work.writer import Writer
from tests.storage.rollups.turmoil import SHANGHAI
from tests.storage.samples import NOW, asked, person, save

VISIT = Closing("desk", "42", 1, "c-mei", NOW, station="静安一站", product="AC-300", tier="gold")
GIVEN = RatingFact("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, NOW, "telegram")
BETTER = replace(GIVEN, value=5)
UNDONE = replace(GIVEN, status=RatingStatus.UNDONE)
REOPENED = replace(GIVEN, status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED)
DUPLICATE = replace(REOPENED, reason=ExclusionReason.DUPLICATE)
Noted = dict[tuple[int, str], int]


@pytest.fixture(name="visited")
async def _visited(writer: Writer) -> Writer:
    """Keep a closed visit whose customer is being asked, by an agent who has an id."""
    invitation, interview = asked()
    invitation = replace(invitation, team="north", agent_id="a17", agent_name="李工")
    await save(writer, *person(), VISIT, invitation, interview)
    return writer


async def noted(store: Store) -> Noted:
    """Return what is noted, in all, by value and reason."""
    changes: Counter[tuple[int, str]] = Counter()
    for row in await rows(store):
        changes[row["value"], row["reason"]] += row["n"]
    return {key: n for key, n in changes.items() if n}


_SUMS = t.rating_rollups.c
MONTHS = (
    select(t.rated_items.c.item, t.rating_cuts.c.tier, _SUMS.n)
    .join(t.rated_items, t.rated_items.c.id == _SUMS.rated_item)
    .join(t.rating_cuts, t.rating_cuts.c.id == _SUMS.cut)
    .where(_SUMS.grain == "month")
)
_NOTED = t.rating_deltas.c
_CUT = {**CUT_KEYS, "channel": t.interviews.c.channel, "tier": func.coalesce(_NOTED.tier, CUT_KEYS["tier"])}
NOTED = (
    select(
        _NOTED.seq,
        t.invitations.c.closed_at,
        *(_CUT[name] for name in CUT),
        *(_NOTED[name] for name in CHANGED),
        _NOTED.n,
    )
    .select_from(
        of_ratings(
            t.rating_deltas,
            (t.interviews, t.interviews.c.id == _NOTED.response),
            (t.invitations, t.invitations.c.id == t.interviews.c.invitation),
        )
    )
    .order_by(_NOTED.seq)
)
ITEMS = select(t.rated_items.c.id, *(t.rated_items.c[name] for name in RATED))


async def rows(store: Store) -> list[dict[str, Any]]:
    """Return what is noted, by the names of what it counts by; all that is noted can be placed."""
    names = ("seq", "placed_at", *SUMMED_BY, "n")
    async with store.reading() as session:
        found = [dict(zip(names, row, strict=True)) for row in await session.fetch(NOTED)]
        assert len(found) == len(await session.fetch(t.rating_deltas.select()))
        items = {number: dict(zip(RATED, told, strict=True)) for number, *told in await session.fetch(ITEMS)}
    return [row | items[row.pop("rated_item")] for row in found]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([GIVEN], {(2, ""): 1}),
        ([UNDONE], {}),
        ([GIVEN, BETTER], {(5, ""): 1}),
        ([GIVEN, GIVEN], {(2, ""): 1}),
        ([GIVEN, UNDONE], {}),
        ([GIVEN, UNDONE, BETTER], {(5, ""): 1}),
        ([GIVEN, REOPENED], {(2, "reopened"): 1}),
        ([REOPENED, DUPLICATE], {(2, "duplicate"): 1}),
        ([REOPENED, GIVEN], {(2, ""): 1}),
        ([GIVEN, replace(GIVEN, item="speed")], {(2, ""): 2}),
        ([GIVEN, replace(GIVEN, importance=5)], {(2, ""): 1}),
    ],
    ids=[
        "given",
        "taken back before it was stored",
        "corrected",
        "given again",
        "taken back",
        "taken back, and given",
        "excluded",
        "excluded for another reason",
        "counted again",
        "two items",
        "found important",
    ],
)
async def test_a_change_is_noted_as_what_was_and_what_is(
    store: Store, visited: Writer, facts: Sequence[RatingFact], expected: Noted
) -> None:
    for fact in facts:
        await save(visited, fact)
    assert await noted(store) == expected
    if facts == [GIVEN]:
        (row,) = await rows(store)
        told = {"team": "north", "agent": "a17", "station": "静安一站", "product": "AC-300", "tier": "gold"}
        told |= {"channel": "telegram", "survey": "after_service", "item": "care", "dimension": "attitude"}
        numbers = {"lowest": 1, "highest": 5, "value": 2}
        empty = dict.fromkeys(COUNTED_BY, "")
        assert row == empty | told | numbers | {"seq": row["seq"], "placed_at": NOW, "n": 1}


async def test_an_erasure_moves_what_was_counted_by_the_tier_that_it_empties(store: Store, visited: Writer) -> None:
    await save(visited, GIVEN)
    await save(visited, replace(GIVEN, item="speed"))
    assert await add_up(visited, SHANGHAI) == 2
    assert await rows(store) == []
    assert await erase(store, visited, ErasureTask("c-mei", "gone_x", b"key"))
    changes = await rows(store)
    assert Counter((row["item"], row["tier"], row["n"]) for row in changes) == Counter(
        (item, tier, n) for item in ("care", "speed") for tier, n in (("gold", -1), ("", 1))
    )
    await add_up(visited, SHANGHAI)
    async with store.reading() as session:
        sums = await session.fetch(MONTHS)
    assert {(item, tier): n for item, tier, n in sums} == {
        ("care", ""): 1,
        ("speed", ""): 1,
    }


async def test_what_was_noted_before_an_erasure_was_noted_with_the_tier(store: Store, visited: Writer) -> None:
    await save(visited, GIVEN)
    assert await erase(store, visited, ErasureTask("c-mei", "gone_x", b"key"))
    await save(visited, BETTER)
    found = [(row["value"], row["tier"], row["n"]) for row in await rows(store)]
    assert found == [(2, "gold", 1), (2, "gold", -1), (2, "", 1), (2, "", -1), (5, "", 1)]
    assert await add_up(visited, SHANGHAI) == len(found)
    async with store.reading() as session:
        assert await session.fetch(MONTHS) == [("care", "", 1)]


async def test_what_waits_is_added_up_by_the_tier_that_it_was_noted_with(store: Store, visited: Writer) -> None:
    await save(visited, GIVEN)
    await add_up(visited, SHANGHAI)
    await save(visited, BETTER)
    assert await erase(store, visited, ErasureTask("c-mei", "gone_x", b"key"))
    await add_up(visited, SHANGHAI)
    async with store.reading() as session:
        assert sorted(await session.fetch(MONTHS)) == [("care", "", 1)]


async def test_a_rating_of_no_response_is_counted_nowhere(store: Store, visited: Writer) -> None:
    await save(visited, GIVEN, replace(GIVEN, response="int_nobody"))
    assert await add_up(visited, SHANGHAI) == 2
    async with store.reading() as session:
        assert await session.fetch(t.rating_deltas.select()) == []
        assert await session.fetch(MONTHS) == [("care", "gold", 1)]


async def test_what_is_not_saved_is_not_noted(store: Store, visited: Writer) -> None:
    stale = replace(asked()[1], state=InterviewState.COMPLETED, version=7)
    with pytest.raises(WriteConflict):
        await save(visited, GIVEN, stale)
    assert await rows(store) == []


async def test_an_answer_about_no_ticket_is_counted_by_its_ask(store: Store, writer: Writer) -> None:
    invitation, interview = asked()
    own = replace(invitation, source="", ticket="", closing=0, occasion="own words", agent_name="李工")
    await save(writer, *person(), own, interview)
    await save(writer, replace(GIVEN, source="", ticket="", closing=0))
    (row,) = await rows(store)
    assert (row["agent"], row["station"], row["tier"], row["placed_at"], row["n"]) == ("李工", "", "", NOW, 1)
