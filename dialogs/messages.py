"""Inbound and outbound messages, as values that name no channel."""

from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref, ref_of
from scoring.values import Value

__all__ = [
    "Address",
    "CardSummary",
    "Choice",
    "Detail",
    "Granted",
    "Inbound",
    "Joined",
    "Left",
    "Link",
    "Person",
    "Prompt",
    "Said",
    "Tap",
    "Text",
    "Verb",
]


class Address(Value, order=True):
    """A chat on a channel: `Address("telegram", "10001")`."""

    channel: str
    chat: str


class Person(Value):
    """A sender, as the channel names them; `id` is theirs on that channel."""

    id: str
    name: str = ""
    locale: str = ""


class Verb(StrEnum):
    """What a button does; two letters because a Telegram button holds 64 bytes (Bot API, InlineKeyboardButton)."""

    RATE = "ra"
    SKIP = "sk"
    BACK = "ba"
    STOP = "st"
    LANGUAGE = "la"
    CLAIM = "cl"
    RESOLVE = "re"
    SEND = "se"
    EDIT = "ed"
    SILENTLY = "si"
    SOLVED = "so"
    NOT_SOLVED = "ns"
    PROGRESS = "pr"
    QUESTION = "qu"
    FORGET = "fo"
    KEEP = "ke"
    CAMPAIGN = "ca"
    ADMIN = "ad"


class Tap(Value):
    """A pressed button: a verb, the interview or issue it is about, the step it was shown at, a number.

    It comes from outside: its handler checks that the subject belongs to the person who pressed.
    """

    verb: Verb
    subject: str
    step: str = ""
    value: int = 0

    @property
    def about(self) -> Ref | None:
        """What the subject refers to; None where the button is about nothing, or the subject is none of our ids."""
        return ref_of(self.subject)


class Text(Value):
    """Typed words; `replies_to` is the channel's id of the message answered, `edited` marks a later wording."""

    text: str
    replies_to: str = ""
    edited: bool = False


class Joined(Value):
    """The chat was opened: by a deep link with its `token`, or, without one, unblocked or followed."""

    token: str = ""


class Left(Value):
    """The chat was closed to us: blocked, unfollowed, removed from the group."""


class Granted(Value):
    """The customer allows one more message of a kind, at any time (`is_given`), or takes that back."""

    template: str
    is_given: bool = True


Said = Text | Tap | Joined | Left | Granted


class Inbound(Value):
    """One inbound message. `key` is unique; `message` is the channel's id of the message typed or tapped."""

    key: str
    place: Address
    sender: Person
    at: datetime
    said: Said
    message: str = ""
    callback: str = ""
    moved_to: str = ""
    answer_by: datetime | None = None
    """Until then the answer may be sent as the delivery's own reply, which costs no message (WeChat)."""


class Choice(Value):
    """A button: a label and what pressing it means.

    `word` says what a rating is called, where it has a word; of Stop, what to type instead.
    """

    label: str
    means: Tap
    word: str = ""


class Link(Value):
    """A button that opens a page."""

    label: str
    url: str


class Detail(Value):
    """A name and what it is; `url` leads to more."""

    name: str
    value: str
    url: str = ""


class CardSummary(Value):
    """The summary of a message about an issue, for channels that draw a card of it.

    `head` says what kind of thing it is, `about` and `whom` what and whom it is about, `notes` why it is there;
    `score` is the worst rating, such as `2/5`, and `scored` what it was given for; `quote` are the customer's words.
    """

    number: str
    head: str
    about: str = ""
    whom: str = ""
    notes: tuple[str, ...] = ()
    score: str = ""
    scored: str = ""
    quote: str = ""
    details: tuple[Detail, ...] = ()
    is_urgent: bool = False

    @property
    def is_line(self) -> bool:
        """Return whether there is no more to it than one line."""
        return not (self.notes or self.details)


class Prompt(Value):
    """One message: plain text, rows of choices, perhaps a link. `asks` wants a typed answer (a forced reply).

    `wants` says what that answer becomes, where it is not the sentence with which an issue is resolved.
    `attachment` names the request for one's data whose file goes with it, made when it is sent.
    `typed` says how to answer by typing; a channel without buttons adds it to the text. `glance` is the summary
    for channels that draw cards.
    """

    text: str
    rows: tuple[tuple[Choice, ...], ...] = ()
    link: Link | None = None
    asks: str = ""
    replies_to: str = ""
    mentions: Person | None = None
    typed: str = ""
    glance: CardSummary | None = None
    wants: str = ""
    attachment: str = ""
