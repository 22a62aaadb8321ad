"""Anonymous answers, apart from whoever gave them: in no order, at no time, and no message left that tells them.

PostgreSQL knows of each row which transaction wrote it (`xmin`) and where it lies (`ctid`). So new rows are written
together with others, up to 128 drawn by chance, all of them anew and in an order drawn by chance.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Integer, Select, Text, and_, bindparam, delete, func, null, select, update
from sqlalchemy.sql.dml import UpdateBase

from dialogs.outbox.model import WAITING
from storage.connection.session import Session, Write
from storage.dialects import InputRows, random_id
from storage.model.registers import AnonymousAnswers
from storage.schema import tables as t
from storage.schema.literals import EMPTY, is_one_of
from storage.unit_of_work.changes import Anonymization

__all__ = ["part"]

_NEIGHBOURS = 64
"""Rows written anew on either side of a point drawn by chance."""
_PARTED = 1000
"""The version of every parted interview: versions count moves, and moves tell of skips and remarks."""

_out, _apart = t.outbox.c, t.anonymous_answers.c
_GONE = (Column("about", Text), Column("keep", Text))


def _told(rows: InputRows) -> Any:  # noqa: ANN401 - SQLAlchemy's condition
    """Find an interview's messages but the last one; what a campaign counts stays, with nothing in it."""
    return and_(_out.about == rows.c["about"], _out.id != rows.c["keep"], _out.campaign == EMPTY)


def _pass_on(rows: InputRows) -> UpdateBase:
    root = t.outbox.alias("root")
    receipt = select(root.c.receipt).where(root.c.id == _out.edits).scalar_subquery()
    mine = (_out.id == rows.c["keep"], _out.receipt == EMPTY, _out.edits.is_not(None))
    return update(t.outbox).where(*mine).values(receipt=func.coalesce(receipt, EMPTY))


_PASS_ON = Write(t.outbox, _GONE, _pass_on)
"""The last message remembers itself which message it edits."""
_ATTEMPTS = Write(
    t.attempts,
    _GONE,
    lambda rows: delete(t.attempts).where(t.attempts.c.message.in_(select(_out.id).where(_told(rows)))),
)
_PROMPTS = Write(
    t.prompts,
    _GONE,
    lambda rows: delete(t.prompts).where(
        t.prompts.c.message.in_(
            select(_out.id).where(
                _out.about == rows.c["about"], _out.id != rows.c["keep"], ~is_one_of(_out.status, *WAITING)
            )
        )
    ),
)
_MESSAGES = Write(t.outbox, _GONE, lambda rows: delete(t.outbox).where(_told(rows)))
_HASHES = Write(
    t.outbox,
    _GONE,
    lambda rows: (
        update(t.outbox).where(_out.about == rows.c["about"], _out.id != rows.c["keep"]).values(text_hash=null())
    ),
)
"""The words of an answer are few, so that its hash would tell it."""
_LEVEL = Write(
    t.interviews,
    (Column("id", Text), Column("version", Integer)),
    lambda rows: update(t.interviews).where(t.interviews.c.id == rows.c["id"]).values(version=rows.c["version"]),
)

_SHOWN = (_apart.survey, _apart.survey_number, _apart.day, _apart.answers, _apart.comment)
_COLUMNS = tuple(Column(column.name, column.type) for column in _SHOWN)
_DRAW, _POINT = select(random_id()), bindparam("point", type_=Text())


def _near(*, above: bool) -> Select[Any]:
    """Find rows beside a point among the ids; what another process is writing anew is left to it."""
    side = _apart.id >= _POINT if above else _apart.id < _POINT
    order = _apart.id if above else _apart.id.desc()
    near = select(_apart.id, *_SHOWN).where(side).order_by(order).limit(_NEIGHBOURS)
    return near.with_for_update(skip_locked=True)


_ABOVE, _BELOW = _near(above=True), _near(above=False)
_TAKE = Write(
    t.anonymous_answers,
    (Column("id", Text),),
    lambda rows: delete(t.anonymous_answers).where(_apart.id == rows.c["id"]),
)
_PUT = Write(
    t.anonymous_answers,
    _COLUMNS,
    lambda rows: rows.insert(
        {"id": random_id(), **{column.name: rows.c[column.name] for column in _COLUMNS}}, is_shuffled=True
    ),
)


async def part(session: Session, anonymizations: Iterable[Anonymization]) -> None:
    """Write answers without names; take away the messages that show them, and what else would count them."""
    parted = list(anonymizations)
    gone = [(one.interview, one.keep[-1] if one.keep else "") for one in parted]
    for write in (_PASS_ON, _ATTEMPTS, _MESSAGES, _PROMPTS, _HASHES):
        await session.write(write, gone)
    await session.write(_LEVEL, [(one.interview, _PARTED) for one in parted])
    fresh = [_row(one.answers) for one in parted if one.answers is not None]
    if fresh:
        await _mix(session, fresh)


async def _mix(session: Session, fresh: list[tuple[Any, ...]]) -> None:
    """Write new rows among old ones, so that nothing tells which are new."""
    ((point,),) = await session.fetch(_DRAW)
    found = {row[0]: row[1:] for near in (_ABOVE, _BELOW) for row in await session.fetch(near, point=point)}
    await session.write(_TAKE, [(one,) for one in found])
    await session.write(_PUT, [*found.values(), *fresh])


def _row(answers: AnonymousAnswers) -> tuple[Any, ...]:
    return answers.survey, answers.survey_number, answers.day, answers.answers, answers.comment
