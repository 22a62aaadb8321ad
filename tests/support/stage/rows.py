"""Every row of the world, as the database keeps them: versions counted, a message written once."""

from collections.abc import Iterable
from typing import Any, TypeVar

from dialogs.improvement.model import Voice
from dialogs.outbox.model import SendingState
from scoring.values import replace
from storage.model.archive.report_records import ArchivedFile
from storage.model.fact_records import Closing, RatingFact
from storage.model.filled_forms import Adjustment
from storage.model.known_deliveries import KnownEvent
from storage.model.outgoing.hook_records import HookEvent
from storage.model.publications import Publication
from storage.model.records import AnswerLog, AttemptRow, InboxRow, IssueEvent, OutboxMessage, StoredFile, StoredSurvey
from storage.model.registers import AnonymousAnswers, AuditEntry, Tombstone
from storage.model.text_records import CommentReading
from storage.unit_of_work.changes import Cancel, Changes, Record, Settle
from storage.unit_of_work.layers import key_of
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["Rows"]

T = TypeVar("T")

_Appended = (
    AnswerLog
    | Closing
    | AttemptRow
    | IssueEvent
    | HookEvent
    | StoredSurvey
    | Tombstone
    | KnownEvent
    | AuditEntry
    | Adjustment
    | Voice
    | AnonymousAnswers
    | Publication
    | ArchivedFile
    | CommentReading
)
_WAITING = (SendingState.PENDING, SendingState.HELD)


class Rows:
    """One snapshot of everything, and a way to list what a snapshot gives only by key."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.snapshot = Snapshot()
        self.written: list[Changes] = []
        self._all: dict[tuple[Any, ...], Record] = {}

    def listed(self, kind: type[T]) -> list[T]:
        """Return the rows of one kind in the order in which they came to be."""
        return [record for record in self._all.values() if isinstance(record, kind)]

    def write(self, changes: Changes) -> None:
        """Write what was decided, in the order of `storage.unit_of_work.apply`: settles, cancels, then records."""
        self.written.append(changes)
        for settle in changes.settles:
            self._settle(settle)
        for cancel in changes.cancels:
            self._cancel(cancel)
        for record in {(type(each), *key_of(each)): each for each in changes.records}.values():
            self._write(record)

    def put(self, message: OutboxMessage) -> None:
        """Keep a message as a sender has left it."""
        self._keep(message)

    def _settle(self, settle: Settle) -> None:
        message = self.snapshot.message(settle.message)
        if message is None or message.status not in (*_WAITING, SendingState.LEASED):
            return
        self._keep(
            replace(
                message,
                status=settle.status,
                receipt=settle.receipt or message.receipt,
                why=settle.why,
                sent_at=settle.at if settle.status is SendingState.SENT else message.sent_at,
                not_before=settle.not_before or message.not_before,
            )
        )

    def _cancel(self, cancel: Cancel) -> None:
        for message in self._waiting():
            concerns = (message.customer, message.about)
            named = cancel.customer or cancel.about
            if message.purpose in cancel.purposes and named in concerns:
                self._keep(replace(message, status=SendingState.CANCELLED))

    def _waiting(self) -> Iterable[OutboxMessage]:
        return (message for message in self.listed(OutboxMessage) if message.status in _WAITING)

    def _write(self, record: Record) -> None:
        before = self._all.get((type(record), *key_of(record)))
        if isinstance(record, OutboxMessage | InboxRow):
            if before is None:
                self._keep(record)
        elif isinstance(record, RatingFact | StoredFile):
            self._keep(record)
        elif isinstance(record, _Appended):
            assert before is None, f"{type(record).__name__} {key_of(record)} was written before"
            self._keep(record)
        else:
            seen = 0 if before is None else getattr(before, "version", 0)
            assert record.version == seen, f"{type(record).__name__} {key_of(record)} was decided on an old version"
            self._keep(replace(record, version=seen + 1))

    def _keep(self, record: Record) -> None:
        self._all[type(record), *key_of(record)] = record
        self.snapshot.absorb(Changes((record,)))
