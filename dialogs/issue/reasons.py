"""Why there is an issue: limits that a response missed, a message that was undeliverable, words not understood."""

from collections.abc import Mapping
from typing import Literal, assert_never

from dialogs.phrases import Phrases
from dialogs.sanitize import defanged
from scoring.rules import AlertReading, AlertReason, AlertWord, LowMean, LowRating
from scoring.values import Value

__all__ = [
    "CustomerComplained",
    "OtherReason",
    "PersonWanted",
    "Reason",
    "TwiceNotUnderstood",
    "Undelivered",
    "reason_in_words",
]


class TwiceNotUnderstood(Value, tag_field="kind", tag="not_understood"):
    """The customer's words were not understood twice in a row."""

    def __str__(self) -> str:
        """Return it as the API tells it."""
        return "not_understood"


class CustomerComplained(Value, tag_field="kind", tag="complaint"):
    """The customer complains, in no word that calls for an issue by itself."""

    def __str__(self) -> str:
        """Return it as the API tells it."""
        return "complaint"


class PersonWanted(Value, tag_field="kind", tag="person_wanted"):
    """The customer would rather talk to a person."""

    def __str__(self) -> str:
        """Return it as the API tells it."""
        return "person_wanted"


class Undelivered(Value, tag_field="kind", tag="undelivered"):
    """The closure message or the invitation reached no chat of the customer's; `why` such as `window_closed`."""

    what: Literal["closure", "invitation"]
    why: str

    def __str__(self) -> str:
        """Return it as the API tells it: `closure blocked`."""
        return f"{self.what} {self.why}"


class OtherReason(Value, tag_field="kind", tag="other"):
    """A reason that this version gives no more: it stands as it was written."""

    text: str

    def __str__(self) -> str:
        """Return it as the API tells it."""
        return self.text


Reason = AlertReason | TwiceNotUnderstood | CustomerComplained | PersonWanted | Undelivered | OtherReason
"""`str(reason)` is its text in the API, in the timeline and in exports; chats say it in the reader's language."""

_WHY = ("window_closed", "blocked", "no_contact", "expired")
_LONGEST = 100


def reason_in_words(reason: Reason, names: Mapping[str, str], phrases: Phrases, locale: str) -> str:
    """Return a reason in the reader's words; `names` are questions' names by id."""
    match reason:
        case LowRating(question, value, limit):
            name = names.get(question) or defanged(question, _LONGEST)
            return phrases.say(locale, "reason.rating", question=name, value=value, limit=f"{limit:.4g}")
        case LowMean(value, limit):
            return phrases.say(locale, "reason.mean", value=f"{value:.4g}", limit=f"{limit:.4g}")
        case AlertWord(word):
            return phrases.say(locale, "reason.word", word=defanged(word, _LONGEST))
        case Undelivered(what, why):
            return phrases.say(locale, f"reason.{what}", why=_why(why, phrases, locale))
        case AlertReading() | TwiceNotUnderstood() | CustomerComplained() | PersonWanted():
            return phrases.say(locale, f"reason.{reason}")
        case OtherReason(text):
            return _why(text, phrases, locale)
        case never:
            assert_never(never)


def _why(why: str, phrases: Phrases, locale: str) -> str:
    return phrases.say(locale, f"why.{why}") if why in _WHY else defanged(why, _LONGEST)
