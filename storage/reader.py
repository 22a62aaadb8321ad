"""Everything that doors and clocks may ask of the store, in one place; nothing here locks or writes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam

from dialogs.issues import Issue
from dialogs.messages import Address, Prompt
from storage import listings, read
from storage import tables as t
from storage.dialects import among
from storage.listings import IssueFilter, Page, Response, ResponseFilter
from storage.read import Due, IssueView, TicketView
from storage.records import InboxRow, IssueEvent, OutboxMessage, Status, StoredSurvey
from storage.selects import all_of
from storage.store import Store
from storage.words import word

__all__ = ["Reader", "Spoken"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a chat: a message of ours as it reads now (`prompt`), or something heard (`raw`)."""

    at: datetime
    receipt: str
    prompt: Prompt | None = None
    raw: bytes = b""


_SURVEYS = all_of(StoredSurvey)
_TIMELINES = all_of(IssueEvent, among("issues", t.issue_events.c.issue)).order_by(t.issue_events.c.number)
_SHOWN = all_of(
    OutboxMessage,
    t.outbox.c.channel == bindparam("channel", type_=Text()),
    t.outbox.c.chat == bindparam("chat", type_=Text()),
    t.outbox.c.status == word(Status.SENT),
).order_by(t.outbox.c.seq)
_SAID = all_of(InboxRow, t.inbox.c.door == bindparam("door", type_=Text()))


class Reader:
    """Answers questions about what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def due(self, now: datetime, most: int) -> list[Due]:
        """Give what is due, longest due first."""
        return await read.due(self._store, now, most)

    async def next_wake(self) -> datetime | None:
        """Give the moment of the next thing to do."""
        return await read.next_wake(self._store)

    async def failed_inbox(self, most: int) -> list[InboxRow]:
        """Give deliveries that could not be decided, oldest first."""
        return await read.failed_inbox(self._store, most)

    async def surveys(self) -> list[StoredSurvey]:
        """Give every survey version ever asked."""
        async with self._store.reading() as session:
            return await session.records(StoredSurvey, _SURVEYS)

    async def ticket(self, source: str, ticket: str) -> TicketView | None:
        """Give a ticket with the survey of its latest closing, None if there is no such ticket."""
        return await read.ticket(self._store, source, ticket)

    async def responses(self, wanted: ResponseFilter, cursor: str | None, most: int) -> Page[Response]:
        """Give a page of responses; ValueError for a cursor that is none of ours."""
        return await listings.responses(self._store, wanted, cursor, most)

    async def issues(self, wanted: IssueFilter, cursor: str | None, most: int) -> Page[IssueView]:
        """Give a page of issues with their timelines; ValueError for a cursor that is none of ours."""
        page = await listings.issues(self._store, wanted, cursor, most)
        return Page(await self._with_timelines(page.items), page.next)

    async def issue(self, issue: str) -> IssueView | None:
        """Give an issue with its timeline, None if there is no such issue."""
        return await read.issue(self._store, issue)

    async def transcript(self, place: Address) -> list[Spoken]:
        """Give a sandbox chat as it reads now: edits in place, in the order in which things were first said."""
        async with self._store.reading() as session:
            sent = await session.records(OutboxMessage, _SHOWN, channel=place.channel, chat=place.chat)
            said = await session.records(InboxRow, _SAID, door=f"{place.channel}:{place.chat}")
        shown: dict[str, Spoken] = {}
        for message in sent:
            first = shown.get(message.receipt)
            at = first.at if first else message.sent_at or message.created_at
            shown[message.receipt] = Spoken(at, message.receipt, message.prompt)
        heard = [Spoken(row.received_at, row.key, raw=row.raw) for row in said]
        return sorted((*shown.values(), *heard), key=lambda spoken: spoken.at)

    async def _with_timelines(self, issues: tuple[Issue, ...]) -> tuple[IssueView, ...]:
        async with self._store.reading() as session:
            lines = await session.records(IssueEvent, _TIMELINES, issues=[issue.id for issue in issues])
        return tuple(IssueView(one, tuple(line for line in lines if line.issue == one.id)) for one in issues)
