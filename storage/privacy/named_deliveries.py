"""The deliveries that name a person, in what was received, in the answer, or in their door.

Most rows of the inbox say nothing of anybody but their key. Those with content have an index of their own, in the order
of their arrival, and are looked through slice by slice, outside any transaction.
"""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select

from dialogs.ids import RefKind
from scoring.values import Value
from storage.connection.session import Session
from storage.connection.slices import KeyOrder
from storage.connection.store import Store
from storage.dialects import among, mentions
from storage.model.records import InboxRow
from storage.schema import tables as t
from storage.schema.column_types import Instant
from storage.schema.inbox_conditions import (
    has_content,
    has_raw,
    is_customer_page,
    is_from_played_chat,
    is_passive_reply,
)
from storage.schema.literals import CUSTOMER_PAGES, PLAYED_DOORS, text_literal
from storage.unit_of_work.selects import all_of

__all__ = ["DeliveriesFound", "Names", "deliveries_since", "find_deliveries"]

_inbox = t.inbox.c
_ROWS = 1000
"""Rows of a slice: each answer is searched for each name, and a received body may have 64 KiB."""
CONTENT = KeyOrder(_inbox.received_at, _inbox.key, where=has_content())
_ISSUE, _RESPONSE = f"{RefKind.ISSUE}_", f"{RefKind.INTERVIEW}_"


def _mentions_id(name: str, beginning: str) -> ColumnElement[bool]:
    """Return the condition that an answer mentions an id; most mention none that begins so, and are searched once."""
    return and_(_inbox.answer.like(text_literal(f'%"{beginning}%')), mentions(name, _inbox.answer))


ANSWERS = all_of(
    InboxRow,
    or_(mentions("names", _inbox.answer), _mentions_id("issues", _ISSUE), _mentions_id("responses", _RESPONSE)),
)
RAWS = all_of(InboxRow, has_raw())
PASSIVE_REPLIES = select(_inbox.key).where(is_passive_reply())
PAGES = all_of(InboxRow, is_customer_page(), among("doors", _inbox.door))
PLAYED = all_of(InboxRow, is_from_played_chat(), among("doors", _inbox.door))
_is_recent = (has_content(), _inbox.received_at >= bindparam("since", type_=Instant()))
RECENT_ANSWERS, RECENT_RAWS, RECENT_PASSIVE_REPLIES = (
    statement.where(*_is_recent) for statement in (ANSWERS, RAWS, PASSIVE_REPLIES)
)


class Names(Value):
    """By what deliveries name a person: the customer id, chats, and ids of issues and responses."""

    customer: str
    others: tuple[str, ...] = ()

    @property
    def quoted(self) -> dict[str, list[str]]:
        """The parameters of `ANSWERS`: answers are JSON, so names are searched with their quotation marks."""
        found: dict[str, list[str]] = {"names": [], "issues": [], "responses": []}
        for name in (self.customer, *self.others):
            kind = {_ISSUE: "issues", _RESPONSE: "responses"}.get(name[: len(_ISSUE)], "names")
            found[kind].append(msgspec.json.encode(name).decode())
        return found

    @property
    def pages(self) -> list[str]:
        """The addresses that name the person."""
        page = f"{CUSTOMER_PAGES}{self.customer}"
        return [page, f"{page}/links"]

    @property
    def played(self) -> list[str]:
        """The doors of the person's chats on a page of the product."""
        return [f"{PLAYED_DOORS}{name}" for name in (self.customer, *self.others)]

    def are_in(self, rows: Iterable[InboxRow]) -> list[InboxRow]:
        """Return the rows whose received body has one of the names as a word: there an id may also be a number."""
        pattern = re.compile(b"|".join(_bounded(name) for name in (self.customer, *self.others)))
        return [row for row in rows if pattern.search(row.raw)]


class DeliveriesFound(Value):
    """Deliveries that name the person, and the keys of passive replies, whoever they went to."""

    rows: tuple[InboxRow, ...] = ()
    passive_replies: tuple[str, ...] = ()


async def find_deliveries(store: Store, names: Names) -> AsyncIterator[DeliveriesFound]:
    """Yield what is found, slice by slice; a slice in which there is nothing is left out."""
    async with store.reading() as session:
        if by_door := await _by_door(session, names):
            yield DeliveriesFound(by_door)
    async for part in CONTENT.slices(store, _ROWS):
        statements = [CONTENT.portion(each, part) for each in (ANSWERS, RAWS, PASSIVE_REPLIES)]
        async with store.reading() as session:
            found = await _found(session, names, statements, part.parameters | {"limit": _ROWS})
        if found.rows or found.passive_replies:
            yield found


async def deliveries_since(session: Session, names: Names, since: datetime) -> DeliveriesFound:
    """Return what has come in since then, and what came in whenever by a door that names the person."""
    recent = (RECENT_ANSWERS, RECENT_RAWS, RECENT_PASSIVE_REPLIES)
    found = await _found(session, names, recent, {"since": since})
    by_key = {row.key: row for row in (*await _by_door(session, names), *found.rows)}
    return DeliveriesFound(tuple(by_key.values()), found.passive_replies)


async def _by_door(session: Session, names: Names) -> tuple[InboxRow, ...]:
    pages = await session.records(InboxRow, PAGES, doors=names.pages)
    return (*pages, *await session.records(InboxRow, PLAYED, doors=names.played))


async def _found(
    session: Session, names: Names, statements: Iterable[Select[Any]], values: dict[str, Any]
) -> DeliveriesFound:
    answers, raws, passive_replies = statements
    named = await session.records(InboxRow, answers, **names.quoted, **values)
    named += names.are_in(await session.records(InboxRow, raws, **values))
    keys = await session.fetch(passive_replies, **values)
    return DeliveriesFound(tuple({row.key: row for row in named}.values()), tuple(key for (key,) in keys))


def _bounded(name: str) -> bytes:
    return rb"(?<![0-9A-Za-z_-])" + re.escape(name.encode()) + rb"(?![0-9A-Za-z_-])"
