"""One look at the database for a whole batch: what its decisions asked for, and what hangs on it.

    messages, receipts, tokens ──┐
    issues ── tickets ───────────┤                 ┌─ contacts
    interviews ── invitations ───┼── customers ────┼─ invitations that matter now ── interviews, tickets
    addresses ── contacts ───────┘  (locked first) └─ not closed issues

Upwards everything leads to customers, in one statement; downwards everything hangs on them, in one statement per
table. Processes that share a PostgreSQL wait for each other at the customers' rows, which all take in one order.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import SelectBase

from dialogs.campaign.model import Campaign, Run, Target
from dialogs.exclusion.model import Exclusion
from dialogs.ids import Ref, RefKind
from dialogs.improvement.model import Finding, Voice
from dialogs.interview.model import Interview
from dialogs.invitation.model import Invitation
from dialogs.issue.card_text import short_number
from dialogs.issue.model import Issue, IssueKind, TicketKey
from dialogs.messages import Address
from scoring.values import Value
from storage.connection.session import Session
from storage.model.archive.report_records import ArchivedFile, ArchivedReport, ReportRun
from storage.model.entered_figures import EnteredFigure
from storage.model.filled_forms import Adjustment, AssessmentFile, FilledForm
from storage.model.known_deliveries import KnownEvent
from storage.model.note_keys import campaign_chat_key, is_typing_key
from storage.model.outgoing.hook_records import HookEndpoint
from storage.model.publications import Publication
from storage.model.records import Contact, Customer, Grant, InboxRow, Member, Note, OutboxMessage, Ticket, Token, Window
from storage.model.registers import Request, Tombstone
from storage.model.text_records import CommentReading, StoredPhrase
from storage.unit_of_work import selects as s
from storage.unit_of_work.needs import Needs, Quoted
from storage.unit_of_work.snapshot import Snapshot

__all__ = ["load"]

T = TypeVar("T")

LATELY = timedelta(days=30)
"""How long an invitation that was asked keeps mattering: longer than any quarantine."""

CALLS = timedelta(days=2)
"""How long a settled card of customers to ring is looked at: a day, in any time zone."""


async def load(session: Session, needs: Needs, now: datetime) -> Snapshot:
    """Load what these needs name and what hangs on it; call it inside the transaction that will write."""
    look = _Look(session)
    await _people_at(look, needs.chats)
    asked = await _by_key(look, needs, now)
    calls = await look.keys(s.CALLS, since=now - CALLS) if needs.call_days else frozenset()
    await _owned(look, await _owners(look, asked), calls, now)
    await _quotas(look, needs)
    return Snapshot(look.found)


async def _people_at(look: "_Look", places: Collection[Address]) -> None:
    """Load the contacts of chats and their customers, and nothing that hangs on them."""
    contacts = await look.records(Contact, s.CONTACTS_AT, addresses={(one.channel, one.chat) for one in places})
    await look.records(Customer, s.LOCKED_CUSTOMERS, customers={one.customer for one in contacts})


async def _quotas(look: "_Look", needs: Needs) -> None:
    """Load what is counted in chats, after their customers are locked.

    Each message and each outcome of a sending changes it. What was read before the lock could be what another process
    changed while this one waited: a conflict at best, and at worst a message held that the customer has just released.
    """
    places = frozenset((address.channel, address.chat) for address in needs.windows)
    await look.records(Window, s.WINDOWS, keys=places)
    await look.records(Grant, s.GRANTS, keys=places)
    await look.records(OutboxMessage, s.HELD, keys=places)
    await look.records(Window, s.WINDOWS, keys=_chats(look.found) - places if needs.tickets else ())


class _Asked(Value):
    """Keys that lead to customers."""

    customers: frozenset[str]
    tickets: frozenset[TicketKey]
    invitations: frozenset[str]
    interviews: frozenset[str]
    issues: frozenset[str]
    addresses: frozenset[tuple[str, str]] = frozenset()


class _Look:
    """Collects what is found; a statement with nothing to look for is not run."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.found: list[Any] = []

    async def records(
        self, kind: type[T], statement: SelectBase, since: datetime | None = None, **keys: Collection[Any]
    ) -> list[T]:
        if not any(keys.values()):
            return []
        found = await self.session.records(kind, statement, **keys, **({} if since is None else {"since": since}))
        self.found += found
        return found

    async def keys(self, statement: SelectBase, **values: object) -> frozenset[str]:
        return frozenset(row[0] for row in await self.session.fetch(statement, **values))


async def _by_key(look: _Look, needs: Needs, now: datetime) -> _Asked:
    """Load what is asked for by its own key; return the keys that lead on."""
    await look.records(InboxRow, s.INBOX, keys=needs.inbox)
    await look.records(KnownEvent, s.EVENTS, keys=needs.events)
    notes = await look.records(Note, s.NOTES, keys=needs.notes)
    typing = {note.value for note in notes if note.value and is_typing_key(note.key)}
    if needs.roster or typing:
        look.found += await look.session.records(Member, s.ROSTER)
    if needs.waiting:
        look.found += await look.session.records(Invitation, s.WAITING, now=now)
    await look.records(FilledForm, s.ASSESSMENTS, keys=needs.assessments)
    await look.records(FilledForm, s.SHEETS_ABOUT, groups=needs.rated)
    await look.records(AssessmentFile, s.FILES_OF_SHEETS, sheets=needs.assessments)
    await look.records(AssessmentFile, s.FILES_BY_ID, keys=needs.sheet_files)
    await look.records(EnteredFigure, s.ENTRIES, keys=needs.entered)
    await look.records(Publication, s.PUBLICATIONS, keys=needs.publications)
    await look.records(Adjustment, s.ADJUSTMENTS, keys=needs.adjustments)
    await look.records(CommentReading, s.READINGS, keys=needs.readings)
    await look.records(StoredPhrase, s.PHRASES, keys=needs.phrases)
    await look.records(ReportRun, s.REPORT_RUNS, keys=needs.report_runs)
    await look.records(HookEndpoint, s.HOOK_ENDPOINTS, keys=needs.hook_endpoints)
    await look.records(ArchivedReport, s.ARCHIVED, keys=needs.archived)
    await look.records(ArchivedFile, s.ARCHIVED_FILES, reports=needs.archived)
    requests = await look.records(Request, s.REQUESTS, keys=needs.requests)
    await look.records(Exclusion, s.EXCLUSIONS, responses=needs.exclusions)
    tombstones = await look.records(Tombstone, s.TOMBSTONES, keys=needs.tombstones)
    tokens = await look.records(Token, s.TOKENS, keys=needs.tokens)
    await look.records(OutboxMessage, s.MESSAGES, keys=needs.call_days - needs.messages)
    messages = await look.records(OutboxMessage, s.MESSAGES, keys=needs.messages)
    messages += await look.records(OutboxMessage, s.RECEIPTS, keys=needs.receipts)
    messages += await _unseen(look, needs.quoted, {(one.channel, one.chat, one.receipt) for one in messages})
    abouts = {message.about for message in messages if message.about is not None}
    await _campaigns(look, needs, typing.union(_ids(abouts, RefKind.CAMPAIGN)))
    findings = needs.findings.union(_ids(abouts, RefKind.FINDING))
    await look.records(Finding, s.FINDING_ROWS, keys=findings)
    await look.records(Voice, s.VOICE_ROWS, findings=findings)
    return _Asked(
        needs.customers.union(
            (message.customer for message in messages if message.customer),
            (token.customer for token in tokens),
            (request.customer for request in requests),
            (tombstone.stands_for for tombstone in tombstones if tombstone.stands_for),
        ),
        needs.tickets.union((token.source, token.ticket) for token in tokens if token.ticket),
        needs.invitations,
        needs.interviews.union(_ids(abouts, RefKind.INTERVIEW)),
        await _with_merged(look, needs.issues.union(_ids(abouts, RefKind.ISSUE))),
        frozenset((address.channel, address.chat) for address in needs.addresses),
    )


async def _unseen(
    look: _Look, quoted: Collection[Quoted], known: Collection[tuple[str, str, str]]
) -> list[OutboxMessage]:
    """Load messages that somebody answered before we were told that they arrived, or of which we were never told.

    The first are on their way or in doubt. The others were sent twice, so that another copy has the receipt: they are
    found by the issue whose number stands in them.
    """
    missing = [one for one in quoted if one[:3] not in known]
    if not missing:
        return []
    found = await look.records(OutboxMessage, s.UNSEEN, keys={(channel, chat) for channel, chat, _, _ in missing})
    numbers = {number for *_, named in missing for number in named}
    issues = [issue for issue in await look.keys(s.STANDING) if short_number(issue) in numbers] if numbers else ()
    return found + await look.records(OutboxMessage, s.ABOUT, abouts=issues)


def _ids(refs: Iterable[Ref], kind: RefKind) -> Iterator[str]:
    return (ref.id for ref in refs if ref.kind is kind)


async def _campaigns(look: _Look, needs: Needs, spoken_of: set[str]) -> None:
    """Load campaigns with the occurrence under way and who follows them, and people of their audiences."""
    found = await look.records(Campaign, s.CAMPAIGNS, keys=needs.campaigns | spoken_of)
    await look.records(Note, s.NOTES, keys={campaign_chat_key(one.id) for one in found} - needs.notes)
    under_way = {(one.id, one.occurrence) for one in found if one.occurrence is not None}
    await look.records(Run, s.RUNS, keys=under_way)
    await look.records(Target, s.TARGETS, keys=needs.targets)


async def _with_merged(look: _Look, issues: frozenset[str]) -> frozenset[str]:
    """Add the issues that these go on in."""
    fresh = issues
    while fresh:
        fresh = await look.keys(s.MERGED, keys=fresh) - issues
        issues |= fresh
    return issues


async def _owners(look: _Look, asked: _Asked) -> _Asked:
    """Add the customers to whom all this leads, and the tickets on the way."""
    keys = {
        "addresses": asked.addresses,
        "interviews": asked.interviews,
        "invitations": asked.invitations,
        "tickets": asked.tickets,
        "issues": asked.issues,
    }
    rows = await look.session.fetch(s.OWNERS, **keys) if any(keys.values()) else []
    return _Asked(
        asked.customers.union(customer for customer, _, _ in rows),
        asked.tickets.union((source, ticket) for _, source, ticket in rows if source),
        asked.invitations,
        asked.interviews,
        asked.issues,
    )


async def _owned(look: _Look, asked: _Asked, calls: frozenset[str], now: datetime) -> None:
    """Load the customers and what hangs on them."""
    customers = asked.customers
    await look.records(Customer, s.LOCKED_CUSTOMERS, customers=customers)
    await look.records(Contact, s.CONTACTS, customers=customers)
    invitations = await look.records(
        Invitation,
        s.INVITATIONS,
        since=now - LATELY,
        customers=customers,
        tickets=asked.tickets,
        invitations=asked.invitations,
    )
    tickets = asked.tickets.union((each.source, each.ticket) for each in invitations if each.ticket)
    await look.records(Ticket, s.TICKETS, tickets=tickets)
    interviews = await look.records(Interview, s.INTERVIEWS, invitations={each.id for each in invitations})
    issues = await look.records(Issue, s.ISSUES, customers=customers, tickets=tickets, issues=asked.issues | calls)
    talked = [issue for issue in issues if issue.kind is not IssueKind.CALL or issue.id in asked.issues]
    await _beyond(look, talked, customers, tickets, {each.id for each in interviews})


async def _beyond(
    look: _Look, issues: list[Issue], customers: frozenset[str], tickets: frozenset[TicketKey], interviews: set[str]
) -> None:
    """Load what issues name that belongs to others: their rows alone, not what hangs on them in turn."""
    await look.records(Customer, s.CUSTOMERS, customers=_named(issues, "customers") - customers)
    others = _named(issues, "tickets") - tickets
    await look.records(Ticket, s.TICKETS, tickets=others)
    await look.records(Invitation, s.CLOSINGS, tickets=others)
    await look.records(Interview, s.RESPONSES, interviews=_named(issues, "responses") - interviews)


def _chats(found: Iterable[Any]) -> set[tuple[str, str]]:
    """Name the chats of customers whose ticket may close: how long they can be written to decides when to ask."""
    return {(row.channel, row.chat) for row in found if isinstance(row, Contact)}


def _named(issues: Iterable[Issue], field: str) -> set[Any]:
    return {key for issue in issues for key in getattr(issue, field)}
