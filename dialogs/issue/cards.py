"""What the team's group sees: one card per issue, and the way from "done" to the sentence that the customer reads."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from dialogs.issue.card_buttons import CardButtons
from dialogs.issue.card_text import CardFacts, CardText, short_number
from dialogs.issue.closure_message import closure
from dialogs.issue.model import WITH_THE_TEAM, Issue, IssueState
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, defanged, one_line

__all__ = [
    "CardFacts",
    "alert_reading_message",
    "alert_word_message",
    "ask_sentence",
    "calls",
    "card",
    "closure_preview_done",
    "customer_wrote_message",
    "held",
    "preview_closure",
    "short_number",
]

_CALLS = 8  # customers on one collected card
_LONGEST_NAME = 40
_LONGEST_QUOTE = 300


def card(  # noqa: PLR0913 (so much makes a card)
    issue: Issue, facts: CardFacts, phrases: Phrases, locale: str, zone: ZoneInfo, *, in_full: bool = False
) -> Prompt:
    """Return the issue's card as it stands; times on the reader's clock `zone`.

    `in_full` it says who the customer is and how to reach them: for the holder alone.
    """
    text = CardText(issue, facts, phrases, locale, in_full=in_full).whole(zone)
    return Prompt(text, CardButtons(issue, phrases, locale).plain())


def calls(listed: Sequence[Issue], facts: Mapping[str, CardFacts], phrases: Phrases, locale: str) -> Prompt:
    """Return the card of a day's customers whom chat does not reach, with a button for each: Claim, then done.

    `facts` are by issue id; beyond eight customers the card says how many more there are.
    """
    urgent = sorted(listed, key=lambda issue: issue.state is not IssueState.OPEN)[:_CALLS]
    shown = [issue for issue in listed if issue in urgent]
    lines = [phrases.say(locale, "calls.head", count=len(listed))]
    lines += [CardText(issue, facts[issue.id], phrases, locale).one_row() for issue in shown]
    if len(listed) > _CALLS:
        lines.append(phrases.say(locale, "calls.more", count=len(listed) - _CALLS))
    rows = tuple(_ring(issue, facts[issue.id], phrases, locale) for issue in shown if issue.state in WITH_THE_TEAM)
    return Prompt(clipped("\n".join(lines), LONGEST_MESSAGE), rows)


def customer_wrote_message(issue: Issue, text: str, phrases: Phrases, locale: str) -> Prompt:
    """Return what a customer wrote about a resolved issue, for the team."""
    said = defanged(text, _LONGEST_QUOTE)
    return Prompt(phrases.say(locale, "team.customer_wrote", number=short_number(issue.id), text=said))


def alert_word_message(issue: Issue, word: str, text: str, phrases: Phrases, locale: str) -> Prompt:
    """Return what a customer said with an alert word about an issue that somebody holds, to the holder by name."""
    holder = defanged(issue.claimed_by or "", _LONGEST_NAME)
    key = "team.alert_word_text" if text else "team.alert_word"
    said = {"text": defanged(text, _LONGEST_QUOTE)} if text else {}
    number = short_number(issue.id)
    return Prompt(phrases.say(locale, key, number=number, name=holder, word=defanged(word, _LONGEST_NAME), **said))


def alert_reading_message(issue: Issue, text: str, phrases: Phrases, locale: str) -> Prompt:
    """Return what a customer wrote that should be seen today, about an issue that somebody holds, to the holder."""
    holder, number = defanged(issue.claimed_by or "", _LONGEST_NAME), short_number(issue.id)
    said = defanged(text, _LONGEST_QUOTE)
    return Prompt(phrases.say(locale, "team.alert_reading", number=number, name=holder, text=said))


def ask_sentence(person: Person, issue: Issue, phrases: Phrases, locale: str) -> Prompt:
    """Return the request to the person who pressed Resolve for the sentence that the customer will read."""
    name = one_line(person.name, _LONGEST_NAME) or phrases.say(locale, "team.somebody")
    text = phrases.say(locale, "team.ask", name=name, number=short_number(issue.id))
    return Prompt(text, asks=phrases.say(locale, "team.placeholder"), mentions=person)


def held(issue: Issue, message: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the notice to the author of `message` that another person holds the issue, or that it is settled."""
    key = "team.held" if issue.state is IssueState.CLAIMED else "team.settled"
    holder = defanged(issue.claimed_by or "", _LONGEST_NAME)
    return Prompt(phrases.say(locale, key, number=short_number(issue.id), name=holder), replies_to=message)


def preview_closure(issue: Issue, phrases: Phrases, locale: str, subject: str = "", spoken: str = "") -> Prompt:
    """Return the draft as the customer will read it; `subject` and `spoken` are the ticket's subject and their locale.

    The buttons carry the draft's number: a later draft makes them stale.
    """
    draft = str(issue.drafts)
    send, edit, silently = (
        Choice(phrases.say(locale, key), Tap(verb, issue.id, draft))
        for key, verb in (
            ("button.send", Verb.SEND),
            ("button.edit", Verb.EDIT),
            ("button.silently", Verb.SILENTLY),
        )
    )
    told = closure(issue.draft or "", subject, issue.id, issue.resolution, phrases, spoken or locale)
    head = phrases.say(locale, "team.preview", number=short_number(issue.id))
    return Prompt(f"{head}\n\n{told.text}", ((send, edit), (silently,)))


def closure_preview_done(issue: Issue, phrases: Phrases, locale: str, *, sent: bool) -> Prompt:
    """Return the preview as it stands after Send or Resolve silently: the sentence, and no buttons."""
    head = phrases.say(locale, "team.sent" if sent else "team.silent", number=short_number(issue.id))
    return Prompt(f"{head}\n\n{issue.draft or issue.note or ''}".rstrip())


def _ring(issue: Issue, facts: CardFacts, phrases: Phrases, locale: str) -> tuple[Choice, ...]:
    """Return the button to claim a call, or to say that it was made; then also the one that tells the number again."""
    key, verb = ("button.claim", Verb.CLAIM) if issue.state is IssueState.OPEN else ("button.resolve", Verb.RESOLVE)
    done = Choice(f"{phrases.say(locale, key)} {short_number(issue.id)}", Tap(verb, issue.id))
    if issue.state is IssueState.OPEN or not any(customer.phone for customer in facts.customers):
        return (done,)
    return done, Choice(phrases.say(locale, "button.contact"), Tap(Verb.CONTACT, issue.id))
