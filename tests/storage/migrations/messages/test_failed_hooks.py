"""Webhooks of before are what they were, and one can fail from now on; no number is given out twice."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0061_import_claims"


@pytest.mark.proof
async def test_a_delivery_stays_and_may_fail(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    at = "2026-11-23T01:02:03.000004Z" if "sqlite" in bare_url else "2026-11-23 01:02:03.000004+00"
    one = ", ".join(f"'{text}'" for text in ("hook_1", "evt_1", "iss_1", "waiting"))
    more = f"""INSERT INTO hook_deliveries (endpoint, event, subject, state, attempts, created_at, due_at, code,
        milliseconds, answer, why) VALUES ({one}, 2, '{at}', '{at}', 500, 7, 'no', 'it answered 500');"""  # noqa: S608 (our own names)
    same = ("waiting", 2, "it answered 500")
    await execute(
        bare_url,
        f"""INSERT INTO hook_endpoints (id, name, url, created_at, events, state, secret_number, why, origin, version)
        VALUES ('hook_1', 'CRM', 'https://1.1.1.1/', '{at}', '[]', 'active', 1, '', '', 1);
        INSERT INTO hook_events (id, type, subject, at, body) VALUES ('evt_1', 'issue.opened', 'iss_1', '{at}', '{{}}');
        {more} {more}""",  # noqa: S608 (our own names)
    )
    await execute(bare_url, "DELETE FROM hook_deliveries WHERE number > 1")
    await upgrade(bare_url)
    told = "SELECT number, state, attempts, why FROM hook_deliveries"
    assert await fetch(bare_url, told) == [(1, *same)]
    await execute(bare_url, f"UPDATE hook_deliveries SET state = 'failed'; {more}")  # noqa: S608 (our own names)
    assert await fetch(bare_url, f"{told} ORDER BY number") == [(1, "failed", 2, "it answered 500"), (3, *same)]
