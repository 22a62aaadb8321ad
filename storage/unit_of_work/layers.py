"""Rows by key and by the ways in which decisions ask for them: one layer of a snapshot."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, TypeVar

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.model import Issue
from dialogs.messages import Address
from dialogs.outbox.model import SendingState
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.fact_records import Closing, RatingFact
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEndpoint, HookEvent
from storage.model.publications import Publication
from storage.model.records import (
    AnswerLog,
    AttemptRow,
    Contact,
    Customer,
    Grant,
    InboxRow,
    IssueEvent,
    Member,
    Note,
    OutboxMessage,
    StoredFile,
    StoredSurvey,
    Ticket,
    Token,
    Window,
)
from storage.model.registers import AnonymousAnswers, AuditEntry, Request, Tombstone
from storage.model.text_records import CommentReading, StoredPhrase
from storage.unit_of_work.changes import Record

__all__ = ["Key", "Layer", "key_of"]

R = TypeVar("R")
Key = tuple[Any, ...]

_KEYS: dict[type, Callable[[Any], Key]] = {
    Ticket: attrgetter("source", "id"),
    Customer: lambda row: (row.id,),
    Contact: attrgetter("customer", "channel", "chat"),
    Token: lambda row: (row.hash,),
    Member: lambda row: (row.name,),
    Note: lambda row: (row.key,),
    Invitation: lambda row: (row.id,),
    Interview: lambda row: (row.id,),
    Exclusion: lambda row: (row.id,),
    Issue: lambda row: (row.id,),
    IssueEvent: attrgetter("issue", "number"),
    AnswerLog: attrgetter("response", "number"),
    Closing: attrgetter("source", "ticket", "number"),
    RatingFact: attrgetter("response", "item"),
    StoredFile: lambda row: (row.hash,),
    OutboxMessage: lambda row: (row.id,),
    InboxRow: lambda row: (row.key,),
    StoredSurvey: attrgetter("id", "number"),
    Window: attrgetter("channel", "chat"),
    Grant: attrgetter("channel", "chat", "template"),
    AttemptRow: attrgetter("message", "at", "number"),
    Campaign: lambda row: (row.id,),
    Run: attrgetter("campaign", "occurrence"),
    Target: attrgetter("campaign", "occurrence", "customer"),
    Request: lambda row: (row.id,),
    Tombstone: lambda row: (row.hash,),
    KnownEvent: lambda row: (row.hash,),
    AuditEntry: lambda row: (row.id,),
    AnonymousAnswers: lambda row: (row.id,),
    FilledForm: lambda row: (row.id,),
    AssessmentFile: lambda row: (row.id,),
    EnteredFigure: lambda row: (row.id,),
    Publication: lambda row: (row.id,),
    Adjustment: lambda row: (row.id,),
    Finding: lambda row: (row.id,),
    Voice: attrgetter("finding", "customer"),
    CommentReading: lambda row: (row.response,),
    StoredPhrase: lambda row: (row.phrase,),
    ArchivedReport: lambda row: (row.id,),
    ArchivedFile: attrgetter("report", "format"),
    ReportRun: lambda row: (row.id,),
    HookEndpoint: lambda row: (row.id,),
    HookEvent: lambda row: (row.id,),
}

_Values = Callable[[Any], Iterable[Hashable]]
_ANY: tuple[str, _Values] = ("", lambda _: (None,))
_CUSTOMER: tuple[str, _Values] = ("customer", lambda row: (row.customer,))

_INDEXES: dict[type, tuple[tuple[str, _Values], ...]] = {
    Contact: (_CUSTOMER, ("address", lambda row: (Address(row.channel, row.chat),))),
    Invitation: (_CUSTOMER, ("ticket", lambda row: ((row.source, row.ticket),)), _ANY),
    Exclusion: (("response", lambda row: (row.response,)),),
    Voice: (("finding", lambda row: (row.finding,)),),
    ArchivedFile: (("report", lambda row: (row.report,)),),
    AssessmentFile: (("assessment", lambda row: (row.assessment,)),),
    FilledForm: (("rated", lambda row: ((row.subject, row.form, row.period),)),),
    Interview: (_CUSTOMER, ("invitation", lambda row: (row.invitation,))),
    Issue: (("customers", attrgetter("customers")), ("tickets", attrgetter("tickets")), _ANY),
    Member: (_ANY,),
    Grant: (("address", lambda row: (Address(row.channel, row.chat),)),),
    OutboxMessage: (
        ("receipt", lambda row: ((row.channel, row.chat, row.receipt),) if row.receipt else ()),
        ("begun", lambda row: (row.address,) if row.edits is None else ()),
        ("held", lambda row: (row.address,) if row.status is SendingState.HELD else ()),
    ),
}


def key_of(record: Record) -> Key:
    """Return a record's primary key."""
    return _KEYS[type(record)](record)


class Layer:
    """Rows of every kind; a row put under a known key takes the place of the one before."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._rows: dict[type, dict[Key, Any]] = defaultdict(dict)
        self._index: dict[tuple[type, str, Hashable], set[Key]] = defaultdict(set)
        for record in records:
            self.put(record)

    def put(self, record: Record) -> None:
        """Take in a row."""
        kind, key = type(record), key_of(record)
        rows = self._rows[kind]
        if key in rows:
            self._forget(rows[key], key)
        rows[key] = record
        for name, values in _INDEXES.get(kind, ()):
            for value in values(record):
                self._index[kind, name, value].add(key)

    def get(self, kind: type[R], key: Key) -> R | None:
        """Return a row by its key."""
        rows = self._rows.get(kind)
        return rows.get(key) if rows else None

    def has(self, kind: type, key: Key) -> bool:
        """Return whether there is a row under this key."""
        return key in self._rows.get(kind, ())

    def keys(self, kind: type, name: str, value: Hashable) -> Iterable[Key]:
        """Return the keys of rows found in another way."""
        return self._index.get((kind, name, value), ())

    def _forget(self, record: Record, key: Key) -> None:
        for name, value in _indexed(record):
            self._index[type(record), name, value].discard(key)


def _indexed(record: Record) -> list[tuple[str, Hashable]]:
    return [(name, value) for name, values in _INDEXES.get(type(record), ()) for value in values(record)]
