"""What the team's group sees on the way to a note, a question or a merge: the ask, the preview, what became of it."""

from dialogs.issue.card_text import short_number
from dialogs.issue.model import Draft, Issue
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import defanged, one_line

__all__ = [
    "KEPT",
    "MERGE",
    "ask_for_words",
    "ask_number",
    "customer_answered_card",
    "done",
    "lost",
    "merge_ended",
    "merge_question",
    "number_in",
    "preview_words",
]

_LONGEST_NAME = 40
_LONGEST_QUOTE = 300

MERGE = "merge"
"""What an answer becomes (`Prompt.wants`): the number of the issue to merge into."""
KEPT = "kept"
"""The step of the button that leaves both as they are."""

_DIGITS = 5
_NUMBER_SIGNS = "#＃"


def ask_for_words(  # noqa: PLR0913 (so much makes it)
    person: Person, issue: Issue, kind: Draft, phrases: Phrases, locale: str, *, is_drafted: bool = False
) -> Prompt:
    """Return the request to the person who pressed for the words that the customer will read.

    `is_drafted` says that a suggestion is shown above, which theirs would replace.
    """
    name = one_line(person.name, _LONGEST_NAME) or phrases.say(locale, "team.somebody")
    key = "talk.ask_instead" if is_drafted else f"talk.ask_{kind.value}"
    text = phrases.say(locale, key, name=name, number=short_number(issue.id))
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


def number_in(text: str) -> str:
    """Return the number that a text consists of, as `short_number` writes it; empty where it is none."""
    number = text.strip().lstrip(_NUMBER_SIGNS).strip().upper()
    return f"#{number}" if len(number) == _DIGITS and number.isascii() and number.isalnum() else ""


def ask_number(person: Person, issue: Issue, phrases: Phrases, locale: str, unknown: str = "") -> Prompt:
    """Return the request for the number of the issue to merge into; `unknown` is one that was not found."""
    name = one_line(person.name, _LONGEST_NAME) or phrases.say(locale, "team.somebody")
    text = phrases.say(locale, "actions.ask_merge", name=name, number=short_number(issue.id))
    if unknown:
        text = f"{phrases.say(locale, 'actions.merge_unknown', number=unknown)}\n\n{text}"
    return Prompt(text, asks=phrases.say(locale, "actions.placeholder_merge"), mentions=person, wants=MERGE)


def merge_question(issue: Issue, into: Issue, phrases: Phrases, locale: str) -> Prompt:
    """Return the question whether it is the right one."""
    numbers = {"number": short_number(issue.id), "into": short_number(into.id)}
    yes, no = (
        Choice(phrases.say(locale, key), Tap(Verb.MERGE, issue.id, step))
        for key, step in (("button.merge_yes", into.id), ("button.merge_no", KEPT))
    )
    return Prompt(phrases.say(locale, "actions.merge_into", **numbers), ((yes, no),))


def merge_ended(issue: Issue, phrases: Phrases, locale: str) -> Prompt:
    """Return the question as it stands afterwards: merged, or left as it was."""
    number = short_number(issue.id)
    if issue.merged_into is None:
        return Prompt(phrases.say(locale, "actions.merge_kept", number=number))
    return Prompt(phrases.say(locale, "actions.merge_done", number=number, into=short_number(issue.merged_into)))
