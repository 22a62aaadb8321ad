"""A process of an older version that meets tables of a newer one says so in a sentence, and touches nothing."""

from pathlib import Path

import pytest

from tests.storage.migrations.sample import execute, rows_of
from tests.support.commands import huifang
from tests.support.ports import reserved_port

SENTENCE = "huifang: the database was made by a newer huifang (tables 9999_future): install that version\n"


@pytest.mark.parametrize("command", ["run", "migrate"])
async def test_an_older_process_stops_with_one_sentence(
    command: str, sample_url: str, settings: dict[str, str], tmp_path: Path
) -> None:
    await execute(sample_url, "UPDATE alembic_version SET version_num = '9999_future'")
    before = await rows_of(sample_url)
    with reserved_port() as port:
        stopped = await huifang(tmp_path, settings | {"http.port": str(port)}, command)
    assert (stopped.code, stopped.out, stopped.err) == (1, "", SENTENCE)
    assert await rows_of(sample_url) == before
