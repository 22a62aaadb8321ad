"""Customers and messages of before anything was written into tickets stay, and such messages are stored afterwards."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0047_imports"
CUSTOMER = "id, name, locale, timezone, tier, version, phone, email, postal_address"
MESSAGE = (
    "id, channel, chat, purpose, created_at, round, obeys_opt_out, status, attempts, receipt, why, campaign, per_minute"
)
ROW = "'telegram', '5', '{}', '2026-06-02 08:00:00.000000', 0, {}, 'sent', 1, '77', '', '', 0"


@pytest.mark.proof
async def test_customers_and_messages_stay_and_the_new_purpose_is_allowed(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    flag = "true" if bare_url.startswith("postgresql") else "1"
    await execute(
        bare_url,
        f"""INSERT INTO customers ({CUSTOMER}) VALUES ('c-1', '王', 'zh-Hans', '', '', 3, '1', 'a@b.example', '');
        INSERT INTO outbox ({MESSAGE}) VALUES ('out_1', {ROW.format("alert", flag)});""",  # noqa: S608 (our own names)
    )
    await upgrade(bare_url)
    assert await fetch(bare_url, f"SELECT {CUSTOMER}, invited_at FROM customers") == [  # noqa: S608 (as above)
        ("c-1", "王", "zh-Hans", "", "", 3, "1", "a@b.example", "", None)
    ]
    await execute(
        bare_url,
        f"INSERT INTO outbox ({MESSAGE}) VALUES ('out_2', {ROW.format('desk', flag)});",  # noqa: S608 (as above)
    )
    assert await fetch(bare_url, "SELECT id, purpose FROM outbox ORDER BY id") == [
        ("out_1", "alert"),
        ("out_2", "desk"),
    ]
