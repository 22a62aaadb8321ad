"""Inbound and outbound messages, as values that name no channel."""

from datetime import datetime
from enum import StrEnum

from dialogs.ids import Ref, ref_of
from scoring.values import Value, field, replace

__all__ = [
    "Address",
    "CardSummary",
    "Choice",
    "DeskStep",
    "DeskWrite",
    "Detail",
    "FileRef",
    "Granted",
    "Inbound",
    "Joined",
    "Left",
    "Link",
    "Media",
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
    """The sender of a message; `id` is their id on the channel."""

    id: str
    name: str = ""
    locale: str = ""


class Verb(StrEnum):
    """What a button does; two letters because a Telegram button holds 64 bytes (Bot API, InlineKeyboardButton)."""

    RATE = "ra"
    SKIP = "sk"
    BACK = "ba"
    UNDO = "un"
    REASON = "rn"
    WEIGH = "wi"
    NO_IMPORTANCE = "ni"
    CLARIFY = "cy"
    STOP = "st"
    RESUME = "rs"
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
    OPEN = "op"
    MORE = "mo"
    RELEASE = "rl"
    CONTACT = "co"
    ASSIGN = "as"
    MERGE = "me"
    FORGET = "fo"
    KEEP = "ke"
    CAMPAIGN = "ca"
    ADMIN = "ad"
    FINDING = "fi"
    PHRASE = "ph"
    REPORT = "rp"


class Tap(Value, omit_defaults=True):  # its JSON is stored without what is empty
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


class Media(StrEnum):
    """What was sent that is no text; the value is the key of its phrase in `media`."""

    VOICE = "voice"
    IMAGE = "image"
    VIDEO = "video"
    FILE = "file"
    PLACE = "place"
    STICKER = "sticker"
    OTHER = "other"


class Text(Value):
    """Typed words; `replies_to` is the channel's id of the message answered, `edited` marks a later wording.

    `mentions` is the user id of the one person whom the words name, as the platform knows them; empty for none or many.
    `media` is what was sent instead of words, or with them as its caption. `quoted` are the words of the message
    answered, where the platform says that it is ours: they tell which it is while its id there is not known to us.
    """

    text: str
    replies_to: str = ""
    edited: bool = False
    mentions: str = ""
    media: Media | None = None
    quoted: str = ""


class Joined(Value):
    """The chat was opened: by a deep link with its `token`, or, without one, unblocked or followed."""

    token: str = ""


class Left(Value):
    """The chat was closed to us: blocked, unfollowed, removed from the group."""


class Granted(Value):
    """The customer allows one more message of a template, at any time, or withdraws that (`is_given` is false)."""

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
    former_key: str = ""
    """The key under which an earlier version stored the same delivery, where that was another one."""
    topic: str = ""
    """The topic of the chat in which it was said, where the chat has some; answers belong there."""
    answer_by: datetime | None = None
    """Until then the answer may be sent as the delivery's own reply, which costs no message (WeChat)."""


class Choice(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A button: its label and what pressing it means.

    `word` is the word for a rating, where the scale has one; for Stop it is what to type instead.
    """

    label: str
    means: Tap
    word: str = ""


class Link(Value):
    """A button that opens a page."""

    label: str
    url: str


class Detail(Value):
    """A name with its value, such as a field of a ticket; `url` leads to more."""

    name: str
    value: str
    url: str = ""


class CardSummary(Value):
    """The summary of a message about an issue, for channels that draw it as a card.

    `head` names the kind of issue, `about` and `whom` the ticket and the customer, `notes` the reasons; `score` is the
    worst rating, such as `2/5`, and `scored` the question that it answers; `quote` is what the customer wrote.
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
        """Return whether the card has no more than one line."""
        return not (self.notes or self.details)


class FileRef(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A stored file that goes with a message: the SHA-256 of its content, what it is called, how many bytes it has.

    `page` is where it can be fetched, for channels that cannot carry it.
    """

    hash: str
    name: str
    media_type: str
    size: int
    page: Link | None = None

    @property
    def is_picture(self) -> bool:
        """Return whether every chat that shows pictures shows it."""
        return self.media_type in _PICTURES


_PICTURES = frozenset({"image/png", "image/jpeg"})


class DeskStep(StrEnum):
    """What is done to a ticket in its help desk."""

    REPLY = "reply"
    """Its customer reads the text."""
    NOTE = "note"
    """Only the team reads the text."""
    TAG = "tag"
    """The text is a tag that the ticket gets besides those that it has."""
    REOPEN = "reopen"


class DeskWrite(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """Says that a message goes into a ticket; `marker` is the part of its text by which it is found again there."""

    step: DeskStep
    marker: str = ""


class Prompt(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """One message: plain text, rows of buttons, possibly a link. `asks` is the hint of a forced reply: a typed answer.

    `wants` says what that answer becomes, where it is not the text with which an issue is resolved. `file` goes with
    the message; `attachment` is the id of a data request whose file does, made when it is sent. `typed` says how to
    answer by typing; a channel without buttons appends it to the text. `card_summary` is for channels that draw cards.
    `text_link` makes words of the text, its label, lead to a page; `written_out` is for channels that link no words.
    `page` shows the same, for a notice that has no room for it.
    `notifies` are people whom the text names in this order, to be notified by their ids on the channel; one without an
    id is only named. `topic` is the one of the chat to which a new message belongs, where the chat has some.
    `desk` is for what goes into a ticket of a help desk.
    `only_edits`: it is worth nothing but over the message that it edits, so it is never sent as a new one.
    """

    text: str
    rows: tuple[tuple[Choice, ...], ...] = ()
    link: Link | None = None
    asks: str = ""
    replies_to: str = ""
    mentions: Person | None = None
    typed: str = ""
    card_summary: CardSummary | None = field(default=None, name="glance")  # the name in the stored JSON
    wants: str = ""
    attachment: str = ""
    page: str = ""
    text_link: Link | None = None
    notifies: tuple[Person, ...] = ()
    topic: str = ""
    only_edits: bool = False
    file: FileRef | None = None
    desk: DeskWrite | None = None

    @property
    def written_out(self) -> str:
        """The text with the address of its link behind the linked words."""
        place = self.linked_from
        if self.text_link is None or place < 0:
            return self.text
        end = place + len(self.text_link.label)
        return f"{self.text[:end]} {self.text_link.url}{self.text[end:]}"

    @property
    def without_file(self) -> "Prompt":
        """The same for a chat that cannot show the file: with a link to it, unless there is another link."""
        page = self.file.page if self.file is not None else None
        return replace(self, file=None, link=self.link or page)

    @property
    def linked_from(self) -> int:
        """Where the linked words last occur in the text (a subject may hold them, too), -1 where they do not."""
        return self.text.rfind(self.text_link.label) if self.text_link is not None else -1
