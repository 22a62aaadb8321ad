"""What customers wrote about an issue moves apart from what was noted by hand, and is told as before."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0013_holder_since"
COLUMNS = "id, kind, severity, opened_at, state, title, text, reasons"
REST = "tickets, responses, customers, drafts, resolution, told, confirmed, escalated, events, version"
EMPTY = "'[]', '[]', '[]', 0, 0, '[]', '[]', {no}, 1, 1"
WORD = '[{"kind":"word","word":"x"}]'


@pytest.mark.proof
async def test_words_of_customers_become_quotes_and_notes_stay(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    at, rest = "'2026-11-23 01:02:03.000004+00'", EMPTY.format(no="0" if "sqlite" in bare_url else "false")
    at = "'2026-11-23T01:02:03.000004Z'" if "sqlite" in bare_url else at
    rows = [
        ("a", "complaint", "我要「退款」", WORD),
        ("b", "manual", "前台记的", "[]"),
        ("c", "call", "修好了", WORD),
        ("d", "low_score", "", WORD),
    ]
    values = ", ".join(
        f"('{i}', '{kind}', 'high', {at}, 'open', '', '{text}', '{why}', {rest})" for i, kind, text, why in rows
    )
    await execute(bare_url, f"INSERT INTO issues ({COLUMNS}, {REST}) VALUES {values};")  # noqa: S608 (our own names)
    await upgrade(bare_url)
    assert await fetch(bare_url, "SELECT id, text, quotes FROM issues ORDER BY id") == [
        ("a", "", '[{"at": "2026-11-23T01:02:03.000004Z", "text": "我要「退款」"}]'),
        ("b", "前台记的", "[]"),
        ("c", "修好了", "[]"),
        ("d", "", "[]"),
    ]
