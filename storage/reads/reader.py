"""The read interface of the store for HTTP, chats and the scheduler; nothing here locks or writes."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, bindparam, func, select

from dialogs.exclusion.model import Exclusion, ExclusionState
from dialogs.ids import Ref
from dialogs.interview.model import Interview
from dialogs.messages import Address
from dialogs.survey import SurveyKey
from dialogs.time.doubt import Doubt
from scoring.anonymity import AnonymousResponse
from scoring.effects.before_after import PersonRating
from scoring.metrics.catalogue import FactNeeds, MetricSource
from scoring.metrics.facts import Facts
from scoring.worth_call import CallCandidate
from storage.connection.codec import columns_of
from storage.connection.store import Store
from storage.model.entered_figures import EnteredFigure
from storage.model.import_records import GONE, SAMPLE_KIND
from storage.model.records import InboxRow, Note, OutboxMessage, StoredSurvey, Ticket, TicketStatus
from storage.model.registers import AnonymousAnswers, Request, Tombstone
from storage.privacy.export import export_personal_data
from storage.reads import data_requests, details, due, inbox, listings, traces
from storage.reads.admin_lists import AdminReads
from storage.reads.archive.report_reads import ArchiveReads
from storage.reads.campaigns import CampaignReads
from storage.reads.customers.call_candidates import read_call_candidates
from storage.reads.customers.held_data import count_held
from storage.reads.details import IssueWithTimeline, ResponseFacts, TicketWithSurvey
from storage.reads.entry_list import EntryReads
from storage.reads.figures.figure_facts import (
    FigureInput,
    PeriodFacts,
    read_agents,
    read_entries,
    read_facts,
    read_inputs,
    read_needed,
)
from storage.reads.figures.kept_figures import KeptReads
from storage.reads.figures.person_ratings import read_person_ratings
from storage.reads.figures.published import PublicationReads
from storage.reads.figures.rating_counts import AskedOften, PeriodRatings, read_ratings
from storage.reads.figures.visit_counts import ToldOfPeriod, read_told
from storage.reads.figures.visit_facts import Visit, read_repeated
from storage.reads.improvement.finding_list import FindingReads
from storage.reads.inbox import KeptDelivery
from storage.reads.listings import IssueFilter, Page, Response, ResponseFilter, WalkedInterview
from storage.reads.outgoing.hook_reads import HookReads
from storage.reads.rated_subjects import AssessmentReads
from storage.reads.text.phrases import TextReads
from storage.reads.transcript import TranscriptLine, settling, transcript
from storage.schema import tables as t
from storage.schema.column_types import CompactInstant
from storage.schema.literals import EMPTY, text_literal
from storage.schema.register_tables import imports
from storage.unit_of_work.selects import NOTES, TOMBSTONES, all_of

__all__ = ["Reader", "TranscriptLine"]


_ANSWER = select(t.inbox.c.answer).where(t.inbox.c.key == bindparam("key", type_=Text()))
_MESSAGE = all_of(OutboxMessage, t.outbox.c.id == bindparam("message", type_=Text()))
_FILE = select(t.files.c.content).where(t.files.c.hash == bindparam("hash", type_=Text()))
_SURVEYS = all_of(StoredSurvey)
_VERSIONS = all_of(StoredSurvey, t.surveys.c.id == bindparam("survey", type_=Text()))
_OPEN_TICKETS = (
    select(*columns_of(Ticket), func.coalesce(t.customers.c.tier, EMPTY))
    .select_from(t.tickets.outerjoin(t.customers, t.customers.c.id == t.tickets.c.customer))
    .where(t.tickets.c.status != text_literal(TicketStatus.CLOSED), t.tickets.c.imported == EMPTY)
)
_CLOSINGS = (
    select(t.closings.c.number)
    .where(
        t.closings.c.closed_at >= bindparam("since", type_=CompactInstant()),
        t.closings.c.closed_at < bindparam("until", type_=CompactInstant()),
    )
    .limit(bindparam("most", type_=Integer()))
)
_FIRST_CLOSING = select(t.closings.c.closed_at).order_by(t.closings.c.closed_at).limit(1)
_SAMPLE = (
    select(imports.c.id)
    .where(imports.c.kind == text_literal(SAMPLE_KIND), *(imports.c.state != text_literal(gone) for gone in GONE))
    .limit(1)
)
_ANONYMOUS = all_of(AnonymousAnswers, t.anonymous_answers.c.survey == bindparam("survey", type_=Text()))
_MUCH = 5000
"""From so many closings on computing takes longer than starting a process for it."""


class Reader:
    """Reads what is committed; its fields campaigns, sheets, published periods, words, reports, and for admins.

    From `much` closings on the figures of a period are kept; `computes`: they are computed by its own process, not by
    one that is started for it.
    """

    def __init__(self, store: Store, *, much: int = _MUCH, computes: bool = False) -> None:
        self._store = store
        self.much, self.computes = much, computes
        self._often = AskedOften()
        self.campaigns = CampaignReads(store)
        self.admins = AdminReads(store)
        self.assessments = AssessmentReads(store)
        self.entries = EntryReads(store)
        self.publications = PublicationReads(store)
        self.findings = FindingReads(store)
        self.texts = TextReads(store)
        self.archive = ArchiveReads(store)
        self.hooks = HookReads(store)
        self.kept = KeptReads(store)

    async def due(self, now: datetime, most: int, doubt: Doubt | None = None) -> list[Ref]:
        """Return references to at most `most` things that are due, in the order in which they fell due."""
        return await due.due_refs(self._store, now, most, doubt)

    async def next_wake(self) -> datetime | None:
        """Return the moment at which the next thing is due, None where nothing is planned."""
        return await due.next_wake(self._store)

    async def is_sample(self) -> bool:
        """Return whether the sample company is in the database, or a part of it: figures tell of nobody then."""
        async with self._store.reading() as session:
            return bool(await session.fetch(_SAMPLE))

    async def first_closing(self) -> datetime | None:
        """Return when the first ticket was closed of which anything is known, None where there is none."""
        async with self._store.reading() as session:
            return next((at for (at,) in await session.fetch(_FIRST_CLOSING)), None)

    async def failed_deliveries(self, channel: str | None, cursor: str | None, most: int) -> Page[KeptDelivery]:
        """Return a page of the deliveries that are kept as failed; raises ValueError for a malformed cursor."""
        return await inbox.list_failed(self._store, channel, cursor, most)

    async def count_failed_deliveries(self) -> int:
        """Return how many deliveries are kept because they could not be decided."""
        return await inbox.count_failed(self._store)

    async def delivery(self, key: str) -> KeptDelivery | None:
        """Return a delivery, failed or done; None where there is none."""
        return await inbox.find_delivery(self._store, key)

    async def desk_deliveries(self, door: str, most: int) -> list[InboxRow]:
        """Return the latest deliveries of a help desk by its door, the latest first."""
        return await inbox.list_latest(self._store, door, most)

    async def answer(self, key: str) -> str:
        """Return the stored answer to a delivery, empty where there is none or no such delivery."""
        async with self._store.reading() as session:
            return next((answer for (answer,) in await session.fetch(_ANSWER, key=key)), "")

    async def file(self, hash_: str) -> bytes | None:
        """Return the content of a stored file, None where nothing needs it any more."""
        async with self._store.reading() as session:
            return next((bytes(content) for (content,) in await session.fetch(_FILE, hash=hash_)), None)

    async def message(self, message: str) -> OutboxMessage | None:
        """Return a message by its id."""
        async with self._store.reading() as session:
            return next(iter(await session.records(OutboxMessage, _MESSAGE, message=message)), None)

    async def surveys(self, survey: str = "") -> list[StoredSurvey]:
        """Return every stored version of a survey, of every survey without an id."""
        async with self._store.reading() as session:
            if survey:
                return await session.records(StoredSurvey, _VERSIONS, survey=survey)
            return await session.records(StoredSurvey, _SURVEYS)

    async def exclusions(self, state: ExclusionState | None, cursor: str | None, most: int) -> Page[Exclusion]:
        """Return a page of exclusions of responses; raises ValueError for a malformed cursor."""
        return await listings.list_exclusions(self._store, state, cursor, most)

    async def response_facts(self, response: str) -> ResponseFacts | None:
        """Return what is counted of a response, None if there is no such response."""
        return await details.find_response_facts(self._store, response)

    async def ticket(self, source: str, ticket: str) -> TicketWithSurvey | None:
        """Return a ticket with the survey of its latest closing, None if there is no such ticket."""
        return await details.find_ticket(self._store, source, ticket)

    async def responses(self, wanted: ResponseFilter, cursor: str | None, most: int) -> Page[Response]:
        """Return a page of responses; raises ValueError for a malformed cursor."""
        return await listings.list_responses(self._store, wanted, cursor, most)

    async def walked_surveys(self, since: datetime, until: datetime) -> set[SurveyKey]:
        """Return the versions of surveys that anybody was asked within a time."""
        return await listings.walked_surveys(self._store, since, until)

    async def interviews_of(
        self, survey: SurveyKey, since: datetime, until: datetime, most: int
    ) -> list[WalkedInterview]:
        """Return at most `most` interviews of a survey version asked within a time, those asked last first."""
        return await listings.latest_interviews(self._store, survey, since, until, most)

    async def issues(self, wanted: IssueFilter, cursor: str | None, most: int) -> Page[IssueWithTimeline]:
        """Return a page of issues with their timelines; raises ValueError for a malformed cursor."""
        page = await listings.list_issues(self._store, wanted, cursor, most)
        return Page(await details.with_timelines(self._store, page.items), page.next)

    async def issue(self, issue: str) -> IssueWithTimeline | None:
        """Return an issue with its timeline, None if there is no such issue."""
        return await details.find_issue(self._store, issue)

    async def transcript(self, place: Address) -> list[TranscriptLine]:
        """Return a chat as a page of the product shows it now: in order of first sending, in the last wording."""
        return await transcript(self._store, place)

    async def settling(self, place: Address) -> Interview | None:
        """Return the chat's interview in which a low rating waits for `alerts.settle`, None where none does."""
        return await settling(self._store, place)

    async def person(self, customer: str) -> dict[str, Any] | None:
        """Return everything that is stored about a person, None if there is no such customer."""
        return await export_personal_data(self._store, customer)

    async def request(self, request: str) -> Request | None:
        """Return a data request, None if there is no such request."""
        return await data_requests.find_request(self._store, request)

    async def requests(self, cursor: str | None, most: int, *, is_open: bool | None) -> Page[Request]:
        """Return a page of the data requests; raises ValueError for a malformed cursor."""
        return await data_requests.list_requests(self._store, cursor, most, is_open=is_open)

    async def overdue_requests(self, now: datetime) -> int:
        """Count the open data requests whose deadline has passed."""
        return await data_requests.count_overdue(self._store, now)

    async def anonymous_responses(self, survey: str) -> list[AnonymousResponse]:
        """Return the responses to an anonymous survey, in random order (docs/decisions/anonymity.md)."""
        async with self._store.reading() as session:
            found = await session.records(AnonymousAnswers, _ANONYMOUS, survey=survey)
        return [_anonymous_response(row) for row in found]

    @property
    def database(self) -> str:
        """The URL of the database, with its password, for a process that reads there as well."""
        return self._store.url

    async def is_much(self, since: datetime, until: datetime) -> bool:
        """Return whether a period is so large that its figures are kept; no more closings are looked at than needed."""
        async with self._store.reading() as session:
            return len(await session.fetch(_CLOSINGS, since=since, until=until, most=self.much)) >= self.much

    async def figure_facts(self, since: datetime, until: datetime, sources: Collection[MetricSource]) -> PeriodFacts:
        """Return what the figures of a period are computed from, closings one by one; `until` is excluded."""
        return await read_facts(self._store, (since, until), sources, self._often)

    async def needed_facts(self, since: datetime, until: datetime, needs: FactNeeds) -> PeriodFacts:
        """Return of the same what certain figures need."""
        return await read_needed(self._store, (since, until), needs, self._often)

    async def repeated_visits(self, since: datetime, until: datetime) -> list[Visit]:
        """Return those closings of a period that did not hold, and those by which something was repaired once more."""
        async with self._store.reading() as session:
            return await read_repeated(session, since, until)

    async def agents(self, since: datetime, until: datetime) -> dict[str, str]:
        """Return the names of the agents who closed tickets in a period, of those who are known by an id."""
        return await read_agents(self._store, since, until)

    async def told_of(self, since: datetime, until: datetime) -> ToldOfPeriod:
        """Return how the closings of a period were asked about, and what of them is known, such as `onsite_at`."""
        async with self._store.reading() as session:
            return await read_told(session, since, until)

    async def rating_facts(self, since: datetime, until: datetime) -> Facts:
        """Return of a period its ratings alone, as figures of them are computed from."""
        async with self._store.reading() as session:
            found = await read_ratings(session, since, until, self._often)
        return Facts(found.counts, repeated=found.repeated)

    async def entered(self, since: datetime, until: datetime) -> tuple[EnteredFigure, ...]:
        """Return what was entered for exactly this period, and the benchmarks that are known by its end."""
        async with self._store.reading() as session:
            return await read_entries(session, since, until)

    async def ratings(self, since: datetime, until: datetime) -> PeriodRatings:
        """Return the ratings of a period, counted by all their keys, and those of people with several responses."""
        async with self._store.reading() as session:
            return await read_ratings(session, since, until, None)

    async def person_ratings(self, since: datetime, until: datetime, tag: str) -> list[PersonRating]:
        """Return the ratings of a period one by one, with who gave each; `until` is excluded."""
        return await read_person_ratings(self._store, since, until, tag)

    async def call_candidates(self, since: datetime, tiers: Collection[str], complaints: int) -> list[CallCandidate]:
        """Return customers of these tiers, in lower case, served since then, and those with so many complaints."""
        return await read_call_candidates(self._store, since, tiers, complaints)

    async def held_data(self) -> dict[str, int]:
        """Return how much is held of people, by kind of data."""
        return await count_held(self._store)

    async def notes(self, keys: Collection[str]) -> list[Note]:
        """Return those of these notes that there are."""
        async with self._store.reading() as session:
            return await session.records(Note, NOTES, keys=frozenset(keys))

    async def reached_customers(self, own: str, phones: Collection[str], emails: Collection[str]) -> set[str]:
        """Return who has a chat: the customer `own` and those with one of these numbers or (lower-case) addresses."""
        return await details.find_reached(self._store, own, phones, emails)

    async def open_tickets(self) -> list[tuple[Ticket, str]]:
        """Return every ticket that is not closed, with the tier of its customer; none that came by an import."""
        async with self._store.reading() as session:
            return await session.records_with(Ticket, _OPEN_TICKETS)

    async def figure_inputs(
        self, ends: tuple[datetime, datetime], source: MetricSource, cut: Mapping[str, str], most: int
    ) -> list[FigureInput]:
        """Return the first of what a figure of a period is computed from, one by one."""
        return await read_inputs(self._store, ends, source, cut, most)

    async def channels_served(self, platforms: Collection[str]) -> set[str]:
        """Return those of these channels on which this database has served customers (`traces.channels_served`)."""
        async with self._store.reading() as session:
            return await traces.channels_served(session, platforms)

    async def tombstone(self, hash_: str) -> bool:
        """Return whether a person with this tombstone hash was erased."""
        async with self._store.reading() as session:
            return bool(await session.records(Tombstone, TOMBSTONES, keys=[hash_]))


def _anonymous_response(row: AnonymousAnswers) -> AnonymousResponse:
    answers = json.loads(row.answers)
    return AnonymousResponse(
        row.survey_number,
        row.day,
        {one["question"]: one["value"] for one in answers},
        tuple((one["question"], one["text"]) for one in answers if "text" in one),
        row.comment,
        {one["question"]: one["importance"] for one in answers if "importance" in one},
    )
