"""Webhooks of before are what they were, and one can fail from now on."""

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0060_import_claims"


async def test_a_delivery_stays_and_may_fail(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    at = "2026-11-23T01:02:03.000004Z" if "sqlite" in bare_url else "2026-11-23 01:02:03.000004+00"
    await execute(
        bare_url,
        f"""INSERT INTO hook_endpoints (id, name, url, created_at, events, state, secret_number, why, origin, version)
        VALUES ('hook_1', 'CRM', 'https://1.1.1.1/', '{at}', '[]', 'active', 1, '', '', 1);
        INSERT INTO hook_events (id, type, subject, at, body) VALUES ('evt_1', 'issue.opened', 'iss_1', '{at}', '{{}}');
        INSERT INTO hook_deliveries (endpoint, event, subject, state, attempts, created_at, due_at, code, milliseconds,
        answer, why) VALUES ('hook_1', 'evt_1', 'iss_1', 'waiting', 2, '{at}', '{at}', 500, 7, 'no', 'it answered 500');
        """,  # noqa: S608 (our own names)
    )
    await upgrade(bare_url)
    told = "SELECT number, state, attempts, why FROM hook_deliveries"
    assert await fetch(bare_url, told) == [(1, "waiting", 2, "it answered 500")]
    await execute(bare_url, "UPDATE hook_deliveries SET state = 'failed'")
    assert await fetch(bare_url, told) == [(1, "failed", 2, "it answered 500")]
