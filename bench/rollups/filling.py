"""A year of rated surveys, filled by SQL of its own: through the product it takes hours."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime

import asyncpg
from sqlalchemy import make_url

from storage.connection.migrate import upgrade

__all__ = ["AGENTS", "DAYS", "RATINGS", "fill_ratings"]

DAYS = 365
RATINGS = 5
"""Ratings of each survey."""
AGENTS = 20
_DAY = 86_400

# Ratings first: while nobody was asked, nothing that a trigger could note is found, and they are added up afterwards.
_TABLES = (
    """
    INSERT INTO ratings (source, ticket, closing, response, item, survey, survey_number, dimension, value, lowest,
        highest, at, channel, status, rules)
    SELECT 'desk', {n}, 1, 'int_' || {n}, 'item ' || k, 'after_service', 2, 'dimension ' || k,
        1 + (s * 7 + s / {agents} + k * k) % 5, 1, 5, {at}, {channel}, 'counted', 1 FROM {surveys}, {items}
    """,
    """
    INSERT INTO customers (id, name, locale, timezone, tier, version, phone, email, postal_address)
    VALUES ('c-1', '', '', '', '', 1, '', '', '')
    """,
    """
    INSERT INTO closings (source, ticket, number, customer, closed_at, agent_id, agent_name, team, station, area,
        product, category, service_type, source_channel, contract, tier, tags)
    SELECT 'desk', {n}, 1, 'c-1', {at}, {agent}, '李工', {team}, '', '', 'AC-300', 'repair', '', '', '', '', '[]'
    FROM {surveys}
    """,
    """
    INSERT INTO invitations (id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state,
        channel, agent_id, agent_name, team, by_hand, asked_at, sent_at, version, occasion, rule)
    SELECT 'inv_' || {n}, 'desk', {n}, 1, 'c-1', 'after_service', {at}, {at}, {at}, 'asked', {channel}, {agent},
        '李工', {team}, {false}, {at}, {at}, 1, '', '' FROM {surveys}
    """,
    """
    INSERT INTO interviews (id, invitation, customer, channel, chat, survey, survey_number, locale, asked_at,
        expires_at, state, at, answers, skipped, remarks_asked, comment_source, misses, message, assessed, logged,
        shown, version, notice, said, undo, doubted, flags, comment_begins)
    SELECT 'int_' || {n}, 'inv_' || {n}, 'c-1', {channel}, '', 'after_service', 2, 'zh-Hans', {at}, {at}, 'completed',
        '', '[]', '[]', '[]', '', 0, '', '[]', 0, '', 1, '', '[]', '[]', '', '[]', 0 FROM {surveys}
    """,
)


async def fill_ratings(url: str, answers: int, until: datetime) -> None:
    """Make a database of so many ratings, of closings in the year before a moment; nothing of it is added up."""
    await upgrade(url)
    is_file = url.startswith("sqlite")
    surveys, begun = answers // RATINGS, int(until.timestamp()) - DAYS * _DAY
    second = f"({begun} + s * {DAYS * _DAY} / {surveys})"
    words = {
        "n": "CAST(100000000 + s AS text)",
        "at": f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', {second}, 'unixepoch')" if is_file else f"to_timestamp({second})",
        "agents": AGENTS,
        "agent": f"'a' || (s % {AGENTS})",
        "team": f"'team ' || (s % {AGENTS} / 5)",
        "channel": "CASE s / 7 % 2 WHEN 0 THEN 'telegram' ELSE 'wechat' END",
        "false": "0" if is_file else "false",
        "surveys": _numbers("s", 0, surveys - 1, is_file=is_file),
        "items": _numbers("k", 1, RATINGS, is_file=is_file),
    }
    statements = [statement.format(**words) for statement in _TABLES]
    if is_file:
        await asyncio.to_thread(_fill_file, make_url(url).database or "", statements)
    else:
        await _fill_server(url, statements)


def _numbers(name: str, first: int, last: int, *, is_file: bool) -> str:
    if not is_file:
        return f"generate_series({first}::bigint, {last}) AS {name}({name})"
    every = f"SELECT {first} AS {name} UNION ALL SELECT {name} + 1 FROM {name}s WHERE {name} < {last}"  # noqa: S608 (our own words)
    return f"(WITH RECURSIVE {name}s AS ({every}) SELECT {name} FROM {name}s)"  # noqa: S608 (as above)


def _fill_file(file: str, statements: list[str]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -1000000"):
            connection.execute(f"PRAGMA {pragma}")
        for statement in statements:  # and no ANALYZE: the product never runs it
            connection.execute(statement)


async def _fill_server(url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
