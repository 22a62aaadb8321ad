"""What is inspected is one moment of the database, through a connection that cannot write."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from storage.dialects import database
from storage.model.errors import StatementRefused, Unavailable
from tests.storage.migrations.sample import execute

_COUNT = "SELECT count(*) FROM notes"
_NOTE = "INSERT INTO notes (key, value, at, version) VALUES ('x', 'y', '2026-11-22T02:30:00.000000Z', 1)"


async def test_what_another_process_commits_meanwhile_is_not_seen(url: str) -> None:
    def look(connection: Connection) -> tuple[int, int]:
        before = connection.exec_driver_sql(_COUNT).scalar_one()
        with ThreadPoolExecutor(1) as apart:
            apart.submit(lambda: asyncio.run(execute(url, _NOTE))).result()
        return before, connection.exec_driver_sql(_COUNT).scalar_one()

    opened = database(url)
    try:
        assert await opened.inspect(look) == (0, 0)
        assert await opened.inspect(lambda connection: connection.exec_driver_sql(_COUNT).scalar_one()) == 1
    finally:
        await opened.close()


async def test_nothing_can_be_written(url: str) -> None:
    opened = database(url)
    try:
        with pytest.raises((StatementRefused, Unavailable)), opened.translated_errors():
            await opened.inspect(lambda connection: connection.exec_driver_sql(_NOTE))
    finally:
        await opened.close()
