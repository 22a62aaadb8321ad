"""Ratings from before they named their item by number are told as they were, and their sums are made anew."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.model.fact_records import RatingFact, RatingStatus
from storage.rollups.differences import check_rollups
from storage.rollups.sums import count_ratings, rebuild, rollup_state
from storage.unit_of_work.selects import RATINGS
from storage.unit_of_work.writer import Writer
from tests.storage.migrations.sample import execute, upgrade_to

BEFORE = "0027_keyed_sheets"
AT = datetime(2026, 11, 22, 2, 30, 0, 123456, tzinfo=UTC)
WORD = "2026-11-22T02:30:00.123456Z"
GIVEN = RatingFact("desk", "42", 1, "int_42", "care", "after_service", 2, "attitude", 2, 1, 5, AT, "telegram")
RATED = (
    GIVEN,
    replace(GIVEN, item="speed", dimension="speed", status=RatingStatus.UNDONE),
    replace(GIVEN, item="skill", status=RatingStatus.EXCLUDED, reason=ExclusionReason.REOPENED, rules=2),
)
OWN = replace(GIVEN, source="", ticket="", closing=0, response="int_own", value=5, highest=10)
ASKS = """
INSERT INTO customers (id, name, locale, timezone, tier, version, phone, email, postal_address)
VALUES ('c-mei', 'mei', '', '', 'gold', 1, '', '', '');
INSERT INTO closings (source, ticket, number, customer, closed_at, agent_id, agent_name, team, station, area, product,
    category, service_type, source_channel, contract, tier, tags)
VALUES ('desk', '42', 1, 'c-mei', '{at}', 'a17', '', 'north', '', '', 'AC-300', '', '', '', '', 'gold', '[]');
INSERT INTO notes (key, value, at, version) VALUES ('rollups.zone', 'Asia/Shanghai', '{at}', 2);
"""
ASK = """
INSERT INTO invitations (id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state,
    agent_id, agent_name, team, by_hand, version, occasion, rule, entered_by)
VALUES ('inv_{id}', {key}, 'c-mei', 'after_service', '{at}', '{at}', '{at}', 'asked', 'a17', '', 'north', {no}, 1,
    '{occasion}', '', '');
INSERT INTO interviews (id, invitation, customer, channel, chat, survey, survey_number, locale, asked_at, expires_at,
    state, at, answers, skipped, remarks_asked, comment_source, misses, message, assessed, logged, shown, version,
    notice, said, undo, doubted, flags, comment_begins)
VALUES ('int_{id}', 'inv_{id}', 'c-mei', 'telegram', '', 'after_service', 2, '', '{at}', '{at}', 'completed', '', '[]',
    '[]', '[]', '', 0, '', '[]', 0, '', 1, '', '[]', '[]', '', '[]', 0);
"""
COLUMNS = "source, ticket, closing, response, item, survey, survey_number, dimension, value, lowest, highest, channel"


def _old(fact: RatingFact) -> str:
    told: Sequence[Any] = [getattr(fact, name) for name in (*COLUMNS.split(", "), "status", "rules")]
    words = ", ".join(str(one) if isinstance(one, int) else f"'{one}'" for one in told)
    reason = "NULL" if fact.reason is None else f"'{fact.reason}'"
    return f"INSERT INTO ratings ({COLUMNS}, status, rules, at, reason) VALUES ({words}, '{WORD}', {reason});"  # noqa: S608 (our own names)


@pytest.mark.proof
async def test_ratings_are_told_as_they_were_and_added_up_anew(bare_url: str) -> None:
    no = "0" if bare_url.startswith("sqlite") else "false"
    asks = [ASKS.format(at=WORD)]
    for id_, key, occasion in (("42", "'desk', '42', 1", ""), ("own", "'', '', 0", "own words")):
        asks.append(ASK.format(id=id_, key=key, occasion=occasion, at=WORD, no=no))
    await upgrade_to(bare_url, BEFORE)
    await execute(bare_url, "".join([*asks, *map(_old, (*RATED, OWN))]))
    await upgrade(bare_url)
    async with Store.open(bare_url) as store:
        async with store.reading() as session:
            found = await session.records(RatingFact, RATINGS, responses=["int_42", "int_own"])
            assert await rollup_state(session) == ("", 3)
        assert {(one.response, one.item): one for one in found} == {
            (one.response, one.item): one for one in (*RATED, OWN)
        }
        writer = Writer(store, lambda: AT)
        try:
            await rebuild(store, writer, ZoneInfo("Asia/Shanghai"))
        finally:
            await writer.stop()
        async with store.reading() as session:
            day = AT.replace(hour=0, minute=0)
            counted = await count_ratings(session, day.replace(day=1), day.replace(day=30))
    assert await check_rollups(bare_url) == []
    assert sorted((row[4], row[8], row[11], *row[-3:]) for row in counted) == [
        ("", "", "care", 5, "", 1),
        ("AC-300", "gold", "care", 2, "", 1),
        ("AC-300", "gold", "skill", 2, "reopened", 1),
    ]
