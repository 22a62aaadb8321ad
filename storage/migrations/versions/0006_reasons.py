"""Why there is an issue, and what an interview was assessed for, as values instead of sentences."""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from alembic import op

__all__ = ["reason_of", "subjects_of"]

revision = "0006_reasons"
down_revision = "0005_outbox_about"
branch_labels = None
depends_on = None

Json = dict[str, Any]

_RATING = re.compile(r"(\S+) (0|-?[1-9][0-9]{0,8}) ≤ ([0-9.e+-]+)")
_MEAN = re.compile(r"mean ([0-9.e+-]+) < ([0-9.e+-]+)")
_UNDELIVERED = re.compile(r"(closure|invitation) (\S+)")
_WORD = "word "


def upgrade() -> None:
    """Write both lists anew; what a sentence meant depends on the questions there were."""
    asked = _questions()
    _rewrite("issues", "reasons", lambda texts: [reason_of(text, asked) for text in texts])
    _rewrite("interviews", "assessed", lambda texts: [one for text in texts for one in subjects_of(text, asked)])


def reason_of(text: str, questions: Collection[str]) -> Json:
    """Return what a sentence such as `response_speed 2 ≤ 2` said; one that fits no form is kept as it stands."""
    rating = _rating(text)
    if text.startswith(_WORD) and not (rating and "word" in questions):  # the alert word may be such as "5 ≤ 6"
        return {"kind": "word", "word": text.removeprefix(_WORD)}
    return rating or _mean(text) or _undelivered(text) or {"kind": "other", "text": text}


def _rating(text: str) -> Json | None:
    found = _RATING.fullmatch(text)
    limit = _number(found[3]) if found else None
    if found is None or limit is None:
        return None
    return {"kind": "rating", "question": found[1], "value": int(found[2]), "limit": limit}


def _mean(text: str) -> Json | None:
    found = _MEAN.fullmatch(text)
    value, limit = map(_number, found.groups()) if found else (None, None)
    return None if value is None or limit is None else {"kind": "mean", "value": value, "limit": limit}


def _undelivered(text: str) -> Json | None:
    if text == "not_understood":
        return {"kind": text}
    found = _UNDELIVERED.fullmatch(text)
    return {"kind": "undelivered", "what": found[1], "why": found[2]} if found else None


def subjects_of(text: str, questions: Collection[str]) -> list[Json]:
    """Return what was assessed: a question, the mean, a word; `mean` stood for a question of that name, too."""
    if text.startswith(_WORD):
        return [{"kind": "word", "of": text.removeprefix(_WORD)}]
    if text != "mean":
        return [{"kind": "rating", "of": text}]
    return [{"kind": "mean", "of": ""}, *([{"kind": "rating", "of": "mean"}] if "mean" in questions else [])]


def _number(text: str) -> float | None:
    """Return the number that is written so, None if it would read differently again."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if f"{number:.4g}" == text else None


def _questions() -> frozenset[str]:
    """Return the ids of all questions that were ever asked."""
    bodies = op.get_bind().execute(sa.text("SELECT body FROM surveys"))
    return frozenset(question["id"] for (body,) in bodies for question in json.loads(body).get("questions", ()))


def _rewrite(table: str, column: str, values: Callable[[list[str]], list[Json]]) -> None:
    database = op.get_bind()
    old = list(database.execute(sa.text(f"SELECT id, {column} FROM {table} WHERE {column} <> '[]'")))  # noqa: S608 - our names
    new = [{"id": id_, "new": json.dumps(values(json.loads(texts)), ensure_ascii=False)} for id_, texts in old]
    if new:
        database.execute(sa.text(f"UPDATE {table} SET {column} = :new WHERE id = :id"), new)  # noqa: S608 - our names
