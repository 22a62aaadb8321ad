"""Messages that are over: a day later nobody needs the words of a survey any more, and at last the row goes.

A row keeps what a dispute needs: the hash of the words, the purpose, the times, the outcome, each try. That nothing is
sent twice does not rest on it: an interview, an issue, a campaign's target say themselves what was sent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

from dialogs.campaign.model import OVER
from dialogs.ids import RefKind
from dialogs.interview.model import OPEN
from dialogs.issue.model import IssueState
from dialogs.messages import Prompt
from dialogs.outbox.model import FINAL, SendingState
from storage.connection.session import Session, Write
from storage.dialects import InputRows
from storage.housekeeping.walk import LIMIT
from storage.model.records import Purpose
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.literals import EMPTY, ONE, ZERO, is_one_of, text_literal
from storage.unit_of_work.outbox_writes import DROP_PROMPTS
from storage.unit_of_work.selects import FILE_IN_NOTHING

__all__ = [
    "FILES_STAY",
    "FILE_PORTION",
    "MESSAGE_PORTION",
    "UNSENT_PORTION",
    "WORDING_PORTION",
    "WORDS_STAY",
    "OldMessage",
    "Wording",
    "delete_files",
    "delete_messages",
    "delete_unsent",
    "drop_wordings",
]

WORDS_STAY = timedelta(hours=24)
"""How long words are kept that the product made for a survey or a campaign, from when they were written."""

_out = t.outbox.c
_CUTOFF = bindparam("cutoff", type_=Instant())
_is_settled = is_one_of(_out.status, *FINAL)


def _is_about(kind: RefKind) -> ColumnElement[bool]:
    """Return the condition of a message about a thing of this kind, whose id begins with it."""
    prefix = f"{kind}_"
    return func.substr(_out.about, ONE, literal_column(str(len(prefix)), Integer)) == text_literal(prefix)


# -- words -----------------------------------------------------------------------------------------------------------


class Wording(NamedTuple):
    """What a message says: the channel by which it went where it may go, its words where their hash is not stored."""

    message: str
    channel: str | None
    unproved: Prompt | None


def _of_message(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return what a prompt's message has; a join might be begun with the messages, which are far more."""
    return select(value).where(_out.id == t.prompts.c.message).scalar_subquery()


_is_made = or_(_is_about(RefKind.INTERVIEW), _out.campaign != EMPTY)
_goes = and_(_is_settled, _is_made, _out.created_at < _CUTOFF)
_is_unproved = and_(_goes, _out.text_hash.is_(None))
WORDING_PORTION = (
    select(
        t.prompts.c.message,
        _of_message(case((_goes, _out.channel))),
        case((_of_message(case((_is_unproved, ONE))) == ONE, t.prompts.c.body)),
    )
    .where(t.prompts.c.message > bindparam("after", type_=Text()))
    .order_by(t.prompts.c.message)
    .limit(LIMIT)
)
_PROVE = Write(
    t.outbox,
    (Column("id", Text), Column("text_hash", LargeBinary)),
    lambda rows: (
        update(t.outbox)
        .where(_out.id == rows.c["id"], exists().where(t.prompts.c.message == _out.id))  # else erased meanwhile
        .values(text_hash=rows.c["text_hash"])
    ),
)


async def drop_wordings(due: Sequence[Wording], session: Session, _now: datetime) -> int:
    """Delete words, and keep the hash of those that were written before hashes were; return their number."""
    proved = [(one.message, sha256(one.unproved.text.encode()).digest()) for one in due if one.unproved is not None]
    await session.write(_PROVE, proved)
    return await session.write(DROP_PROMPTS, [(one.message,) for one in due])


# -- rows ------------------------------------------------------------------------------------------------------------


class OldMessage(NamedTuple):
    """A row of the outbox, and whether it goes."""

    seq: int
    id: str
    created_at: datetime
    is_due: int


def _is_over(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.c.id == _out.about, *conditions)


_nothing_follows = or_(
    _out.about.is_(None),
    _is_about(RefKind.CAMPAIGN),
    _is_over(t.interviews, ~is_one_of(t.interviews.c.state, *OPEN), t.interviews.c.expires_at < _CUTOFF),
    _is_over(t.issues, t.issues.c.state == text_literal(IssueState.CLOSED), t.issues.c.closed_at < _CUTOFF),
    _is_over(t.requests, t.requests.c.done_at < _CUTOFF),
)
"""What it is about is over. An open interview or issue edits its messages, and is found by them."""
_is_campaign_over = exists().where(t.campaigns.c.id == _out.campaign, is_one_of(t.campaigns.c.state, *OVER))
_is_not_counted = or_(_out.campaign == EMPTY, and_(_out.status == text_literal(SendingState.SENT), _is_campaign_over))
"""A campaign that goes on stops itself by the share of its messages that were refused; one that is over counts a target
without a message as sent (`storage.reads.campaigns`).
"""
_is_not_shown = or_(_out.purpose != text_literal(Purpose.ALERT), _out.receipt == EMPTY, _out.edits.is_not(None))
"""A card stays in the team's chat, and is blanked when its customer is erased (`storage.privacy.erasure`)."""
_IS_NEEDED_NO_MORE = (_is_not_counted, _is_not_shown, _nothing_follows)
MESSAGE_PORTION = (
    select(
        _out.seq,
        _out.id,
        _out.created_at,
        case((and_(_is_settled, _out.created_at < _CUTOFF, *_IS_NEEDED_NO_MORE), ONE), else_=ZERO),
    )
    .where(_out.seq > bindparam("after", type_=Integer()))
    .order_by(_out.seq)
    .limit(LIMIT)
)


def _delete(rows: InputRows) -> UpdateBase:
    return delete(t.outbox).where(_out.id == rows.c["id"], _is_settled)


_ID = (Column("id", Text),)
_DELETE_ATTEMPTS = Write(t.attempts, _ID, lambda rows: delete(t.attempts).where(t.attempts.c.message == rows.c["id"]))
_DELETE = Write(t.outbox, _ID, _delete)


async def delete_messages(due: Sequence[OldMessage], session: Session, _now: datetime) -> int:
    """Delete messages, with their words and attempts; return their number."""
    keys: list[tuple[Any, ...]] = [(one.id,) for one in due]
    await session.write(_DELETE_ATTEMPTS, keys)
    await session.write(DROP_PROMPTS, keys)
    return await session.write(_DELETE, keys)


# -- files -----------------------------------------------------------------------------------------------------------

FILES_STAY = timedelta(days=1)
"""How long a file is kept, from when it was stored last, though no message, report or sheet has it (any more)."""
_files = t.files.c
_IS_UNNEEDED = (_files.stored_at < _CUTOFF, *FILE_IN_NOTHING)
FILE_PORTION = (
    select(_files.hash)
    .where(_files.hash > bindparam("after", type_=Text()), *_IS_UNNEEDED)
    .order_by(_files.hash)
    .limit(LIMIT)
)
_sheet_file = t.assessment_files.c
UNSENT_PORTION = (
    select(_sheet_file.id)
    .where(_sheet_file.id > bindparam("after", type_=Text()), _sheet_file.kept_until < _CUTOFF)
    .order_by(_sheet_file.id)
    .limit(LIMIT)
)
_DELETE_UNSENT = Write(
    t.assessment_files,
    (Column("id", Text), Column("cutoff", Instant)),
    lambda rows: delete(t.assessment_files).where(
        _sheet_file.id == rows.c["id"], _sheet_file.kept_until < rows.c["cutoff"]
    ),
)


async def delete_unsent(due: Sequence[str], cutoff: datetime, session: Session, _now: datetime) -> int:
    """Delete files that were uploaded as evidence, and that no sheet names in time or any more; return their number."""
    return await session.write(_DELETE_UNSENT, [(file, cutoff) for file in due])


def _delete_file(rows: InputRows) -> UpdateBase:
    """Delete a file that nobody has stored again meanwhile: who does holds its row until the message is there, too."""
    is_row = (_files.hash == rows.c["hash"], _files.stored_at < rows.c["cutoff"])
    return delete(t.files).where(*is_row, *FILE_IN_NOTHING)


_DELETE_FILE = Write(t.files, (Column("hash", Text), Column("cutoff", Instant)), _delete_file)


async def delete_files(due: Sequence[str], cutoff: datetime, session: Session, _now: datetime) -> int:
    """Delete files that were stored before `cutoff` and that no message, report or sheet has; return their number."""
    return await session.write(_DELETE_FILE, [(hash_, cutoff) for hash_ in due])
