"""What the people who hold an issue are told: it was given to somebody else, it is theirs, its time is over."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from dialogs.issue.card_buttons import CardButtons
from dialogs.issue.card_text import short_number
from dialogs.issue.events import IssueAssigned
from dialogs.issue.model import Issue, IssueState
from dialogs.messages import Choice, Person, Prompt, Tap, Verb
from dialogs.phrases import Phrases
from dialogs.sanitize import defanged
from scoring.values import replace

__all__ = [
    "gone",
    "last_time_message",
    "merged",
    "open_button",
    "overdue_message",
    "remind",
    "to_one_in_group",
    "yours",
]

_LONGEST_NAME = 40
_LONGEST_SUBJECT = 60
_LONGEST_QUOTE = 300


def gone(issue: Issue, event: IssueAssigned, subject: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the message to the former holder that somebody else has it now."""
    key = "holder.taken" if event.who == event.to_who else "holder.gone"
    values = {"about": _about(issue, subject, phrases, locale), "by": _name(event.by), "to": _name(event.to)}
    return Prompt(phrases.say(locale, key, **values))


def merged(issue: Issue, into: str, subject: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the message to the holder that somebody else made the issue part of another."""
    about = _about(issue, subject, phrases, locale)
    return Prompt(phrases.say(locale, "holder.merged", about=about, into=short_number(into)))


def yours(  # noqa: PLR0913, PLR0917 (so much is told)
    issue: Issue, event: IssueAssigned, subject: str, zone: ZoneInfo, phrases: Phrases, locale: str
) -> Prompt:
    """Return the message to the new holder, with the way to the card."""
    about = _about(issue, subject, phrases, locale)
    text = phrases.say(locale, "holder.yours", about=about, by=_name(event.by))
    if issue.due_at is not None:
        text += phrases.say(locale, "holder.until", due=phrases.moment(locale, issue.due_at, zone))
    return Prompt(text, (open_button(issue, phrases, locale),))


def remind(issue: Issue, subject: str, phrases: Phrases, locale: str) -> Prompt:
    """Return the reminder of an issue that should be resolved by now."""
    text = phrases.say(locale, "holder.remind", about=_about(issue, subject, phrases, locale))
    return Prompt(text, (open_button(issue, phrases, locale),))


def to_one_in_group(prompt: Prompt, person: Person, phrases: Phrases, locale: str) -> Prompt:
    """Return a message to one person as it goes to a group: it begins with their name."""
    named = replace(person, name=_name(person.name))
    text = phrases.say(locale, "holder.in_group", name=named.name, text=prompt.text)
    return replace(prompt, text=text, mentions=None, notifies=(named,))


def last_time_message(before: Issue, phrases: Phrases, locale: str) -> Prompt:
    """Return who had an issue before it was opened again, and what its customer was told."""
    values = {"number": short_number(before.id), "name": _name(before.claimed_by or "")}
    note = defanged(before.note or "", _LONGEST_QUOTE)
    if note and before.told:
        return Prompt(phrases.say(locale, "holder.last_time", **values, note=note))
    return Prompt(phrases.say(locale, "holder.last_holder", **values))


def overdue_message(issue: Issue, people: Sequence[Person], phrases: Phrases, locale: str) -> Prompt:
    """Return what the team is told of an issue that was not claimed, or not resolved, in time; it calls `people`."""
    number, name = short_number(issue.id), defanged(issue.claimed_by or "", _LONGEST_NAME)
    if issue.state is IssueState.CLAIMED:
        text = phrases.say(locale, "holder.escalated", number=number, name=name)
    else:
        text = phrases.say(locale, "team.overdue", number=number)
    called = tuple(replace(person, name=_name(person.name)) for person in people)
    names = phrases.say(locale, "holder.between").join(person.name for person in called if person.name)
    if names:
        text = phrases.say(locale, "holder.in_group", name=names, text=text)
    return Prompt(text, CardButtons(issue, phrases, locale, is_copy=True).plain(), notifies=called)


def open_button(issue: Issue, phrases: Phrases, locale: str) -> tuple[Choice, ...]:
    """Return the button that shows the card."""
    return (Choice(phrases.say(locale, "button.open"), Tap(Verb.OPEN, issue.id)),)


def _about(issue: Issue, subject: str, phrases: Phrases, locale: str) -> str:
    number, named = short_number(issue.id), defanged(subject, _LONGEST_SUBJECT)
    if named:
        return phrases.say(locale, "holder.about", number=number, subject=named)
    return phrases.say(locale, "holder.plain", number=number)


def _name(name: str) -> str:
    return defanged(name, _LONGEST_NAME)
