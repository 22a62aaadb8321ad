"""What there was before figures were kept is as it was, and a change of it makes figures out of date."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.connection.migrate import upgrade
from storage.connection.store import Store
from storage.reads.figures.kept_figures import KeptReads
from storage.rollups.figure_store import KeptFigures, keep_figures
from storage.unit_of_work.writer import Writer
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0055_assessment_files"
AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ROWS = """
INSERT INTO customers (id, name, locale, timezone, tier, version, phone, email, postal_address)
VALUES ('c-mei', 'mei', '', '', 'gold', 1, '', '', 'street');
INSERT INTO closings (source, ticket, number, customer, closed_at, agent_id, agent_name, team, station, area, product,
    category, service_type, source_channel, contract, tier, tags, contact_key)
VALUES ('desk', '42', 1, 'c-mei', {at}, 'a17', '', 'north', '', '', 'AC-300', '', '', '', '', 'gold', '[]', '');
INSERT INTO invitations (id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state,
    agent_id, agent_name, team, by_hand, version, occasion, rule, entered_by)
VALUES ('inv_42', 'desk', '42', 1, 'c-mei', 'after_service', '{word}', '{word}', {at}, 'asked', 'a17', '', 'north',
    {no}, 1, '', '', '');
"""
TABLES = ("customers", "closings", "invitations")
LATER = (
    "UPDATE invitations SET state = 'scheduled'",
    "UPDATE closings SET tier = ''",
    "UPDATE customers SET postal_address = 'another street'",
    "DELETE FROM invitations",
)


async def changes(store: Store) -> str:
    return await KeptReads(store).changes(AT - DAY, AT + DAY)


@pytest.mark.proof
async def test_older_rows_stay_and_their_changes_are_counted_from_now_on(bare_url: str) -> None:
    word = AT.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    is_file = bare_url.startswith("sqlite")
    at, no = (str(int(AT.timestamp()) * 1_000_000), "0") if is_file else (f"'{word}'", "false")
    await upgrade_to(bare_url, BEFORE)
    await execute(bare_url, ROWS.format(word=word, at=at, no=no))
    before = {table: await fetch(bare_url, f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608 (our own names)
    await upgrade(bare_url)
    assert {table: await fetch(bare_url, f"SELECT * FROM {table}") for table in TABLES} == before  # noqa: S608 (as above)
    async with Store.open(bare_url) as store:
        counted = await changes(store)
        assert set(counted) == {"0", "."}, "nothing is kept yet that could be out of date"
        writer = Writer(store, lambda: AT)
        try:
            await keep_figures(writer, [KeptFigures("key", counted, "{}")])
        finally:
            await writer.stop()
        assert await KeptReads(store).find(["key"], counted) == {"key": "{}"}
    for statement in LATER:
        await execute(bare_url, f"{statement};")
        async with Store.open(bare_url) as store:
            now = await changes(store)
            assert now != counted, statement
            assert await KeptReads(store).find(["key"], now) == {}
            counted = now
