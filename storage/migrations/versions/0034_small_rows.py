"""Rows in fewer bytes: answers without the names of their fields, messages that are over without when they were due.

On SQLite the moments of the history of answers are numbers, and customers and contacts lie in the index of their key.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import remade, without_rowid

__all__ = ["short_answers"]

revision = "0034_small_rows"
down_revision = "0033_adjustments"
branch_labels = None
depends_on = None

_PORTION = 1000
_OVER = "status IN ('sent', 'unknown', 'dead', 'cancelled', 'superseded')"
_MORE: dict[str, Any] = {"importance": None, "declines": False, "text": None, "source": "", "begins": 0}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Change the columns, then write the answers anew."""
    if op.get_bind().dialect.name == "sqlite":
        empty = f"CASE WHEN {_OVER} THEN NULL ELSE {{}} END"
        due = {name: empty.format(name) for name in ("not_before", "expires_at")}
        remade("outbox", "\tnot_before TEXT NOT NULL", "\tnot_before TEXT", due)
        seconds = "CAST(strftime('%s', substr(at, 1, 19)) AS INTEGER)"
        number = {"at": f"{seconds} * 1000000 + CAST(substr(at, 21, 6) AS INTEGER)"}
        remade("answer_logs", "\tat TEXT NOT NULL", "\tat INTEGER NOT NULL", number)
        without_rowid("customers")
        without_rowid("contacts")
    else:
        op.alter_column("outbox", "not_before", nullable=True)
        op.execute(f"UPDATE outbox SET not_before = NULL, expires_at = NULL WHERE {_OVER}")  # noqa: S608 (our own words)
    _shorten()


def _shorten() -> None:
    """Write the answers of all interviews anew, in the order of their ids, some at a time."""
    database, after = op.get_bind(), ""
    interviews = sa.table("interviews", sa.column("id"), sa.column("answers"))
    chosen = sa.select(interviews).order_by(interviews.c.id).limit(_PORTION)
    change = (
        sa.update(interviews)
        .where(interviews.c.id == sa.bindparam("key"))
        .values(answers=sa.bindparam("short", type_=sa.Text))
    )
    while rows := database.execute(chosen.where(interviews.c.id > after)).all():
        after = rows[-1].id
        changed = [{"key": id_, "short": short_answers(told)} for id_, told in rows if told != "[]"]
        if changed:
            database.execute(change, changed)


def short_answers(told: str) -> str:
    """Return answers as they are stored from now on."""
    return json.dumps([_short(one) for one in json.loads(told)], ensure_ascii=False, separators=(",", ":"))


def _short(answer: dict[str, Any]) -> list[Any]:
    at = datetime.fromisoformat(answer["at"]).astimezone(UTC)
    more = [answer.get(name, empty) for name, empty in _MORE.items()]
    while more and more[-1] == list(_MORE.values())[len(more) - 1]:
        more.pop()
    return [answer["question"], answer["value"], (at - _EPOCH) // timedelta(microseconds=1), *more]
