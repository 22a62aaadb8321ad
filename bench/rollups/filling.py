"""A year of rated surveys, filled by SQL of its own: through the product it takes hours."""

from datetime import datetime

from bench.scale.bulk import count_from, execute_all, is_in_a_file
from storage.connection.migrate import upgrade

__all__ = ["AGENTS", "DAYS", "RATINGS", "fill_ratings"]

DAYS = 365
RATINGS = 5
"""Ratings of each survey."""
AGENTS = 20
_ASKED = 3
"""Surveys of each customer in the year, on the average."""
_STRIDE = 2_654_435_761
"""A multiplier that scatters them over the year (Knuth, The Art of Computer Programming, volume 3, 6.4)."""
_DAY = 86_400

_TABLES = (
    """
    INSERT INTO rated_items (survey, survey_number, item, dimension, lowest, highest)
    SELECT 'after_service', 2, 'item ' || k, 'dimension ' || k, 1, 5 FROM {items} ORDER BY k
    """,
    """
    INSERT INTO ratings (response, rated_item, value, at, rules, importance)
    SELECT 'int_' || {n}, k, 1 + (s * 7 + s / {agents} + k * k) % 5, {microseconds}, 1, 0 FROM {surveys}, {items}
    """,
    "DELETE FROM rating_deltas",
    """
    INSERT INTO customers (id, name, locale, timezone, tier, version, phone, email, postal_address)
    SELECT 'c-' || c, '', '', '', '', 1, '', '', '' FROM {people}
    """,
    """
    INSERT INTO closings (source, ticket, number, customer, closed_at, agent_id, agent_name, team, station, area,
        product, category, service_type, source_channel, contract, tier, tags, contact_key)
    SELECT 'desk', {n}, 1, {person}, {microseconds}, {agent}, '李工', {team}, '', '', 'AC-300', 'repair', '', '', '',
        '', '[]', '' FROM {surveys}
    """,
    """
    INSERT INTO invitations (id, source, ticket, closing, customer, survey, due_at, deadline_at, closed_at, state,
        channel, agent_id, agent_name, team, by_hand, asked_at, sent_at, version, occasion, rule, entered_by)
    SELECT 'inv_' || {n}, 'desk', {n}, 1, {person}, 'after_service', {at}, {at}, {microseconds}, 'asked', {channel},
        {agent}, '李工', {team}, {false}, {at}, {at}, 1, '', '', '' FROM {surveys}
    """,
    """
    INSERT INTO interviews (id, invitation, customer, channel, chat, survey, survey_number, locale, asked_at,
        expires_at, state, at, answers, skipped, remarks_asked, comment_source, misses, message, assessed, logged,
        shown, version, notice, said, undo, doubted, flags, comment_begins)
    SELECT 'int_' || {n}, 'inv_' || {n}, {person}, {channel}, '', 'after_service', 2, 'zh-Hans', {at}, {at},
        'completed', '', '[]', '[]', '[]', '', 0, '', '[]', 0, '', 1, '', '[]', '[]', '', '[]', 0 FROM {surveys}
    """,
)


async def fill_ratings(url: str, answers: int, until: datetime) -> None:
    """Make a database of so many ratings, of closings in the year before a moment; nothing of it is added up."""
    await upgrade(url)
    is_file = is_in_a_file(url)
    surveys, begun = answers // RATINGS, int(until.timestamp()) - DAYS * _DAY
    second = f"({begun} + s * {DAYS * _DAY} / {surveys})"
    scattered = f"(CAST(s AS bigint) * {_STRIDE} % {2**32} * (s % 65521 + 1) % {2**32 - 5})"
    words = {
        "n": "CAST(100000000 + s AS text)",
        "at": f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', {second}, 'unixepoch')" if is_file else f"to_timestamp({second})",
        "microseconds": f"{second} * 1000000" if is_file else f"to_timestamp({second})",
        "agents": AGENTS,
        "agent": f"'a' || (s % {AGENTS})",
        "team": f"'team ' || (s % {AGENTS} / 5)",
        "channel": "CASE s / 7 % 2 WHEN 0 THEN 'telegram' ELSE 'wechat' END",
        "false": "0" if is_file else "false",
        "surveys": count_from(0, surveys, "s", is_file=is_file),
        "people": count_from(0, surveys // _ASKED, "c", is_file=is_file),
        "person": f"'c-' || ({scattered} % {surveys // _ASKED})",
        "items": count_from(1, RATINGS, "k", is_file=is_file),
    }
    statements = [statement.format(**words) for statement in _TABLES]
    await execute_all(url, statements)
