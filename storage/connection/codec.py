"""Records to rows and back, without an ORM: conversion in place, and one call of the dataclass."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Dialect, Table

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from scoring.values import fields
from storage.model import records, registers
from storage.schema import tables

__all__ = [
    "TABLES",
    "Codec",
    "Converters",
    "columns_of",
    "converted",
    "decoders",
    "encoders",
    "row_of",
    "stored_columns",
]

T = TypeVar("T")
Row = Sequence[Any]
Converters = tuple[tuple[int, Callable[[Any], Any]], ...]
"""What is to be converted in a row, by position."""

TABLES: dict[type, Table] = {
    records.Customer: tables.customers,
    records.Ticket: tables.tickets,
    records.Contact: tables.contacts,
    records.Token: tables.tokens,
    records.Member: tables.members,
    records.Note: tables.notes,
    records.StoredSurvey: tables.surveys,
    Invitation: tables.invitations,
    Interview: tables.interviews,
    records.AnswerLog: tables.answer_logs,
    Issue: tables.issues,
    records.IssueEvent: tables.issue_events,
    records.OutboxMessage: tables.outbox,
    records.InboxRow: tables.inbox,
    records.AttemptRow: tables.attempts,
    records.Window: tables.windows,
    records.Grant: tables.grants,
    Campaign: tables.campaigns,
    Run: tables.campaign_runs,
    Target: tables.campaign_targets,
    registers.Request: tables.requests,
    registers.Tombstone: tables.tombstones,
    registers.AuditEntry: tables.audit,
    registers.AnonymousAnswers: tables.anonymous_answers,
}
"""Where each record lies, in an order in which rows can be inserted: what others refer to comes first."""


def columns_of(kind: Any) -> tuple[Column[Any], ...]:  # noqa: ANN401 - a dataclass
    """Return the columns that make a record of this kind, in the order of its fields; KeyError for a field without."""
    holding: dict[str, list[Column[Any]]] = {}
    for column in TABLES[kind].columns:
        holding.setdefault(column.info.get("field", column.name), []).append(column)
    return tuple(column for field in fields(kind) for column in holding[field.name])


def stored_columns(kind: type) -> tuple[Column[Any], ...]:
    """Return the columns that are written: all but those that the database fills itself."""
    return tuple(column for column in TABLES[kind].columns if column.identity is None)


def row_of(kind: type[T]) -> Callable[[T], Row]:
    """Return the function that lays a record of this kind out in the order of `stored_columns`."""
    return attrgetter(*(column.info.get("field", column.name) for column in stored_columns(kind)))


class Codec(Generic[T]):
    """Makes records of one class from rows."""

    def __init__(self, kind: type[T], dialect: Dialect) -> None:
        columns = columns_of(kind)
        self._kind = kind
        self._decoders = decoders(columns, dialect)
        self._pairs = [index for index, column in enumerate(columns) if column.info.get("part") == 0]

    def decode(self, rows: Sequence[Row]) -> list[T]:
        """Make records from rows of `columns_of`, as the driver gave them."""
        columns = converted(rows, self._decoders)
        for index in self._pairs:
            columns[index : index + 2] = [tuple(zip(columns[index], columns[index + 1], strict=True))]
        return list(map(self._kind, *columns))


def encoders(typed: Iterable[Any], dialect: Dialect) -> Converters:
    """Return what must be converted on the way into the database, for columns or parameters."""
    found = ((i, _part_of(t) or t.type.dialect_impl(dialect).bind_processor(dialect)) for i, t in enumerate(typed))
    return tuple((index, convert) for index, convert in found if convert is not None)


def decoders(typed: Iterable[Any], dialect: Dialect) -> Converters:
    """Return what must be converted on the way out."""
    found = ((i, t.type.dialect_impl(dialect).result_processor(dialect, None)) for i, t in enumerate(typed))
    return tuple((index, convert) for index, convert in found if convert is not None)


def converted(rows: Sequence[Row], converters: Converters) -> list[Sequence[Any]]:
    """Return rows as converted columns: down a column it goes twice as fast as along rows. NULL stays NULL."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for index, convert in converters if columns else ():
        columns[index] = [None if value is None else convert(value) for value in columns[index]]
    return columns


def _part_of(column: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 - a column or a parameter
    """Some columns hold a part of a field: a survey's key is an id and a number."""
    part = getattr(column, "info", {}).get("part")
    return None if part is None else itemgetter(part)
