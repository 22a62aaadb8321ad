"""What an interview is, and where it stands.

A step is where the conversation stands: a question's id, `remark:` or `weight:` and a question's id, `comment`, or
`clarify`.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from dialogs.ids import Ref, RefKind
from dialogs.survey import Survey, SurveyKey
from scoring.rules import AlertSubject, mean
from scoring.validity import ExclusionReason, RaisedFlag
from scoring.values import Value

__all__ = [
    "CLARIFIED",
    "CLARIFY",
    "COMMENT",
    "FINAL",
    "OPEN",
    "REMARK",
    "STARTED",
    "UNANSWERED",
    "WEIGHT",
    "Answer",
    "Clarification",
    "Interview",
    "InterviewState",
    "InterviewTerms",
    "KeptWords",
    "SurveyMessage",
    "Undo",
    "asked_after",
    "asks_importance",
    "left_from",
    "reasons_at",
    "step_of",
]

CLARIFIED = "clarified"
CLARIFY = "clarify"
COMMENT = "comment"
REMARK = "remark:"
WEIGHT = "weight:"


class InterviewState(StrEnum):
    """The states of an interview."""

    INVITED = "invited"
    RATING = "rating"
    REMARKING = "remarking"
    WEIGHING = "weighing"
    """The importance of what was just rated is asked for, where the survey does."""
    COMMENTING = "commenting"
    CLARIFYING = "clarifying"
    """Everything was asked; the words say the opposite of the ratings, and it is asked which is meant."""
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


STARTED = (
    InterviewState.RATING,
    InterviewState.REMARKING,
    InterviewState.WEIGHING,
    InterviewState.COMMENTING,
    InterviewState.CLARIFYING,
)
OPEN = (InterviewState.INVITED, *STARTED)
UNANSWERED = tuple(state for state in OPEN if state is not InterviewState.CLARIFYING)
"""States in which something of the survey itself is unanswered, so that an end is no completion."""
FINAL = (InterviewState.COMPLETED, InterviewState.DECLINED, InterviewState.EXPIRED, InterviewState.WITHDRAWN)


class Clarification(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """The question whether a rating, `given` as it was, was `meant` to be another one, asked at an instant.

    `confirmed` is the rating that the customer said it is; None while they have not said.
    """

    given: int
    meant: int
    at: datetime
    confirmed: int | None = None


class Answer(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A rating with its remark; `source` is the channel's id of the message that held the last words of the remark.

    `begins` is where these begin in `text`. `importance` is how important the customer finds it, from 1 to 5; 0 where
    that was asked and passed over, None where it was not asked. `declines`: from here on it shall not be asked for.
    """

    question: str
    value: int
    at: datetime
    text: str | None = None
    source: str = ""
    begins: int = 0
    importance: int | None = None
    declines: bool = False
    clarification: Clarification | None = None


class KeptWords(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """Words that are no answer, as they were typed; `source` is the channel's id of their message.

    `is_wish`: they were understood and done, so that nobody of the team has to read them.
    """

    text: str
    at: datetime
    source: str = ""
    is_wish: bool = False


class Undo(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """What one text had rated every remaining question over: the question asked, the answers and what was skipped.

    `source` is the channel's id of the message with that text.
    """

    at: str
    answers: tuple[Answer, ...] = ()
    skipped: tuple[str, ...] = ()
    source: str = ""


class SurveyMessage(Value, omit_defaults=True):  # its JSON is stored without what is empty
    """A message that shows a survey: its outbox id, and the channel's own id where a press or its arrival told it.

    `above` is the one above it in the chat.
    """

    id: str
    shown: str = ""
    above: "SurveyMessage | None" = None


class Interview(Value):
    """One conversation about one closing of one ticket; `at` is the question asked last.

    `message` is the outbox id of the survey message that is edited in place, `shown` the channel's own id of the
    copy that the customer tapped last, or that was sent below another; `assessed` is what an issue was raised about
    already; `notice` is the version of the privacy notice that the first message showed; `said` are words that were
    no answer. `comment_begins` is where the words of the message `comment_source` begin in the comment. `undo` holds
    what can be restored, if anything. `above` is the message that lost its buttons when
    `message` was sent below it, and `doubted` the outbox id of the newest, where nobody knows that it arrived.
    `flags` say what makes it doubtful, once it has ended; `exclusion` why it does not count by decision of people.
    Instants are UTC; `settle_at` is when a low rating stops waiting for the customer to go on (`alerts.settle`).
    """

    id: str
    invitation: str
    customer: str
    channel: str
    chat: str
    survey: SurveyKey
    locale: str
    asked_at: datetime
    expires_at: datetime
    state: InterviewState = InterviewState.INVITED
    at: str = ""
    answers: tuple[Answer, ...] = ()
    skipped: tuple[str, ...] = ()
    remarks_asked: tuple[str, ...] = ()
    comment: str | None = None
    comment_source: str = ""
    comment_begins: int = 0
    misses: int = 0
    message: str = ""
    remind_at: datetime | None = None
    settle_at: datetime | None = None
    completed_at: datetime | None = None
    assessed: tuple[AlertSubject, ...] = ()
    logged: int = 0
    shown: str = ""
    notice: str = ""
    reminded_at: datetime | None = None
    said: tuple[KeptWords, ...] = ()
    undo: tuple[Undo, ...] = ()
    above: SurveyMessage | None = None
    doubted: str = ""
    flags: tuple[RaisedFlag, ...] = ()
    exclusion: ExclusionReason | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        """How messages, buttons and the scheduler refer to it."""
        return Ref(RefKind.INTERVIEW, self.id)

    @property
    def wake_at(self) -> datetime | None:
        """When to look at it next: to remind, to settle a low rating, to let it lapse; None once it is over."""
        if self.state not in OPEN:
            return None
        return min(at for at in (self.remind_at, self.settle_at, self.expires_at) if at is not None)

    @property
    def ratings(self) -> dict[str, int]:
        """The ratings given so far, by question."""
        return {answer.question: answer.value for answer in self.answers}

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything the customer wrote in it: remarks, words that were no answer, the comment."""
        remarks = (answer.text for answer in self.answers)
        said = (words.text for words in self.said)
        return tuple(text for text in (*remarks, *said, self.comment) if text)

    @property
    def is_unseen(self) -> bool:
        """Whether its message may never have arrived, and nothing has shown that it did."""
        return bool(self.doubted) and not self.shown

    @property
    def score(self) -> Fraction | None:
        """Mean of the ratings in the scale's units (docs/reference/api.md, Responses)."""
        return mean(self.ratings.values())

    @property
    def started_at(self) -> datetime | None:
        """When the first answer was given."""
        return min((answer.at for answer in self.answers), default=None)

    def words_of(self, source: str) -> str | None:
        """Return what the message with this id in the chat said, None where nothing of it is kept."""
        if not source:
            return None
        kept = {words.source: words.text for words in self.said}
        kept |= {answer.source: (answer.text or "")[answer.begins :] for answer in self.answers}
        kept |= {self.comment_source: (self.comment or "")[self.comment_begins :]}
        return kept.get(source)

    def answer(self, question: str) -> Answer | None:
        """Return the answer to a question, None while there is none."""
        return next((answer for answer in self.answers if answer.question == question), None)


def _no_side(_text: str) -> int:
    return 0


class InterviewTerms(Value):
    """What the interview's table needs to know besides the interview: the survey and the time.

    `leaning` tells of a text whether it is unmistakably praise (1) or blame (-1), else 0.
    """

    survey: Survey
    now: datetime
    leaning: Callable[[str], int] = _no_side


_AFTER_THE_QUESTIONS = {InterviewState.COMMENTING: COMMENT, InterviewState.CLARIFYING: CLARIFY}


def step_of(interview: Interview) -> str:
    """Name the step shown now; buttons carry it, so that a stale Skip or Back is recognised."""
    if interview.state in _AFTER_THE_QUESTIONS:
        return _AFTER_THE_QUESTIONS[interview.state]
    prefixes = {InterviewState.REMARKING: REMARK, InterviewState.WEIGHING: WEIGHT}
    return f"{prefixes.get(interview.state, '')}{interview.at}"


def asks_importance(interview: Interview, survey: Survey) -> bool:
    """Return whether the survey asks how important something is, and the customer has not declined to say."""
    return survey.asks_importance and not any(answer.declines for answer in interview.answers)


def reasons_at(interview: Interview, survey: Survey) -> tuple[str, ...]:
    """Return the reasons that can be tapped where the interview stands, in its language: after a low rating."""
    rating = interview.ratings.get(interview.at)
    if interview.state is not InterviewState.REMARKING or rating is None or rating > survey.remark.at_or_below:
        return ()
    return survey.question(interview.at).reasons_in(interview.locale)


def asked_after(interview: Interview, survey: Survey, question: str) -> str | None:
    """Return the next question after `question` that is neither rated nor skipped, None when none is left."""
    done = {*interview.ratings, *interview.skipped}
    later = survey.questions[survey.place(question) + 1 :]
    return next((q.id for q in later if q.id not in done), None)


def left_from(interview: Interview, survey: Survey) -> tuple[str, ...]:
    """Return the question asked and those after it that are neither rated nor skipped, in the survey's order."""
    done = {*interview.ratings, *interview.skipped}
    later = survey.questions[survey.place(interview.at) + 1 :]
    return (interview.at, *(question.id for question in later if question.id not in done))
