"""Messages to customers while an issue is open: progress, a question, the status of all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.issue.model import Issue, IssueState
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from dialogs.sanitize import LONGEST_MESSAGE, clipped, one_line
from scoring.rules import LowRating
from scoring.values import Value

__all__ = ["Matter", "progress_note", "question_message", "ready_question", "standing"]

_MOST_QUESTIONS = 2
"""The most questions in one message."""

_EXPLAINED = 12
"""The shortest remark, in characters, that counts as an explanation."""
_FEW_SIGNS, _FEW_WORDS = 3, 2
"""What says no more than that it was bad, in characters of Chinese and in words of a language with spaces."""

_LONGEST_SUBJECT = 60
_LONGEST_NAME = 40
_LONGEST_NOTE = 300
_LISTED = 8  # matters in one answer; of more the latest


class Matter(Value):
    """A customer's open issue in the words meant for them; `note` is what they were told last, `name` who has it.

    `is_told` says that the customer was told of the outcome, and may say whether it is true.
    """

    subject: str
    since: datetime
    state: IssueState
    name: str = ""
    note: str = ""
    is_told: bool = False


def progress_note(note: str, subject: str, phrases: Phrases, locale: str) -> Prompt:
    """Return how it goes, the note whole and as it was written."""
    return _told("progress", "goes_on", note, subject, phrases, locale)


def question_message(asked: str, subject: str, phrases: Phrases, locale: str) -> Prompt:
    """Return a question to the customer, whole and as it was written; they answer in their own words."""
    return _told("question", "reply", asked, subject, phrases, locale)


def _told(  # noqa: PLR0913, PLR0917 (so much makes it)
    kind: str, ending: str, words: str, subject: str, phrases: Phrases, locale: str
) -> Prompt:
    """Return words of the team, and below them what follows.

    The way out is told in words: as the only button below news that somebody waits for it would look like the answer.
    """
    below = phrases.say(locale, f"talk.{ending}"), phrases.say(locale, "typed.stop")
    return Prompt("\n\n".join((_about(f"talk.{kind}", subject, phrases, locale), words, "\n".join(below))))


def standing(matters: Sequence[Matter], zone: ZoneInfo, phrases: Phrases, locale: str) -> Prompt:
    """Return how the customer's matters stand, the latest last; days on their own clock `zone`."""
    if not matters:
        return Prompt(phrases.say(locale, "status.nothing"))
    shown = [_one(matter, zone, phrases, locale) for matter in matters[-_LISTED:]]
    head = phrases.say(locale, "status.head", count=len(matters))
    return Prompt(clipped("\n\n".join((head, *shown)), LONGEST_MESSAGE))


def _about(key: str, subject: str, phrases: Phrases, locale: str) -> str:
    named = one_line(subject, _LONGEST_SUBJECT)
    return phrases.say(locale, f"{key}_about", subject=named) if named else phrases.say(locale, key)


def _one(matter: Matter, zone: ZoneInfo, phrases: Phrases, locale: str) -> str:
    named = one_line(matter.subject, _LONGEST_SUBJECT)
    about = phrases.say(locale, "status.about", subject=named) if named else phrases.say(locale, "status.yours")
    since = phrases.say(locale, "status.since", day=phrases.day(locale, matter.since, zone))
    lines = [about, f"{since} · {_state(matter, phrases, locale)}"]
    if matter.note:
        lines.append(phrases.say(locale, "status.note", text=one_line(matter.note, _LONGEST_NOTE)))
    return "\n".join(lines)


def _state(matter: Matter, phrases: Phrases, locale: str) -> str:
    if matter.state is IssueState.CLAIMED:
        return phrases.say(locale, "status.claimed", name=one_line(matter.name, _LONGEST_NAME))
    if matter.state is IssueState.OPEN:
        return phrases.say(locale, "status.open")
    return phrases.say(locale, "status.waiting" if matter.is_told else "status.resolved")


def ready_question(issue: Issue, said: Mapping[str, str], phrases: Phrases, locale: str) -> str:
    """Return a question about what was rated low without an explanation; `said` are the remarks, by question.

    Whoever has said something is asked what it was like, and not for what they may have said already. Empty where all
    is clear: whoever has written more since, as by answering, is not asked the same again. The texts are phrases under
    `clarify.` and the question's id, so that an owner can give their own.
    """
    if issue.quotes:
        return ""
    known = phrases.texts[phrases.locale(locale)]
    low = dict.fromkeys(reason.question for reason in issue.reasons if isinstance(reason, LowRating))
    vague = [question for question in low if question in said and len(said[question]) < _EXPLAINED]
    keys = (f"clarify.{question}" if _says_little(said[question]) else "clarify.more" for question in vague)
    return "\n".join([known[key] for key in dict.fromkeys(keys) if key in known][:_MOST_QUESTIONS])


def _says_little(remark: str) -> bool:
    """Return whether a remark is no more than a word or two, without a figure: nothing, "慢", "too slow"."""
    words, signs = len(remark.split()), len(remark)
    is_short = signs <= _FEW_SIGNS or (remark.isascii() and words <= _FEW_WORDS)
    return is_short and not any(sign.isnumeric() for sign in remark)
