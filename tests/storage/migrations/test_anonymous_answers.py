"""Anonymous answers that were stored under the table's earlier name are all there afterwards."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0007_outbox_refs"
COLUMNS = "id, survey, survey_number, day, answers, comment"


@pytest.mark.proof
async def test_anonymous_answers_move_into_the_table_of_the_new_name(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    await execute(
        bare_url,
        f"""INSERT INTO nameless_answers ({COLUMNS}) VALUES
        ('b', 'anonymous_pulse', 1, '2026-06-02', '[{{"question":"mood","value":4}}]', NULL),
        ('a', 'anonymous_pulse', 2, '2026-06-01', '[]', '很好');""",  # noqa: S608 (our own names)
    )
    await upgrade(bare_url)
    assert await fetch(bare_url, f"SELECT {COLUMNS} FROM anonymous_answers ORDER BY id") == [  # noqa: S608 (as above)
        ("a", "anonymous_pulse", 2, "2026-06-01", "[]", "很好"),
        ("b", "anonymous_pulse", 1, "2026-06-02", '[{"question":"mood","value":4}]', None),
    ]
