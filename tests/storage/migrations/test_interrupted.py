"""A migration that is cut off, anywhere, leaves everything as it was, and is simply run again."""

import asyncio
import itertools
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.connection.migrate import upgrade
from tests.storage.migrations.sample import load_sample, rows_of
from tests.support.process import environment
from tests.support.warm import Warm

NEVER = 10_000
CUTS = [
    pytest.param((2, 21, NEVER), id="twice"),
    pytest.param((1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, NEVER), id="often", marks=pytest.mark.proof),
]
"""Statements of a migration before which it is cut off, one attempt after the other; the last is that of none."""

RENAMED = {"nameless_answers": "anonymous_answers"}
"""Tables that have got another name since, by the name that they had."""


class CutOffError(Exception):
    """What a statement fails with."""


@pytest.fixture(params=["filled", "bare"])
async def url(request: pytest.FixtureRequest, bare_url: str) -> str:
    if request.param == "filled":
        await load_sample(bare_url)
    return bare_url


@contextmanager
def failing_at(number: int) -> Iterator[None]:
    """Let the statement of this number fail, counted from 1 over all engines of this process."""
    executed = itertools.count(1)

    def count(*_statement: object) -> None:
        if next(executed) == number:
            raise CutOffError

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


@pytest.mark.proof
@pytest.mark.some(2)
@pytest.mark.parametrize("cuts", CUTS)
async def test_a_migration_that_fails_at_any_statement_changes_nothing_and_succeeds_later(
    url: str, cuts: tuple[int, ...]
) -> None:
    before, migrated = await rows_of(url), False
    for number in cuts:
        with failing_at(number):
            try:
                await upgrade(url)
            except CutOffError:
                assert await rows_of(url) == before, f"after statement {number}"
            else:
                migrated = True
                break
    assert migrated
    after = await rows_of(url)
    assert _counted(before).items() <= _counted(after).items()
    await upgrade(url)
    assert await rows_of(url) == after


@pytest.mark.parametrize("cuts", CUTS)
async def test_a_process_killed_in_the_middle_of_it_leaves_everything_to_the_next(
    sample_url: str, cuts: tuple[int, ...], tmp_path: Path
) -> None:
    before, codes = await rows_of(sample_url), []
    for number in cuts:
        codes.append(await _migrate(sample_url, number, tmp_path))
        if codes[-1] == 0:
            break
        assert await rows_of(sample_url) == before, f"killed before statement {number}"
    assert codes == [-signal.SIGKILL] * (len(codes) - 1) + [0]
    assert len(codes) > 1, "it was never killed"
    after = await rows_of(sample_url)
    assert _counted(before).items() <= _counted(after).items()


def _counted(rows: dict[str, list[str]]) -> dict[str, int]:
    """Count each table's rows, under the name that it has today."""
    return {RENAMED.get(table, table): len(found) for table, found in rows.items()}


async def _migrate(url: str, kill_at: int, folder: Path) -> int:
    warm, environ = Warm(module="tests.storage.migrations.killed"), environment({"database.url": url})
    process = await warm.launch(folder, environ, [str(kill_at)])
    async with asyncio.timeout(60):
        code = await process.wait()
    await warm.close()
    return code
