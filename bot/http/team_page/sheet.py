"""The page of an issue: its facts and timeline, and what a person can do on it now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.handlers.issues.team_page import IssueSheet, Reach
from dialogs.issue.card_text import CardText, short_number
from dialogs.issue.customer_card import customers_in_full, customers_masked
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueKind, IssueState
from dialogs.names import is_same_person
from dialogs.phone_number import dialled, is_email
from dialogs.phrases import Phrases
from dialogs.sanitize import masked, one_line
from scoring.values import Value
from storage.model.records import IssueEvent

__all__ = ["EventLine", "Part", "SheetReader", "sheet_values"]

_LONGEST = 500
_LINES = 8
_BY_CUSTOMERS = frozenset({"confirmed", "not_solved", "customer_wrote", "answered"})
_SAID_TO_CUSTOMERS = frozenset({"drafted", "resolved", "resolved_silently", "progress", "asked"})
_QUOTED = _SAID_TO_CUSTOMERS | {"customer_wrote", "answered", "reopened"}
"""Events whose text a person wrote; the text of the others is for machines."""


class Part(StrEnum):
    """What a person can do on the page as it stands."""

    OPEN = "open"
    WRITE = "write"
    SEND = "send"
    THEIRS = "theirs"
    ENDED = "ended"


class SheetReader(Value):
    """Who looks: their language, time zone and name (empty while unknown), and whether they want to write."""

    locale: str
    zone: ZoneInfo
    name: str = ""
    wants_to_write: bool = False
    is_editing: bool = False


class EventLine(Value):
    """One line of the timeline."""

    at: str
    event: str
    by: str
    text: str


class Row(Value):
    """A fact with its name; `url` opens, writes to or rings it."""

    name: str
    value: str
    url: str = ""


class Rating(Value):
    """One rating, and the remark to it."""

    name: str
    value: int
    highest: int
    remark: str


def sheet_values(
    sheet: IssueSheet, timeline: Sequence[IssueEvent], reader: SheetReader, phrases: Phrases
) -> Mapping[str, object]:
    """Return what the template shows."""
    issue, facts = sheet.issue, sheet.facts
    text = CardText(issue, facts, phrases, reader.locale)
    return {
        "number": short_number(issue.id),
        "head": f"{phrases.say(reader.locale, f'severity.{issue.severity}')} "
        f"{phrases.say(reader.locale, f'kind.{issue.kind}')}",
        "severity": issue.severity.value,
        "about": one_line(_subject(sheet), _LONGEST),
        "notes": [*text.headers(), *text.wrong(), *filter(None, (text.note(),)), *text.talk()],
        "standing": text.standing(reader.zone).splitlines(),
        "rows": [row for row in _rows(sheet, phrases, reader.locale) if row.value],
        "ratings": [
            Rating(name, value, most, one_line(said or "", _LONGEST)) for name, value, most, said in facts.ratings
        ],
        "words": [one_line(said.text, _LONGEST) for said in text.said() if not said.question],
        "timeline": [_line(event, reader, phrases) for event in timeline[-_LINES:]],
        "part": _part(issue, reader).value,
        "is_call": issue.kind is IssueKind.CALL,
        "round": issue.resolution,
        "draft": issue.drafts,
        "note": (issue.draft or "") if issue.draft_for is None else "",
        "holder": issue.claimed_by or "",
        "people": sheet.people,
        "others": None if sheet.people is None else [name for name in sheet.people if name != issue.claimed_by],
        "can_take": issue.state is IssueState.CLAIMED and not _is_mine(issue, reader),
        "preview": sheet.preview.text if sheet.preview else "",
        "answers": [choice.label for row in sheet.preview.rows for choice in row] if sheet.preview else [],
        "reach": "" if sheet.reach is Reach.OK else sheet.reach.value,
        "can_talk": issue.kind is not IssueKind.CALL and _is_mine(issue, reader) and sheet.reach is Reach.OK,
        "is_asked": issue.question is not None,
        "ready": sheet.ready,
        "can_send": sheet.reach in (Reach.OK, Reach.NOBODY),
        "goes_on_at": sheet.goes_on_at,
        "goes_on": short_number(issue.merged_into) if issue.merged_into else "",
    }


def _part(issue: Issue, reader: SheetReader) -> Part:
    if issue.state is IssueState.OPEN:
        return Part.WRITE if reader.wants_to_write and issue.kind is not IssueKind.CALL else Part.OPEN
    if issue.state is not IssueState.CLAIMED:
        return Part.ENDED
    if not is_same_person(issue.claimed_by or "", reader.name):
        return Part.THEIRS
    has_draft = issue.draft is not None and issue.draft_for is None
    return Part.SEND if has_draft and not reader.is_editing else Part.WRITE


def _is_mine(issue: Issue, reader: SheetReader) -> bool:
    return issue.state is IssueState.CLAIMED and is_same_person(issue.claimed_by or "", reader.name)


def _subject(sheet: IssueSheet) -> str:
    """Return what the issue is about: its title, else the subject of the latest ticket."""
    return sheet.issue.title or next((subject for _, _, subject in reversed(sheet.facts.tickets) if subject), "")


def _rows(sheet: IssueSheet, phrases: Phrases, locale: str) -> Iterator[Row]:
    """Yield the facts; who the customer is, and how to reach them, for the holder alone."""
    facts, say = sheet.facts, partial(phrases.say, locale)
    named = customers_in_full if sheet.in_full else customers_masked
    yield Row(say("team_page.customer"), named(facts.customers, phrases, locale))
    yield from _ways(sheet, say)
    links = facts.links if sheet.in_full else ("",) * len(facts.tickets)
    for (source, ticket, _), url in zip(facts.tickets, links, strict=False):
        yield Row(say("team_page.ticket"), one_line(f"{source}/{ticket}", _LONGEST), url)
    yield Row(say("robot.agent"), one_line(facts.agent, _LONGEST))
    yield Row(say("robot.team"), one_line(facts.team, _LONGEST))


def _ways(sheet: IssueSheet, say: Callable[[str], str]) -> Iterator[Row]:
    customers = sheet.facts.customers
    if not sheet.in_full:
        if any(customer.phone for customer in customers) and sheet.issue.state in WITH_THE_TEAM:
            yield Row(say("team_page.phone"), say("contact.on_claim"))
        return
    for customer in customers:
        yield Row(say("team_page.phone"), one_line(customer.phone, _LONGEST), _ringing(customer.phone))
        yield Row(say("team_page.email"), one_line(customer.email, _LONGEST), _mailing(customer.email))
        yield Row(say("team_page.postal_address"), one_line(customer.postal_address, _LONGEST))


def _ringing(phone: str) -> str:
    """Return the address that rings a number, without its extension (RFC 3966); empty where none can be read."""
    number = dialled(phone)
    return f"tel:{number}" if number else ""


def _mailing(email: str) -> str:
    """Return the address that begins a message (RFC 6068); empty where it is none."""
    return f"mailto:{quote(email, safe='@')}" if is_email(email) else ""


def _line(event: IssueEvent, reader: SheetReader, phrases: Phrases) -> EventLine:
    who = masked(event.by or "") if event.event in _BY_CUSTOMERS else one_line(event.by or "", _LONGEST)
    said = one_line(event.text or "", _LONGEST) if event.event in _QUOTED else ""
    key = f"team_page.event.{event.event}"
    happened = phrases.say(reader.locale, key) if key in phrases.texts[reader.locale] else event.event
    return EventLine(phrases.moment(reader.locale, event.at, reader.zone), happened, who, said)
