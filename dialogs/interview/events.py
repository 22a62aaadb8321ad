"""The events of an interview, and the effects of its transitions."""

from enum import StrEnum

from scoring.values import Value

__all__ = [
    "Back",
    "Clarified",
    "Commented",
    "Complained",
    "Declined",
    "Edited",
    "Ended",
    "HandedOver",
    "HandoverReason",
    "Hint",
    "ImportanceDeclined",
    "Lapsed",
    "LateWords",
    "Narrated",
    "NeverShown",
    "NotUnderstood",
    "Noted",
    "Rated",
    "RatedAll",
    "ReasonGiven",
    "Remarked",
    "Reminded",
    "Resumed",
    "Shown",
    "Skipped",
    "Spoke",
    "Undone",
    "WantedPerson",
    "Weighed",
    "Withdrawn",
    "Wordless",
]


class Hint(StrEnum):
    """What is said beside the question."""

    NONE = ""
    EXAMPLE = "example"
    OFF_SCALE = "off_scale"
    CONTRARY = "contrary"
    WORDLESS = "wordless"
    NUMBER = "number"
    STORY = "story"
    SAD_STORY = "sad_story"
    PASSED_ON = "passed_on"
    SORRY = "sorry"
    PERSON = "person"
    WHO = "who"
    THANKED = "thanked"
    UNFOLLOWED = "unfollowed"
    SMALL_TALK = "small_talk"
    REMINDER = "reminder"
    ENDED = "ended"
    ENDED_WITH_TEAM = "ended_with_team"
    WITH_TEAM = "with_team"


# -- answers ---------------------------------------------------------------------------------------------------------


class Rated(Value):
    """A question was rated; `remark` are the words beside the number, from the message `source`.

    `complains` where they plainly complain, whatever the number. `explains`: they may say why;
    a rating in words, kept whole, is asked about like one without any. `importance` came with it, 0 where it was left
    out; None where it may still be asked for.
    """

    question: str
    value: int
    remark: str = ""
    source: str = ""
    complains: bool = False
    explains: bool = True
    importance: int | None = None


class Weighed(Value):
    """How important the question is to the customer, from 1 to 5; `text` where more was said, in `source`."""

    question: str
    value: int
    text: str = ""
    source: str = ""


class ImportanceDeclined(Value):
    """At this step and in the rest of this survey the customer would not be asked how important something is."""

    step: str


class RatedAll(Value):
    """Every question left was rated by one text: one of `values` for each, or a single one for all.

    `complains` where the words beside it plainly complain.
    """

    values: tuple[int, ...]
    remark: str = ""
    source: str = ""
    complains: bool = False


class Undone(Value):
    """What one text rated is taken back."""


class Remarked(Value):
    """A sentence about the rating just given; `source` is the channel's id of the message.

    `complains` where it plainly complains, whatever the rating.
    """

    text: str
    source: str = ""
    complains: bool = False


class ReasonGiven(Value):
    """The reason with this `number`, from 1, was tapped at `step`; `text` is what was written beside it."""

    step: str
    number: int
    text: str = ""


class Commented(Value):
    """The open comment at the end; `complains` where it plainly complains, whatever the ratings."""

    text: str
    source: str = ""
    complains: bool = False


class Clarified(Value):
    """Asked whether another rating was meant, the customer says yes (`is_meant`) or no, or names the rating: `value`.

    `text` where more was said than that, in the message `source`.
    """

    is_meant: bool
    value: int | None = None
    text: str = ""
    source: str = ""


class Edited(Value):
    """The customer reworded the message `source`; `value` is the rating that it states as a number now, if any.

    `complains` where it plainly complains, and did not before.
    """

    text: str
    source: str
    value: int | None = None
    complains: bool = False


class Skipped(Value):
    """The step was passed over; `text` where more was said than that, in the message `source`."""

    step: str
    text: str = ""
    source: str = ""


class Back(Value):
    """One step back from `step`, with what was written there."""

    step: str
    text: str = ""


class LateWords(Value):
    """Words written for a `step` that is over by now."""

    step: str
    text: str


# -- words that are no answer: they are kept -------------------------------------------------------------------------


class NotUnderstood(Value):
    """A text that is no answer to the question asked; `hint` explains it the first time."""

    text: str
    source: str = ""
    hint: Hint = Hint.EXAMPLE


class Narrated(Value):
    """The customer tells at length instead of rating; `is_unhappy` where it reads like trouble."""

    text: str
    source: str = ""
    is_unhappy: bool = False


class Spoke(Value):
    """The customer says something that needs an answer and counts for nothing else: `hint` is the answer.

    `is_wish` where it says nothing besides, as some hints tell by themselves.
    """

    text: str
    source: str = ""
    hint: Hint = Hint.NONE
    is_wish: bool = False


class Complained(Value):
    """The customer complains, instead of answering."""

    text: str
    source: str = ""


class WantedPerson(Value):
    """The customer would rather talk to a person."""

    text: str
    source: str = ""


class Noted(Value):
    """The customer says something that is answered elsewhere."""

    text: str
    source: str = ""


class Ended(Value):
    """The customer does not want to answer this survey; no opt-out."""

    text: str
    source: str = ""


# -- what ends or moves it from outside ------------------------------------------------------------------------------


class Wordless(Value):
    """Something without words: a sticker, a voice, a picture."""


class Declined(Value):
    """The customer opted out."""


class Withdrawn(Value):
    """The ticket was reopened before the interview was finished."""


class NeverShown(Value):
    """The first question reached nobody, so nobody was asked."""


class Reminded(Value):
    """It is time for the one reminder."""


class Resumed(Value):
    """The customer came back and wants to see the question again."""


class Lapsed(Value):
    """The time for answering is over."""


# -- effects ---------------------------------------------------------------------------------------------------------


class Shown(Value):
    """Show the interview as it stands: in its own message, or `afresh` in a new one at the end of the chat."""

    hint: Hint = Hint.NONE
    afresh: bool = False


class HandoverReason(StrEnum):
    """Why a person should read words that are no answer."""

    NOT_UNDERSTOOD = "not_understood"
    COMPLAINT = "complaint"
    PERSON_WANTED = "person_wanted"


class HandedOver(Value):
    """A person should read `text`."""

    text: str
    why: HandoverReason
