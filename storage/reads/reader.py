"""Everything that doors and clocks may ask of the store, in one place; nothing here locks or writes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, select

from dialogs.ids import Ref
from dialogs.issue.model import Issue
from dialogs.messages import Address
from scoring.anonymity import AnonymousResponse
from storage.connection.store import Store
from storage.dialects import among
from storage.model.records import InboxRow, IssueEvent, StoredSurvey
from storage.model.registers import Request, Tombstone
from storage.privacy.export import export_personal_data
from storage.reads import data_requests, listings
from storage.reads import due as read
from storage.reads.admin_report import AdminReads
from storage.reads.anonymous import anonymous_responses
from storage.reads.campaigns import CampaignReads
from storage.reads.due import IssueView, TicketView
from storage.reads.listings import IssueFilter, Page, Response, ResponseFilter
from storage.reads.transcript import TranscriptLine, transcript
from storage.schema import tables as t
from storage.unit_of_work.selects import TOMBSTONES, all_of

__all__ = ["Reader", "TranscriptLine"]


_ANSWER = select(t.inbox.c.answer).where(t.inbox.c.key == bindparam("key", type_=Text()))
_SURVEYS = all_of(StoredSurvey)
_TIMELINES = all_of(IssueEvent, among("issues", t.issue_events.c.issue)).order_by(t.issue_events.c.number)


class Reader:
    """Answers questions about what is committed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.campaigns = CampaignReads(store)
        self.admins = AdminReads(store)

    async def due(self, now: datetime, most: int) -> list[Ref]:
        """Return what is due, longest due first."""
        return await read.due(self._store, now, most)

    async def next_wake(self) -> datetime | None:
        """Return the moment of the next thing to do."""
        return await read.next_wake(self._store)

    async def failed_inbox(self, most: int) -> list[InboxRow]:
        """Return deliveries that could not be decided, oldest first."""
        return await read.failed_inbox(self._store, most)

    async def answer(self, key: str) -> str:
        """Return what a delivery was answered, empty where it is not known or nothing was."""
        async with self._store.reading() as session:
            return next((answer for (answer,) in await session.fetch(_ANSWER, key=key)), "")

    async def surveys(self) -> list[StoredSurvey]:
        """Return every survey version ever asked."""
        async with self._store.reading() as session:
            return await session.records(StoredSurvey, _SURVEYS)

    async def ticket(self, source: str, ticket: str) -> TicketView | None:
        """Return a ticket with the survey of its latest closing, None if there is no such ticket."""
        return await read.ticket(self._store, source, ticket)

    async def responses(self, wanted: ResponseFilter, cursor: str | None, most: int) -> Page[Response]:
        """Return a page of responses; ValueError for a cursor that is none of ours."""
        return await listings.list_responses(self._store, wanted, cursor, most)

    async def issues(self, wanted: IssueFilter, cursor: str | None, most: int) -> Page[IssueView]:
        """Return a page of issues with their timelines; ValueError for a cursor that is none of ours."""
        page = await listings.list_issues(self._store, wanted, cursor, most)
        return Page(await self._with_timelines(page.items), page.next)

    async def issue(self, issue: str) -> IssueView | None:
        """Return an issue with its timeline, None if there is no such issue."""
        return await read.issue(self._store, issue)

    async def transcript(self, place: Address) -> list[TranscriptLine]:
        """Return a chat that a page of ours draws as it reads now: edits in place, by when each was first said."""
        return await transcript(self._store, place)

    async def person(self, customer: str) -> dict[str, Any] | None:
        """Return everything held about a person, None if there is no such customer."""
        return await export_personal_data(self._store, customer)

    async def request(self, request: str) -> Request | None:
        """Return what somebody asked for about themselves, None if there is no such request."""
        return await data_requests.find_request(self._store, request)

    async def requests(self, cursor: str | None, most: int, *, is_open: bool | None) -> Page[Request]:
        """Return a page of the register of requests; ValueError for a cursor that is none of ours."""
        return await data_requests.list_requests(self._store, cursor, most, is_open=is_open)

    async def overdue_requests(self, now: datetime) -> int:
        """Count the requests that should have been fulfilled by now."""
        return await data_requests.count_overdue(self._store, now)

    async def anonymous_responses(self, survey: str) -> list[AnonymousResponse]:
        """Return what was answered to an anonymous survey."""
        return await anonymous_responses(self._store, survey)

    async def tombstone(self, hash_: str) -> bool:
        """Return whether somebody with this hash was forgotten."""
        async with self._store.reading() as session:
            return bool(await session.records(Tombstone, TOMBSTONES, keys=[hash_]))

    async def _with_timelines(self, issues: tuple[Issue, ...]) -> tuple[IssueView, ...]:
        async with self._store.reading() as session:
            lines = await session.records(IssueEvent, _TIMELINES, issues=[issue.id for issue in issues])
        return tuple(IssueView(one, tuple(line for line in lines if line.issue == one.id)) for one in issues)
