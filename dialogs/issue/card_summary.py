"""Summaries of messages about issues, for chats that draw cards and link to a page instead of buttons."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from dialogs.issue.card_text import CardFacts, CardText, short_number
from dialogs.issue.model import WITH_THE_TEAM, Issue
from dialogs.messages import CardSummary, Detail
from dialogs.phrases import Phrases
from dialogs.sanitize import clipped, defanged, one_line
from scoring.rules import Severity

__all__ = ["calls_summary", "issue_summary", "line_summary"]

_LONGEST_SUBJECT = 60
_LONGEST_QUOTE = 120
_LONGEST_NAME = 40
_CALLS = 6
"""Customers to ring that a card names; a WeCom card has no more rows (group robots, horizontal_content_list)."""


def issue_summary(issue: Issue, facts: CardFacts, phrases: Phrases, locale: str, zone: ZoneInfo) -> CardSummary:
    """Return the summary of an issue; times on the reader's clock `zone`."""
    text = CardText(issue, facts, phrases, locale)
    subject = next((subject for _, _, subject in reversed(facts.tickets) if subject), "")
    worst = min(facts.ratings, key=lambda rating: rating[1] / rating[2], default=None)
    return CardSummary(
        number=short_number(issue.id),
        head=f"{phrases.say(locale, f'severity.{issue.severity}')} {phrases.say(locale, f'kind.{issue.kind}')}",
        about=defanged(subject or issue.title, _LONGEST_SUBJECT),
        whom=text.customer(),
        notes=(*text.headers(), *text.wrong(), *filter(None, (text.note(),))),
        score=f"{worst[1]}/{worst[2]}" if worst else "",
        scored=worst[0] if worst else "",
        quote=_quote(text),
        details=tuple(_details(issue, facts, phrases, locale, zone)),
        is_urgent=issue.severity is Severity.HIGH,
    )


def line_summary(issue: Issue, text: str) -> CardSummary:
    """Return the summary of a one-line message about an issue."""
    number = short_number(issue.id)
    return CardSummary(number, text.removeprefix(number).strip(), is_urgent=issue.severity is Severity.HIGH)


def calls_summary(
    listed: Sequence[Issue],
    facts: Mapping[str, CardFacts],
    page_of: Callable[[Issue], str],
    phrases: Phrases,
    locale: str,
) -> CardSummary:
    """Return the summary of a day's customers to call, the latest first, each with the address of their page."""
    waiting = [issue for issue in reversed(listed) if issue.state in WITH_THE_TEAM]
    shown = [_to_ring(issue, facts[issue.id], page_of(issue), phrases, locale) for issue in waiting[:_CALLS]]
    notes = [phrases.say(locale, "calls.head", count=len(waiting))]
    if len(waiting) > _CALLS:
        notes.append(phrases.say(locale, "calls.more", count=len(waiting) - _CALLS))
    return CardSummary("", phrases.say(locale, "kind.call"), notes=tuple(notes), details=tuple(shown))


def _to_ring(issue: Issue, facts: CardFacts, page: str, phrases: Phrases, locale: str) -> Detail:
    text = CardText(issue, facts, phrases, locale)
    told = " ".join(filter(None, (text.customer(), *text.tickets(), text.ringing())))
    return Detail(short_number(issue.id)[1:], told, page)


def _quote(text: CardText) -> str:
    """Return the customer's words in the order in which they were written."""
    words = (defanged(said.text, _LONGEST_QUOTE) for said in text.said())
    return clipped(" / ".join(words), _LONGEST_QUOTE)


def _details(issue: Issue, facts: CardFacts, phrases: Phrases, locale: str, zone: ZoneInfo) -> Iterator[Detail]:
    tickets = ", ".join(f"{source}/{ticket}" for source, ticket, _ in facts.tickets)
    due = phrases.moment(locale, issue.due_at, zone) if issue.due_at else ""
    known = {"ticket": one_line(tickets, _LONGEST_SUBJECT), "due": due}
    known |= {"agent": defanged(facts.agent, _LONGEST_NAME), "team": defanged(facts.team, _LONGEST_NAME)}
    yield from (Detail(phrases.say(locale, f"robot.{name}"), value) for name, value in known.items() if value)
