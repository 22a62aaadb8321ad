"""What the team's group sees on the way to a progress note or a question: the ask, the preview, what became of it."""

from dialogs.issue.card_text import short_number
from dialogs.issue.model import Draft, Issue
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import defanged, one_line

__all__ = ["ask_for_words", "customer_answered_card", "done", "lost", "preview_words", "talk_row"]

_LONGEST_NAME = 40
_LONGEST_QUOTE = 300


def talk_row(issue: Issue, phrases: Phrases, locale: str) -> tuple[Choice, ...]:
    """Return the buttons for a progress note and, while no question is open, for a question."""
    progress = Choice(phrases.say(locale, "talk.button_progress"), Tap(Verb.PROGRESS, issue.id))
    question = Choice(phrases.say(locale, "talk.button_question"), Tap(Verb.QUESTION, issue.id))
    return (progress, question) if issue.question is None else (progress,)


def ask_for_words(person: Person, issue: Issue, kind: Draft, phrases: Phrases, locale: str) -> Prompt:
    """Return the request to the person who pressed for the words that the customer will read."""
    name = one_line(person.name, _LONGEST_NAME) or phrases.say(locale, "team.somebody")
    text = phrases.say(locale, f"talk.ask_{kind.value}", name=name, number=short_number(issue.id))
    asks = phrases.say(locale, f"talk.placeholder_{kind.value}")
    return Prompt(text, asks=asks, mentions=person, wants=kind.value)


def preview_words(issue: Issue, told: str, phrases: Phrases, locale: str) -> Prompt:
    """Return what the customer will read, word for word; the buttons carry the draft's number."""
    send, edit = (
        Choice(phrases.say(locale, key), Tap(verb, issue.id, str(issue.drafts)))
        for key, verb in (("button.send", Verb.SEND), ("button.edit", Verb.EDIT))
    )
    return Prompt(f"{phrases.say(locale, 'team.preview', number=short_number(issue.id))}\n\n{told}", ((send, edit),))


def done(issue: Issue, kind: Draft, phrases: Phrases, locale: str) -> Prompt:
    """Return the preview as it stands after Send: the words, and no buttons."""
    head = phrases.say(locale, f"talk.sent_{kind.value}", number=short_number(issue.id))
    return Prompt(f"{head}\n\n{issue.draft or ''}".rstrip())


def customer_answered_card(issue: Issue, text: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the customer's answer, for the team."""
    said = defanged(text, _LONGEST_QUOTE)
    return Prompt(phrases.say(locale, "talk.answered", number=short_number(issue.id), text=said))


def lost(issue: Issue, why: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the notice to the team that their words did not reach the customer."""
    key = f"why.{why}"
    reason = phrases.say(locale, key) if key in phrases.texts[phrases.locale(locale)] else why
    return Prompt(phrases.say(locale, "talk.lost", number=short_number(issue.id), why=reason))
