"""What customers wrote about an issue, with its times, apart from what was noted by whoever opened it by hand."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import add_columns

revision = "0014_quotes"
down_revision = "0013_holder_since"
branch_labels = None
depends_on = None

_CUSTOMERS = "reasons <> '[]' AND kind <> 'call' AND text <> ''"
"""An issue that has a reason was opened by a customer's words; a call carries the sentence that did not arrive."""


def upgrade() -> None:
    """Add the column, and move into it what was a customer's."""
    add_columns("issues", [("quotes", "text", "[]")], behind="claimed_at")
    database = op.get_bind()
    found = list(database.execute(sa.text(f"SELECT id, opened_at, text FROM issues WHERE {_CUSTOMERS}")))  # noqa: S608 - our names
    new = [
        {"id": id_, "new": json.dumps([{"at": _written(at), "text": text}], ensure_ascii=False)}
        for id_, at, text in found
    ]
    if new:
        database.execute(sa.text("UPDATE issues SET quotes = :new, text = '' WHERE id = :id"), new)


def _written(at: str | datetime) -> str:
    """Return an instant as JSON has it: SQLite keeps it so, PostgreSQL returns a datetime."""
    return at if isinstance(at, str) else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
