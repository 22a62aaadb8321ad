"""Erasure of a person: texts, chats and names are emptied; what is counted stays under an anonymous customer id."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Text, cast

from dialogs.campaign.model import Campaign
from dialogs.ids import Ref, RefKind, derive
from dialogs.improvement.model import Finding
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue, IssueKind
from dialogs.messages import Prompt
from dialogs.outbox.machine import MessageCancelled, MessageDoubted, MessageFailed
from dialogs.outbox.model import SendingState
from scoring.values import Value, replace
from storage.connection.codec import row_of
from storage.connection.session import Session
from storage.connection.store import Store
from storage.dialects import mentions
from storage.model.filled_forms import FilledForm, without_words
from storage.model.message_transitions import after_event
from storage.model.outgoing.hook_records import customer_subject
from storage.model.records import Customer, InboxRow, OutboxMessage, Purpose, Ticket
from storage.model.registers import Request, Tombstone, tombstone_of
from storage.outgoing.old_events import forget_subjects
from storage.privacy import erasure_writes as e
from storage.privacy.named_deliveries import DeliveriesFound, deliveries_since, find_deliveries
from storage.privacy.personal_data import PersonalData, load_personal_data, team_cards
from storage.privacy.redaction import PersonRedactor, replaced_ids, without_texts, without_ticket_texts
from storage.privacy.shown_evidence import erase_sheet_files
from storage.privacy.team_replies import find_team_replies
from storage.privacy.typed_notes import empty_notes_about, find_typed_notes
from storage.rollups.figure_store import change_all
from storage.schema import tables as t
from storage.schema.literals import CUSTOMER_PAGES, ERASED_ANSWER
from storage.text.readings import DROP_READINGS
from storage.unit_of_work import writes as w
from storage.unit_of_work.outbox_writes import DROP_PROMPTS, write_messages
from storage.unit_of_work.selects import CAMPAIGNS, MESSAGES, all_of
from storage.unit_of_work.writer import Writer

__all__ = ["ErasureTask", "erase"]

_PORTION = 500
"""Deliveries that are emptied in one transaction."""
_CLOCKS_DIFFER = timedelta(minutes=5)
"""How far what came in while one looked may lie before that by its time: processes share a database, not a clock."""

_NAMING_CAMPAIGNS = all_of(Campaign, mentions("quoted", cast(t.campaigns.c.audience, Text)))


class ErasureTask(Value):
    """Whom to erase, and the random and secret values that it needs.

    `anonymous_id` replaces the customer id; `key` is the secret of the tombstones, by which a repeated delivery is
    recognised. Of the person's requests for erasure `request` stays open until the team's cards have been redrawn.
    `blank` replaces what the team was shown, on the channels of `edits`.
    """

    customer: str
    anonymous_id: str
    key: bytes
    request: str = ""
    blank: Prompt = Prompt("")
    edits: frozenset[str] = frozenset()


class _Noticed(Value):
    """What was found outside the writer, from the moment `begun` on.

    `looked_for` are the names for which what was received was looked through; `replies` messages to the team, `notes`
    all in which somebody may be typing of the person.
    """

    looked_for: set[str]
    replies: list[str]
    notes: list[str]
    begun: datetime


async def erase(store: Store, writer: Writer, task: ErasureTask) -> bool:
    """Erase a person; return False if there is no such customer (any more).

    What was received is looked through outside the writer and emptied in portions; then one transaction does the rest,
    with what came in meanwhile. Cut off before that it can be done again. What is counted stays, under the anonymous
    id: tickets, ratings, issues, invitations. Raises what `Writer.perform` raises.
    """
    looked_for: set[str] = set()
    begun = await writer.perform(_moment)
    while True:
        async with store.reading() as session:
            person = await load_personal_data(session, task.customer)
        if person is None:
            return False
        looked_for |= set(person.names.others)
        async for found in find_deliveries(store, person.names):
            await _empty_in_portions(writer, found)
        replies = await find_team_replies(store, person)
        noticed = _Noticed(looked_for, replies, await find_typed_notes(store), begun)
        done = await writer.perform(partial(_erase, task, noticed))
        if done is not None:
            return done


async def _moment(_session: Session, now: datetime) -> datetime:
    return now


async def _empty_in_portions(writer: Writer, found: DeliveriesFound) -> None:
    for start in range(0, max(len(found.rows), len(found.passive_replies)), _PORTION):
        part = slice(start, start + _PORTION)
        portion = DeliveriesFound(found.rows[part], found.passive_replies[part])
        await writer.perform(partial(_empty_portion, portion))


async def _empty_portion(portion: DeliveriesFound, session: Session, now: datetime) -> None:
    del now
    await _empty_deliveries(session, portion)


async def _erase(task: ErasureTask, noticed: _Noticed, session: Session, now: datetime) -> bool | None:
    """Erase in this transaction; None where a chat has been added for which nothing was looked through yet."""
    person = await load_personal_data(session, task.customer)
    if person is None:
        return False
    if not {chat for _, chat in person.chats} <= noticed.looked_for:
        return None
    anonymous = Customer(task.anonymous_id, opted_out_at=person.customer.opted_out_at or now)
    await session.write(w.INSERT[Customer], [row_of(Customer)(anonymous)])
    await _empty_interviews(session, person)
    await _update(session, FilledForm, list(map(without_words, person.assessments)))
    await erase_sheet_files(session, person.sheet_files)
    await forget_subjects(session, _told_of(person), now)
    redactor = PersonRedactor(person, task.anonymous_id)
    await _redact_issues(session, person, redactor)
    await _redact_findings(session, person, redactor)
    lists = await session.records(OutboxMessage, MESSAGES, keys=noticed.replies) if noticed.replies else []
    lists += await _drop_typed(session, person, noticed, redactor)
    await _empty_messages(session, person, lists)
    await write_messages(session, list(_blanks(person, lists, task, now)))
    await _empty_deliveries(
        session, await deliveries_since(session, person.names, min(noticed.begun, now) - _CLOCKS_DIFFER)
    )
    await _delete_chats(session, person)
    await _rename_in_campaigns(session, task)
    await session.write(e.EMPTY_TIERS, [(task.customer,)])
    await change_all(session)
    for rename in e.RENAME_CUSTOMER:
        await session.write(rename, [(task.customer, task.anonymous_id)])
    await session.write(e.DELETE_CUSTOMER, [(task.customer,)])
    await _update(session, Request, [_closed(request, task, now) for request in person.requests])
    await _insert_tombstones(session, person, task, now)
    return True


def _told_of(person: PersonalData) -> Iterator[str]:
    """Yield what endpoints of webhooks were told of where it was about the person: a copy of their words is there."""
    yield customer_subject(person.customer.id)
    yield from (invitation.id for invitation in person.invitations)
    yield from (issue.id for issue in person.issues)


async def _empty_interviews(session: Session, person: PersonalData) -> None:
    """Empty the texts of tickets and interviews; ratings and their times stay."""
    await _update(session, Ticket, list(map(without_ticket_texts, person.tickets)))
    await _update(session, Interview, [without_texts(interview) for interview in person.interviews])
    await session.write(DROP_READINGS, [(interview.id,) for interview in person.interviews])
    await session.write(e.EMPTY_EXCLUSIONS, [(one.id,) for one in person.exclusions])
    await session.write(e.EMPTY_VOICES, [(one.finding, one.customer) for one in person.voices])
    await session.write(e.EMPTY_ANSWER_TEXTS, [(line.response, line.number) for line in person.answers if line.text])


async def _redact_issues(session: Session, person: PersonalData, redactor: PersonRedactor) -> None:
    await _update(session, Issue, [redactor.issue(issue) for issue in person.issues])
    lines = [redactor.event(line) for line in person.events]
    await session.write(e.REDACT_EVENTS, [(line.issue, line.number, line.by, line.text) for line in lines])


async def _redact_findings(session: Session, person: PersonalData, redactor: PersonRedactor) -> None:
    """Redact what the team wrote of the findings that the person raised, and the notices that tell of these."""
    await _update(session, Finding, [redactor.finding(one) for one in person.findings])
    told = [one.campaign for one in person.findings if one.campaign]
    found = await session.records(Campaign, CAMPAIGNS, keys=told) if told else []
    await _update(session, Campaign, [redactor.campaign(one) for one in found])


async def _drop_typed(
    session: Session, person: PersonalData, noticed: _Noticed, redactor: PersonRedactor
) -> list[OutboxMessage]:
    """Drop what the team is typing of the person; return messages that show it and are not known yet."""
    findings = await empty_notes_about(session, noticed.notes, redactor)
    known = {message.id for message in (*person.messages, *person.cards)} | set(noticed.replies)
    cards = await team_cards(session, findings, known) if findings else []
    shown = {card.edits or card.id for card in cards if redactor.is_in(card.prompt.text)}
    return [card for card in cards if (card.edits or card.id) in shown]


async def _empty_messages(session: Session, person: PersonalData, lists: Sequence[OutboxMessage]) -> None:
    """Empty the messages to the person, and those to the team about them; those not sent yet are not sent."""
    theirs = [(m.id, "", "", _ended(m, MessageCancelled()).status) for m in person.messages]
    # DEAD instead of CANCELLED: then a redrawn card may still replace one that was never shown.
    cards = [*(m for m in person.cards if m.purpose is Purpose.ALERT), *lists]
    shown = [(m.id, m.chat, m.receipt, _ended(m, MessageFailed()).status) for m in cards]
    await session.write(e.EMPTY_MESSAGES, [*theirs, *shown])
    await session.write(DROP_PROMPTS, [(row[0],) for row in (*theirs, *shown)])


def _blanks(
    person: PersonalData, lists: Sequence[OutboxMessage], task: ErasureTask, now: datetime
) -> Iterator[OutboxMessage]:
    """Yield edits that blank the team's cards; one that collects several customers is redrawn without them instead."""
    own = {issue.ref for issue in person.issues} | {Ref(RefKind.FINDING, voice.finding) for voice in person.voices}
    for card in (*(card for card in person.cards if card.about in own), *lists):
        is_root = card.receipt and card.edits is None and card.channel in task.edits
        if is_root and not _is_collected(card, person):
            yield OutboxMessage(
                id=derive("out", "forgotten", card.id),
                channel=card.channel,
                chat=card.chat,
                purpose=Purpose.ALERT,
                prompt=task.blank,
                created_at=now,
                not_before=now,
                about=card.about,
                round=card.round,
                edits=card.id,
            )


def _is_collected(card: OutboxMessage, person: PersonalData) -> bool:
    """Return whether a card collects a day's calls: its id has the day, on the team's calendar, of one of the calls."""
    calls = (issue.opened_at.date() for issue in person.issues if issue.kind is IssueKind.CALL)
    days = ((call + timedelta(days=off)).isoformat() for call in calls for off in (-1, 0, 1))  # whatever their zone
    return any(card.id == derive("out", "calls", day, card.channel, card.chat) for day in days)


def _ended(message: OutboxMessage, event: object) -> OutboxMessage:
    """Return a message as it is left: what waits ends by the event, what is being sent just now is in doubt."""
    return after_event(message, MessageDoubted() if message.status is SendingState.LEASED else event)


async def _empty_deliveries(session: Session, found: DeliveriesFound) -> None:
    """Empty what was received and what was answered; the keys stay, so that a repetition is recognised.

    All passive replies are emptied, whoever they went to: they name nobody, and are needed only for a platform's
    retries within the next seconds.
    """
    links = [row for row in found.rows if _is_link(row)]
    others = [row for row in found.rows if row not in links]
    await session.write(e.DELETE_DELIVERIES, [(row.key,) for row in links])
    emptied = [(row.key, row.door.partition(":")[0], b"", ERASED_ANSWER if row.answer else "") for row in others]
    await session.write(e.EMPTY_DELIVERIES, emptied)
    await session.write(e.EMPTY_PASSIVE_REPLIES, [(key,) for key in found.passive_replies])


def _is_link(row: InboxRow) -> bool:
    return row.door.startswith(CUSTOMER_PAGES)


async def _delete_chats(session: Session, person: PersonalData) -> None:
    await session.write(e.DELETE_CONTACTS, [(person.customer.id,)])
    await session.write(e.DELETE_TOKENS, [(person.customer.id,)])
    await session.write(e.DELETE_WINDOWS, person.chats)
    await session.write(e.DELETE_GRANTS, person.chats)


async def _rename_in_campaigns(session: Session, task: ErasureTask) -> None:
    """Replace the person in audiences that list customers: a list that loses its last id would match anybody."""
    quoted = msgspec.json.encode(task.customer).decode()
    found = await session.records(Campaign, _NAMING_CAMPAIGNS, quoted=[quoted])
    await _update(session, Campaign, [_renamed(campaign, task) for campaign in found])


def _renamed(campaign: Campaign, task: ErasureTask) -> Campaign:
    customers = replaced_ids(campaign.audience.customers, {task.customer: task.anonymous_id})
    return replace(campaign, audience=replace(campaign.audience, customers=customers))


def _closed(request: Request, task: ErasureTask, now: datetime) -> Request:
    """Return a request as fulfilled, without the person; the one that this erasure fulfils is due once more."""
    emptied = replace(request, customer=task.anonymous_id, channel="", chat="", wake_at=None)
    if request.id == task.request:
        return replace(emptied, wake_at=now)
    return replace(emptied, done_at=request.done_at or now)


async def _insert_tombstones(session: Session, person: PersonalData, task: ErasureTask, now: datetime) -> None:
    """Insert the hashes by which a repeated delivery is recognised as that of an erased person."""
    customer = Tombstone(tombstone_of(task.key, task.customer), task.anonymous_id, now)
    chats = (Tombstone(tombstone_of(task.key, *chat), "", now) for chat in person.chats)
    await session.write(e.INSERT_TOMBSTONES, [row_of(Tombstone)(each) for each in (customer, *chats)])


async def _update(session: Session, kind: type, records: Sequence[Any]) -> None:
    await session.write(w.UPDATE[kind], [row_of(kind)(record) for record in records])
