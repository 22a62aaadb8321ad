"""Closings as they were and the ratings of answers, from which figures are counted; both made of what there is.

Of closings before the latest no more is known than the ticket holds today: only agent, team and moment were kept.
"""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.schema.column_types import Instant

revision = "0018_facts"
down_revision = "0017_closed_invitations"
branch_labels = None
depends_on = None

_CLOSINGS = """
INSERT INTO closings (source, ticket, number, customer, closed_at, opened_at, first_replied_at, appointment_at,
    agent_id, agent_name, team, station, area, product, category, service_type, source_channel, contract, tier, tags)
SELECT i.source, i.ticket, i.closing, i.customer, i.closed_at, t.opened_at, t.first_replied_at, t.appointment_at,
    i.agent_id, i.agent_name, i.team, '', '', t.product, t.category, '', '', '', c.tier, t.tags
FROM invitations i
JOIN tickets t ON t.source = i.source AND t.id = i.ticket
JOIN customers c ON c.id = i.customer
WHERE i.occasion = '' AND i.closing > 0
"""
_UNASKED = """
INSERT INTO closings (source, ticket, number, customer, closed_at, opened_at, first_replied_at, appointment_at,
    agent_id, agent_name, team, station, area, product, category, service_type, source_channel, contract, tier, tags)
SELECT t.source, t.id, t.closing, t.customer, t.closed_at, t.opened_at, t.first_replied_at, t.appointment_at,
    t.agent_id, t.agent_name, t.team, '', '', t.product, t.category, '', '', '', c.tier, t.tags
FROM tickets t
JOIN customers c ON c.id = t.customer
WHERE t.closing > 0 AND t.closed_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM closings x WHERE x.source = t.source AND x.ticket = t.id AND x.number = t.closing)
"""
"""Tickets whose invitation is missing, which `huifang doctor --verify` says."""

_DETAILED = "SELECT source, id, closing, details FROM tickets WHERE details <> '{}' AND closing > 0"
_TIMES = ("requested_at", "assigned_at", "onsite_at", "solved_at")
_TEXTS = ("station", "area", "service_type", "source_channel", "contract")

_RATINGS = """
INSERT INTO ratings (source, ticket, closing, response, item, survey, survey_number, dimension, value, lowest, highest,
    at, channel, status, reason, rules)
SELECT i.source, i.ticket, i.closing, n.id, {a} ->> 'question', n.survey, n.survey_number,
    coalesce((SELECT {q} ->> 'dimension' FROM {questions} WHERE {q} ->> 'id' = {a} ->> 'question'), {a} ->> 'question'),
    CAST({a} ->> 'value' AS INTEGER),
    CAST({body} -> 'scale' ->> 'lowest' AS INTEGER), CAST({body} -> 'scale' ->> 'highest' AS INTEGER),
    {at}, n.channel,
    CASE n.state WHEN 'withdrawn' THEN 'excluded' ELSE 'counted' END,
    CASE n.state WHEN 'withdrawn' THEN 'reopened' END, 1
FROM interviews n
JOIN invitations i ON i.id = n.invitation
JOIN surveys s ON s.id = n.survey AND s.number = n.survey_number, {answers}
WHERE n.answers <> '[]' AND coalesce(CAST({body} ->> 'anonymous' AS TEXT), '') NOT IN ('1', 'true')
"""
"""An answer's moment is written with or without fractions of a second; SQLite compares them as texts."""
_SQLITE = {
    "a": "a.value",
    "q": "q.value",
    "body": "s.body",
    "answers": "json_each(n.answers) AS a",
    "questions": "json_each(s.body -> 'questions') AS q",
    "at": "CASE length(a.value ->> 'at') WHEN 20 THEN substr(a.value ->> 'at', 1, 19) || '.000000Z' "
    "ELSE a.value ->> 'at' END",
}
_POSTGRES = {
    "a": "a.value",
    "q": "q.value",
    "body": "CAST(s.body AS json)",
    "answers": "json_array_elements(CAST(n.answers AS json)) AS a(value)",
    "questions": "json_array_elements(CAST(s.body AS json) -> 'questions') AS q(value)",
    "at": "CAST(a.value ->> 'at' AS timestamptz)",
}


def upgrade() -> None:
    """Make both tables, and fill them."""
    _make_closings()
    _make_ratings()
    op.execute(_CLOSINGS)
    op.execute(_UNASKED)
    _add_details()
    is_file = op.get_bind().dialect.name == "sqlite"
    op.get_bind().exec_driver_sql(_RATINGS.format(**(_SQLITE if is_file else _POSTGRES)))


def _make_closings() -> None:
    op.create_table(
        "closings",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "ticket")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("closed_at", Instant, nullable=False),
        *(sa.Column(name, Instant) for name in ("requested_at", "opened_at", "first_replied_at", "assigned_at")),
        *(sa.Column(name, Instant) for name in ("appointment_at", "onsite_at", "solved_at")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("agent_id", "agent_name", "team", "station", "area")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("product", "category", "service_type")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source_channel", "contract", "tier", "tags")),
        sa.PrimaryKeyConstraint("source", "ticket", "number", name="pk_closings"),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name="fk_closings_customer"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_closings_customer", "closings", ["customer"])
    op.create_index("ix_closings_closed_at", "closings", ["closed_at"])


def _make_ratings() -> None:
    op.create_table(
        "ratings",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "ticket")),
        sa.Column("closing", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("response", "item", "survey")),
        sa.Column("survey_number", sa.Integer, nullable=False),
        sa.Column("dimension", sa.Text, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("value", "lowest", "highest")),
        sa.Column("at", Instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("channel", "status")),
        sa.Column("reason", sa.Text),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", "ticket", "closing", "response", "item", name="pk_ratings"),
        sa.CheckConstraint("(status = 'excluded') = (reason IS NOT NULL)", name="ck_ratings_reason"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _add_details() -> None:
    """Add what tickets hold of their service visit to their latest closing."""
    database = op.get_bind()
    names = (*_TIMES, *_TEXTS)
    closings = sa.table(
        "closings",
        *(sa.column(name, Instant) for name in _TIMES),
        *(sa.column(name) for name in ("source", "ticket", "number", *_TEXTS)),
    )
    for source, ticket, number, details in list(database.execute(sa.text(_DETAILED))):
        told = json.loads(details)
        known = {name: _value(name, told[name]) for name in names if name in told}
        if known:
            where = closings.c.source == source, closings.c.ticket == ticket, closings.c.number == number
            database.execute(sa.update(closings).where(*where).values(known))


def _value(name: str, told: Any) -> Any:  # noqa: ANN401 - a text of JSON
    return datetime.fromisoformat(told).astimezone(UTC) if name in _TIMES else told
