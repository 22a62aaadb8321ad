"""What a decision sees: the rows it needs, with the changes of earlier decisions in the same batch."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, TypeVar

from dialogs.interviews import OPEN, Interview
from dialogs.invitation import Invitation
from dialogs.issues import UNSETTLED, Issue
from dialogs.messages import Address
from storage.changes import Changes, Record
from storage.records import (
    AnswerLog,
    Contact,
    Customer,
    InboxRow,
    IssueEvent,
    Member,
    Note,
    OutboxMessage,
    StoredSurvey,
    Ticket,
    Token,
)

__all__ = ["Snapshot", "key_of"]

R = TypeVar("R")

_KEYS: dict[type, tuple[str, ...]] = {
    Ticket: ("source", "id"),
    Customer: ("id",),
    Contact: ("customer", "channel", "chat"),
    Token: ("hash",),
    Member: ("name",),
    Note: ("key",),
    Invitation: ("id",),
    Interview: ("id",),
    Issue: ("id",),
    IssueEvent: ("issue", "number"),
    AnswerLog: ("response", "number"),
    OutboxMessage: ("id",),
    InboxRow: ("key",),
    StoredSurvey: ("id", "number"),
}

_INDEXES: dict[type, tuple[str, ...]] = {
    Contact: ("customer", "address"),
    Invitation: ("customer", "ticket"),
    Interview: ("customer", "invitation"),
    Issue: ("customers", "tickets", ""),
    Member: ("",),
    OutboxMessage: ("receipt",),
}


def key_of(record: Record) -> tuple[Any, ...]:
    """Give a record's primary key."""
    return tuple(getattr(record, name) for name in _KEYS[type(record)])


class Snapshot:
    """Rows by key and by the few other ways that decisions ask for them."""

    def __init__(self, records: Iterable[Record] = (), below: "Snapshot | None" = None) -> None:
        """Hold these rows, over those of `below`."""
        self._below = below
        self._rows: dict[type, dict[tuple[Any, ...], Any]] = defaultdict(dict)
        self._index: dict[tuple[type, str, Hashable], set[tuple[Any, ...]]] = defaultdict(set)
        for record in records:
            self._put(record)

    def absorb(self, changes: Changes) -> None:
        """Keep what a decision has changed, for the later decisions of its batch."""
        for record in changes.records:
            self._put(record)

    def after(self, changes: Changes) -> "Snapshot":
        """See things as they will be after these changes; this snapshot stays as it is."""
        return Snapshot(changes.records, below=self)

    # -- by key ------------------------------------------------------------------------------------------------

    def ticket(self, source: str, ticket: str) -> Ticket | None:
        """Give a ticket."""
        return self._row(Ticket, (source, ticket))

    def customer(self, customer: str) -> Customer | None:
        """Give a customer."""
        return self._row(Customer, (customer,))

    def invitation(self, invitation: str) -> Invitation | None:
        """Give an invitation."""
        return self._row(Invitation, (invitation,))

    def interview(self, interview: str) -> Interview | None:
        """Give an interview."""
        return self._row(Interview, (interview,))

    def issue(self, issue: str) -> Issue | None:
        """Give an issue."""
        return self._row(Issue, (issue,))

    def message(self, message: str) -> OutboxMessage | None:
        """Give an outgoing message by its id."""
        return self._row(OutboxMessage, (message,))

    def token(self, hash_: str) -> Token | None:
        """Give a binding token by the hash of its secret."""
        return self._row(Token, (hash_,))

    def heard(self, key: str) -> InboxRow | None:
        """Give what was heard under this key, None if nothing was."""
        return self._row(InboxRow, (key,))

    def note(self, key: str) -> Note | None:
        """Give something remembered."""
        return self._row(Note, (key,))

    # -- by what they belong to ----------------------------------------------------------------------------------

    def roster(self) -> list[Member]:
        """Give the whole team (loaded when `Needs.roster` asked for it)."""
        return self._found(Member, "", None)

    def contacts(self, customer: str) -> list[Contact]:
        """Give a customer's chats."""
        return self._found(Contact, "customer", customer)

    def contacts_at(self, address: Address) -> list[Contact]:
        """Give everybody's contacts at one chat."""
        return self._found(Contact, "address", address)

    def invitations(self, customer: str) -> list[Invitation]:
        """Give a customer's invitations that matter now: scheduled ones, and those asked lately."""
        return self._found(Invitation, "customer", customer)

    def invitations_of(self, source: str, ticket: str) -> list[Invitation]:
        """Give a ticket's invitations, one per closing."""
        return self._found(Invitation, "ticket", (source, ticket))

    def interview_of(self, invitation: str) -> Interview | None:
        """Give the interview of an invitation, None before it was asked."""
        return next(iter(self._found(Interview, "invitation", invitation)), None)

    def open_interviews(self, customer: str) -> list[Interview]:
        """Give a customer's unfinished interviews, the one asked last first."""
        mine = self._found(Interview, "customer", customer)
        return sorted((i for i in mine if i.state in OPEN), key=lambda i: (i.asked_at, i.id), reverse=True)

    def interviews(self, customer: str) -> list[Interview]:
        """Give all loaded interviews of a customer."""
        return self._found(Interview, "customer", customer)

    def issues_of_ticket(self, source: str, ticket: str) -> list[Issue]:
        """Give a ticket's unsettled issues, oldest first."""
        found = self._found(Issue, "tickets", (source, ticket))
        return sorted((i for i in found if i.state in UNSETTLED), key=lambda i: i.opened_at)

    def issues_of_customer(self, customer: str) -> list[Issue]:
        """Give a customer's unsettled issues, oldest first."""
        found = self._found(Issue, "customers", customer)
        return sorted((i for i in found if i.state in UNSETTLED), key=lambda i: i.opened_at)

    def issues(self) -> list[Issue]:
        """Give every issue loaded."""
        return self._found(Issue, "", None)

    def message_with(self, channel: str, chat: str, receipt: str) -> OutboxMessage | None:
        """Give the message that a chat shows under this id, None if it is not ours."""
        return next(iter(self._found(OutboxMessage, "receipt", (channel, chat, receipt))), None)

    # -- inside ------------------------------------------------------------------------------------------------

    def _put(self, record: Record) -> None:
        kind, key = type(record), key_of(record)
        rows = self._rows[kind]
        if key in rows:
            self._unindex(rows[key], key)
        rows[key] = record
        for name, value in _indexed(record):
            self._index[kind, name, value].add(key)

    def _unindex(self, record: Record, key: tuple[Any, ...]) -> None:
        for name, value in _indexed(record):
            self._index[type(record), name, value].discard(key)

    def _row(self, kind: type[R], key: tuple[Any, ...]) -> R | None:
        level: Snapshot | None = self
        while level is not None:
            found: R | None = level._rows[kind].get(key) if kind in level._rows else None
            if found is not None:
                return found
            level = level._below
        return None

    def _found(self, kind: type[R], name: str, value: Hashable) -> list[R]:
        rows = (self._row(kind, key) for key in sorted(self._keys(kind, name, value)))
        return [row for row in rows if row is not None]

    def _keys(self, kind: type, name: str, value: Hashable) -> set[tuple[Any, ...]]:
        """Give the keys under which rows are found, those of lower levels unless a higher one has the row anew."""
        if self._below is None:
            return self._index.get((kind, name, value), set())
        above = self._rows.get(kind, {})
        below = {key for key in self._below._keys(kind, name, value) if key not in above}
        return below | self._index.get((kind, name, value), set())


def _indexed(record: Record) -> Iterator[tuple[str, Hashable]]:
    for name in _INDEXES.get(type(record), ()):
        for value in _values(record, name):
            yield name, value


def _values(record: Any, name: str) -> tuple[Hashable, ...]:  # noqa: ANN401 - any record has these names
    match record, name:
        case _, "":
            return (None,)
        case Contact(), "address":
            return (Address(record.channel, record.chat),)
        case Invitation(), "ticket":
            return ((record.source, record.ticket),)
        case OutboxMessage(), "receipt":
            return ((record.channel, record.chat, record.receipt),) if record.receipt else ()
        case Issue(), _:
            return tuple(getattr(record, name))
        case _:
            return (getattr(record, name),)
