"""Redaction: issues, timelines and interviews without the texts and the name of a person."""

import re
from collections.abc import Iterable, Iterator

from dialogs.campaign.model import Campaign
from dialogs.improvement.model import Finding, Measure
from dialogs.interview.model import Interview
from dialogs.issue.model import Issue
from dialogs.phone_number import spellings
from scoring.values import replace
from storage.model.records import IssueEvent, Ticket
from storage.model.service_details import without_personal
from storage.privacy.personal_data import PersonalData

__all__ = [
    "CUSTOMER_EVENTS",
    "HARMLESS",
    "REDACTION_MARK",
    "PersonRedactor",
    "replaced_ids",
    "without_texts",
    "without_ticket_texts",
]

REDACTION_MARK = "•••"
"""What replaces the name of an erased person in sentences of the team."""

CUSTOMER_EVENTS = ("customer_wrote", "answered", "confirmed", "not_solved")
"""The events of a timeline that a customer wrote or pressed."""

HARMLESS = "\N{ZERO WIDTH SPACE}"
"""What messages have within words that a platform would take for links."""

_ALERT_EVENTS = ("opened", "joined")
_SHORTEST = 3
"""Latin characters of a name below which it is not redacted: one or two letters occur in too many words."""
_SHORTEST_CHINESE = 2
_SHORTEST_PART, _SHORTEST_CHINESE_PART = 12, 4
"""Characters of a part of a longer text: shorter ones are words that everybody uses."""
_ENDS = re.compile(r"[，。！？；、,.!?;…\n]+")


def without_texts(interview: Interview) -> Interview:
    """Return an interview without its texts, and without the chat in which it took place; ratings stay."""
    answers = tuple(replace(answer, text=None, source="", begins=0) for answer in interview.answers)
    bare = replace(interview, answers=answers, comment=None, comment_source="", said=(), undo=())
    bare = replace(bare, comment_begins=0)
    return replace(bare, chat="", message="", shown="", above=None, doubted="", locale="")


def without_ticket_texts(ticket: Ticket) -> Ticket:
    """Return a ticket without its texts and what else tells of a person; what figures are counted by stays."""
    return replace(ticket, subject="", url="", details=without_personal(ticket.details))


def replaced_ids(customers: Iterable[str], ids: dict[str, str]) -> tuple[str, ...]:
    """Return customer ids, those in `ids` replaced by others."""
    return tuple(ids.get(customer, customer) for customer in customers)


class PersonRedactor:
    """Removes a person's name, ids and texts from what others wrote; `anonymous_id` replaces their customer id."""

    def __init__(self, person: PersonalData, anonymous_id: str) -> None:
        self._person, self._anonymous_id = person, anonymous_id
        customer = person.customer
        names = {customer.id, customer.name, customer.phone, customer.email, customer.postal_address}
        names |= {chat for _, chat in person.chats}
        written = {line.text or "" for line in person.answers}
        written |= {text for interview in person.interviews for text in interview.texts}
        written |= {line.text or "" for line in person.events if self._is_theirs(line)}
        written |= {voice.said for voice in person.voices}
        parts = {part for text in written for part in _parts_of(text)}
        texts = {text for ticket in person.tickets for text in _texts_of(ticket)}
        numbers = {text for ticket in person.tickets for text in _numbers_of(ticket)}
        self._pattern = _pattern_of(names | written | parts | texts, customer.phone)
        self._of_many = _pattern_of(names | parts | numbers, customer.phone)

    def issue(self, issue: Issue) -> Issue:
        """Return an issue without the person; quoted texts go whole, since nothing tells who wrote them."""
        ids = {self._person.customer.id: self._anonymous_id}
        return replace(
            issue,
            text="",
            quotes=(),
            title=self._redacted(issue.title),
            draft=self._optional(issue.draft),
            note=self._optional(issue.note),
            root_cause=self._optional(issue.root_cause),
            judgement=replace(issue.judgement, why=self._optional(issue.judgement.why) or ""),
            progress=self._optional(issue.progress),
            question=self._optional(issue.question),
            customers=replaced_ids(issue.customers, ids),
            told=replaced_ids(issue.told, ids),
            confirmed=replaced_ids(issue.confirmed, ids),
        )

    def event(self, line: IssueEvent) -> IssueEvent:
        """Return an event without what the person wrote; alert reasons stay, names in other texts are redacted."""
        customer = self._person.customer.id
        if self._is_theirs(line) or line.event in CUSTOMER_EVENTS:
            return replace(line, by=None, text=None)
        if line.text and line.text.startswith(f"{customer}: "):  # the reason why no closure message reached them
            return replace(line, text=self._anonymous_id + line.text[len(customer) :])
        if line.event in _ALERT_EVENTS and line.by is None:
            issue = next(issue for issue in self._person.issues if issue.id == line.issue)
            return replace(line, text="; ".join(r for r in map(str, issue.reasons) if r in (line.text or "")) or None)
        return replace(line, text=self._optional(line.text))

    def finding(self, finding: Finding) -> Finding:
        """Return a finding without the person; what a warning says of several people by itself stays.

        It is about many, and others are still told of it: what names nobody stays, such as a fault, or short words.
        """
        return replace(
            finding,
            text=finding.text if finding.origin else self._without_them(finding.text),
            note=self._without_them(finding.note),
            measure=None if finding.measure is None else self._measure(finding.measure),
            results=tuple(replace(result, measure=self._measure(result.measure)) for result in finding.results),
            told=tuple((language, self._without_them(words)) for language, words in finding.told),
        )

    def campaign(self, campaign: Campaign) -> Campaign:
        """Return the campaign of a finding without the person; it is called as the finding."""
        return replace(campaign, name=self._without_them(campaign.name), text=self._without_them(campaign.text))

    def is_in(self, text: str) -> bool:
        """Return whether a text names or quotes the person, as in `finding`."""
        return self._of_many is not None and self._of_many.search(text.replace(HARMLESS, "")) is not None

    def _measure(self, measure: Measure) -> Measure:
        return replace(measure, text=self._without_them(measure.text))

    def _without_them(self, text: str) -> str:
        return self._of_many.sub(REDACTION_MARK, text) if self._of_many is not None else text

    def _is_theirs(self, line: IssueEvent) -> bool:
        return line.by in (self._person.customer.id, self._person.customer.name)

    def _redacted(self, text: str) -> str:
        return self._pattern.sub(REDACTION_MARK, text) if self._pattern is not None else text

    def _optional(self, text: str | None) -> str | None:
        return None if text is None else self._redacted(text)


def _texts_of(ticket: Ticket) -> tuple[str, ...]:
    """Return the texts of a ticket that go with the person."""
    details = ticket.details
    own = (value for value in details.fields.values() if isinstance(value, str))
    named = (details.device, details.fault, details.order_no, details.repair_form_no)
    return (ticket.subject, ticket.url, *(text or "" for text in named), *own)


def _pattern_of(words: Iterable[str], phone: str) -> re.Pattern[str] | None:
    # Longest first: the pattern takes the first alternative that matches.
    known = sorted((each for each in words if _is_long_enough(each)), key=len, reverse=True)
    patterns = [*map(_whole_word, known), *spellings(phone)]
    return re.compile("|".join(patterns)) if patterns else None


def _numbers_of(ticket: Ticket) -> Iterator[str]:
    """Yield what of a ticket leads to a person also where it stands alone: its numbers, and texts that have one."""
    for text in _texts_of(ticket):
        if len(text) >= _SHORTEST_CHINESE_PART and any(map(str.isdigit, text)):
            yield text


def _parts_of(text: str) -> Iterator[str]:
    """Yield the parts of a text between its stops, by which somebody may quote it."""
    for part in map(str.strip, _ENDS.split(text)):
        if len(part) >= (_SHORTEST_PART if part.isascii() else _SHORTEST_CHINESE_PART):
            yield part


def _is_long_enough(text: str) -> bool:
    return len(text) >= (_SHORTEST if text.isascii() else _SHORTEST_CHINESE)


def _whole_word(text: str) -> str:
    """Return a pattern that matches a text unless it is part of a longer word; Chinese has no word boundaries."""
    before = r"(?<![0-9A-Za-z_])" if text[0].isascii() and text[0].isalnum() else ""
    behind = r"(?![0-9A-Za-z_])" if text[-1].isascii() and text[-1].isalnum() else ""
    return before + re.escape(text) + behind
