"""The words of an issue's card: what is wrong, whose it is, what the customer wrote, who has it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.issue.customer_card import (
    CardCustomer,
    contact_lines,
    customer_label,
    customers_in_full,
    customers_masked,
    ticket_lines,
)
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueState
from dialogs.issue.reasons import reason_in_words
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged, one_line
from scoring.values import Value, field

__all__ = ["CardFacts", "CardText", "WrittenWords", "numbers_in", "short_number"]

_NUMBER = re.compile(r"#[0-9A-Z]{5}(?![0-9A-Za-z])")
_LONGEST_NAME = 40
_LONGEST_SUBJECT = 80
_LONGEST_QUOTE = 300
_LISTED = 8  # reasons, tickets, people or remarks on one card; the console shows the rest


class WrittenWords(Value):
    """What a customer wrote in a survey, and when; `question` is the name of the one that it is a remark to."""

    at: datetime
    text: str
    question: str = ""


class CardFacts(Value):
    """What a card tells besides the issue itself; several agents are joined by `、`. `links` lead to the tickets.

    `tickets` are (source, id, subject), `ratings` (question's name, value, highest, remark), `names` the
    questions' names by id.
    """

    tickets: tuple[tuple[str, str, str], ...] = ()
    customers: tuple[CardCustomer, ...] = ()
    agent: str = ""
    team: str = ""
    ratings: tuple[tuple[str, int, int, str | None], ...] = ()
    said: tuple[WrittenWords, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    """Lines about times that have to be kept."""


def short_number(issue_id: str) -> str:
    """Return the number that people say to each other, such as #K3F2A."""
    return f"#{issue_id[-5:].upper()}"


def numbers_in(words: str) -> list[str]:
    """Return what looks like the number of an issue, as `short_number` writes it."""
    return _NUMBER.findall(words)


class CardText(Value):
    """The paragraphs of an issue's card; `in_full` for its holder alone."""

    issue: Issue
    facts: CardFacts
    phrases: Phrases
    locale: str
    in_full: bool = False

    def whole(self, zone: ZoneInfo) -> str:
        """Return the card; what is too long is cut above its last lines, which say who has it."""
        parts = (
            *self.headers(),
            self._title(),
            *self.wrong(),
            *self.tickets(),
            *self.facts.clocks,
            *self._people(),
            *self.details(),
        )
        parts = (*parts, *self._words())
        parts = (*parts, self.judged(), *self.talk())
        told, standing = "\n".join(part for part in parts if part), self.standing(zone)
        return f"{clipped(told, LONGEST_MESSAGE - len(standing) - 1)}\n{standing}"

    def one_row(self) -> str:
        """Return the line on the card that collects several."""
        parts = (short_number(self.issue.id), self.customer(), *self.tickets())
        shown = (" ".join(part for part in parts if part), self.ringing(), self._holder())
        return " · ".join(part for part in shown if part)

    def ringing(self) -> str:
        """Return that there is a number to ring, which whoever claims the call is told; empty where there is none."""
        is_there = self.issue.state in WITH_THE_TEAM and any(customer.phone for customer in self.facts.customers)
        return self._say("contact.on_claim") if is_there else ""

    def tickets(self) -> Iterator[str]:
        """Return the tickets with their subjects."""
        for source, ticket, subject in self.facts.tickets[-_LISTED:]:
            name, about = one_line(f"{source}/{ticket}", _LONGEST_SUBJECT), defanged(subject, _LONGEST_SUBJECT)
            key = "card.ticket_subject" if about else "card.ticket"
            yield self._say(key, **{"ticket": name, **({"subject": about} if about else {})})

    def _say(self, key: str, **values: object) -> str:
        return self.phrases.say(self.locale, key, **values)

    def headers(self) -> Iterator[str]:
        """Return what comes first: that nobody has it, that it takes too long, that it was not solved."""
        if self.issue.state is IssueState.OPEN and self.issue.escalated:
            yield self._say("card.overdue")
        if self.issue.is_reminded:
            yield self._say("card.unresolved")
        if self.issue.state in WITH_THE_TEAM and self.issue.resolution:
            yield self._say("card.reopened", round=self.issue.resolution + 1)
        if (
            self.issue.state in WITH_THE_TEAM
            and self.facts.customers
            and all(c.is_erased for c in self.facts.customers)
        ):
            yield self._say("card.erased")

    def _title(self) -> str:
        severity, kind = self._say(f"severity.{self.issue.severity}"), self._say(f"kind.{self.issue.kind}")
        headline = f"{severity} {short_number(self.issue.id)} {kind}"
        title = defanged(self.issue.title, _LONGEST_SUBJECT)
        return f"{headline}\n{title}" if title else headline

    def wrong(self) -> Iterator[str]:
        """Return why the issue is there."""
        latest = self.issue.reasons[-_LISTED:]
        yield from (reason_in_words(reason, self.facts.names, self.phrases, self.locale) for reason in latest)

    def _people(self) -> Iterator[str]:
        agent, team = (defanged(text, _LONGEST_NAME) for text in (self.facts.agent, self.facts.team))
        named = (
            self.customer(),
            agent and self._say("card.agent", name=agent),
            team and self._say("card.team", name=team),
        )
        yield " · ".join(part for part in named if part)
        yield " · ".join(f"{name} {value}/{highest}" for name, value, highest, _ in self.facts.ratings)

    def customer(self) -> str:
        """Return the customers' names, masked for a group."""
        customers, phrases, locale = self.facts.customers, self.phrases, self.locale
        named = customers_in_full if self.in_full and len(customers) == 1 else customers_masked
        return customer_label(customers, named(customers, phrases, locale), phrases, locale)

    def details(self) -> Iterator[str]:
        """Return how to reach the customers and where the tickets stand, for the holder."""
        if self.in_full:
            yield from contact_lines(self.facts.customers, self.phrases, self.locale)
            yield from ticket_lines(self.facts.tickets, self.facts.links, self.phrases, self.locale)

    def said(self) -> list[WrittenWords]:
        """Return what the customers wrote in the order in which they did, each text once."""
        quotes = (WrittenWords(quote.at, quote.text) for quote in self.issue.quotes)
        first: dict[str, WrittenWords] = {}
        for said in sorted((*self.facts.said, *quotes), key=lambda said: said.at):
            first.setdefault(said.text, said)
        return list(first.values())

    def note(self) -> str:
        """Return what was written by whoever opened the issue by hand, which is no word of the customer's."""
        text = defanged(self.issue.text, _LONGEST_QUOTE)
        return self._say("card.note", text=text) if text else ""

    def _words(self) -> Iterator[str]:
        yield self.note()
        for said in self.said()[-_LISTED:]:
            text = defanged(said.text, _LONGEST_QUOTE)
            named = {"question": said.question} if said.question else {}
            yield self._say("card.remark" if named else "card.comment", text=text, **named)

    def judged(self) -> str:
        """Return what the team found out; empty while nobody has looked into it."""
        found = self.issue.judgement
        words = (
            found.verdict and self._say(f"judged.{found.verdict}"),
            found.category and self._say(f"judged.category.{found.category}"),
            found.remedy and self._say(f"judged.remedy.{found.remedy}"),
            *(defanged(text, _LONGEST_QUOTE) for text in (found.why, found.cause, found.verification)),
        )
        told = " · ".join(filter(None, words))
        return self._say("judged.line", found=told) if told else ""

    def talk(self) -> Iterator[str]:
        """Return what the customer was told last, and what they were asked and have not answered."""
        if self.issue.progress:
            yield self._say("talk.card_progress", text=defanged(self.issue.progress, _LONGEST_QUOTE))
        if self.issue.question:
            yield self._say("talk.card_question", text=defanged(self.issue.question, _LONGEST_QUOTE))

    def standing(self, zone: ZoneInfo) -> str:
        """Return who has it and until when, or what became of it; in two lines at most."""
        due = self.issue.due_at
        if self.issue.state is IssueState.OPEN and due is not None:
            return self._say("state.open_until", due=self.phrases.moment(self.locale, due, zone))
        if self.issue.state is IssueState.CLAIMED and due is not None:
            name = defanged(self.issue.claimed_by or "", _LONGEST_NAME)
            return self._say("state.claimed_until", name=name, due=self.phrases.moment(self.locale, due, zone))
        if self.issue.state in WITH_THE_TEAM or self.issue.merged_into:
            return self._holder()
        return f"{self._holder()}\n{self._ending()}"

    def _holder(self) -> str:
        issue, by = self.issue, defanged(self.issue.claimed_by or "", _LONGEST_NAME)
        if issue.merged_into:
            return self._say("state.merged", number=short_number(issue.merged_into))
        if issue.state in WITH_THE_TEAM:
            return self._say("state.claimed", name=by) if issue.claimed_by else self._say("state.open")
        note = defanged(issue.note or "", _LONGEST_QUOTE)
        return self._say("state.resolved", name=by, note=note) if note else self._say("state.done", name=by)

    def _ending(self) -> str:
        if not self.issue.told:
            return self._say("state.untold")
        if self.issue.state is IssueState.RESOLVED:
            return self._say("state.waiting")
        return self._say("state.confirmed" if self.issue.confirmed else "state.rested")
