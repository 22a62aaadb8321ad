"""The filled database of version 0.1: put into an empty database, and looked at row by row."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storage import migrations
from storage.dialects import database
from tests.support.botapi import TOKEN
from tests.support.wechat import AES_KEY, APP_ID, APP_SECRET
from tests.support.wechat import TOKEN as PUSH_TOKEN

__all__ = [
    "REVISION",
    "SAMPLE",
    "SETTINGS",
    "execute",
    "fetch",
    "load_sample",
    "rows_of",
    "upgrade_to",
    "write_owner_files",
]

SAMPLE = Path(__file__).with_name("v0_1")
REVISION = "0005_outbox_about"
"""The tables of the sample."""

_SCRIPTS = Path(migrations.__file__).parent
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing may be sent while the sample is only read
SETTINGS = {
    "http.public_url": "https://feedback.example.com",
    "alerts.words": "投诉,退款,曝光,价格≤100,refund,lawyer",
    "privacy.company": "北风家电",
    "privacy.contact": "privacy@example.com",
    "telegram.token": TOKEN,
    "telegram.api_base": NOWHERE,
    "telegram.team_chat": "-4001234",
    "telegram.admins": "900",
    "wechat.app_id": APP_ID,
    "wechat.app_secret": APP_SECRET,
    "wechat.token": PUSH_TOKEN,
    "wechat.aes_key": AES_KEY,
    "wechat.api_base": NOWHERE,
    "wecom.robot_url": f"{NOWHERE}/robot?key=robot-key-5e1f77",
}
"""The settings under which the sample was made, except where it went."""


def write_owner_files(folder: Path) -> None:
    """Write the owner's rules and surveys of the sample into a folder."""
    shutil.copytree(SAMPLE / "owner", folder, dirs_exist_ok=True)


async def load_sample(url: str) -> None:
    """Fill an empty database with the sample."""
    if url.startswith("sqlite"):
        _path_of(url).parent.mkdir(parents=True, exist_ok=True)
    kind = "sqlite" if url.startswith("sqlite") else "postgres"
    await execute(url, (SAMPLE / f"{kind}.dump").read_text("utf-8"))


async def upgrade_to(url: str, revision: str) -> None:
    """Make the tables of a revision in an empty database, for rows as that version wrote them."""

    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(_SCRIPTS))
        config.attributes["connection"] = connection
        opened.lock_schema(connection)
        command.upgrade(config, revision)
        connection.exec_driver_sql("COMMIT")
        opened.unlock_schema(connection)

    opened = database(url)
    try:
        await opened.run_sync(run, is_long=True)
    finally:
        await opened.close()


async def execute(url: str, sql: str) -> None:
    """Execute statements and commit them."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(_path_of(url))) as file:
            file.executescript(sql)
        return
    server = await asyncpg.connect(url)
    try:
        await server.execute(sql)
    finally:
        await server.close()


async def fetch(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query; instants of PostgreSQL are written as SQLite holds them."""
    (found,) = await _fetch_all(url, [sql])
    return found


async def _fetch_all(url: str, queries: Sequence[str]) -> list[list[tuple[Any, ...]]]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(_path_of(url))) as file:
            return [file.execute(sql).fetchall() for sql in queries]
    server = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await server.fetch(sql)] for sql in queries]
    finally:
        await server.close()


async def rows_of(url: str) -> dict[str, list[str]]:
    """Return every row of every table as text, in an order that does not depend on where it lies."""
    listing = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if url.startswith("sqlite")
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    tables = [str(name) for (name,) in await fetch(url, listing)]
    found = await _fetch_all(url, [f'SELECT * FROM "{name}"' for name in tables])  # noqa: S608 (our own names)
    return {name: sorted(map(repr, rows)) for name, rows in zip(tables, found, strict=True)}


def _path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))
