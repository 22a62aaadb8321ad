"""What messages said before they could carry files stays as it was."""

import pytest

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import execute, fetch, upgrade_to

BEFORE = "0041_phrases"
COLUMNS = "id, channel, chat, purpose, created_at, round, obeys_opt_out, status"
MORE = "attempts, receipt, why, campaign, per_minute"


@pytest.mark.proof
async def test_messages_keep_their_words_and_carry_nothing(bare_url: str) -> None:
    await upgrade_to(bare_url, BEFORE)
    flag = "1" if bare_url.startswith("sqlite") else "true"
    await execute(
        bare_url,
        f"""INSERT INTO outbox ({COLUMNS}, {MORE}) VALUES
        ('out_1', 'telegram', '5', 'alert', '2026-11-22 03:00:00+00:00', 0, {flag}, 'sent', 1, '80', '', '', 0);
        INSERT INTO prompts (message, body) VALUES ('out_1', '{{"text":"新的低分 #K3F2A"}}');""",  # noqa: S608 (our own names)
    )
    await upgrade(bare_url)
    assert await fetch(bare_url, "SELECT message, body, file FROM prompts") == [
        ("out_1", '{"text":"新的低分 #K3F2A"}', None)
    ]
    assert await fetch(bare_url, "SELECT count(*) FROM files") == [(0,)]
