"""The survey page: the same interview as in the chat.

Showing it changes nothing, since link scanners open pages, too.
"""

from collections.abc import Mapping
from enum import StrEnum

from bot.handlers.common.contact_choice import usable_contact
from bot.handlers.common.context import DecisionContext
from bot.handlers.customers.consent import leave_alone
from bot.handlers.survey_page.entry import LinkTarget, OpenedLink, follow_link
from bot.handlers.surveys.interview import Showing, advance
from bot.handlers.surveys.survey_messages import greeting_of
from dialogs.interview.events import (
    Back,
    Clarified,
    Commented,
    Hint,
    LateWords,
    NotUnderstood,
    Rated,
    ReasonGiven,
    Remarked,
    Skipped,
    Spoke,
    WantedPerson,
)
from dialogs.interview.message_text import Greeting
from dialogs.interview.model import FINAL, WEIGHT, Answer, Interview, InterviewState, asks_importance, step_of
from dialogs.interview.understand import understand
from dialogs.sanitize import one_line
from dialogs.survey import Survey
from dialogs.understanding.commands import Command, command, storable
from dialogs.understanding.lexicon import Intent
from dialogs.understanding.read import wish
from scoring.values import Value, replace
from storage.model.records import Customer, OutboxMessage
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.writer import Decision

__all__ = [
    "NothingReason",
    "NothingToShow",
    "SurveyAction",
    "SurveyPageOutcome",
    "SurveySubmission",
    "SurveyView",
    "step_shown",
    "submit_survey",
    "view_survey",
    "written",
]

_FIX = "fix:"
_MOST_IMPORTANT = 5
_LONGEST_CONTACT = 100


class NothingReason(StrEnum):
    """Why there is nothing to answer."""

    UNKNOWN = "unknown"
    NOTHING = "nothing"
    STOPPED = "stopped"


class NothingToShow(Value):
    """There is nothing to answer; `locale` is the customer's, empty for nobody's."""

    why: NothingReason
    locale: str = ""


class SurveyView(Value):
    """An interview as the page shows it; `may_correct` while ratings of a finished one may still be changed.

    `has_chat` says that the customer can be written to.
    """

    interview: Interview
    survey: Survey
    greeting: Greeting
    may_correct: bool
    has_chat: bool
    asked_for: tuple[str, ...] = ()
    """Which of `name` and `phone` the customer may leave now that it is over."""


class SurveyAction(StrEnum):
    """A button of the page."""

    RATE = "rate"
    REASON = "reason"
    CLARIFY = "clarify"
    SAY = "say"
    SKIP = "skip"
    BACK = "back"
    STOP = "stop"
    CONTACT = "contact"


class SurveySubmission(Value):
    """One press; `step` is what the page showed, so that an outdated one is recognized.

    `importance` is what was chosen beside a rating, 0 for nothing.
    """

    action: SurveyAction
    step: str = ""
    value: int = 0
    text: str = ""
    importance: int = 0
    contact: tuple[tuple[str, str], ...] = ()
    """What was left of `name` and `phone`."""


class SurveyPageOutcome(StrEnum):
    """What became of a press."""

    DONE = "done"
    LATE = "late"
    """The interview is at another step by now; the input is not recorded."""
    EMPTY = "empty"
    """Nothing was written."""
    KEPT = "kept"
    """The step is over by now; what was written there is kept."""
    PERSON = "person"
    """A person was asked for, and the step is still open."""
    LEFT = "left"
    """Name or telephone number were left."""
    WHO = "who"
    """It was asked who asks: that is said, and the step is still open."""


_OUTCOMES: Mapping[type, SurveyPageOutcome] = {
    LateWords: SurveyPageOutcome.KEPT,
    WantedPerson: SurveyPageOutcome.PERSON,
    Spoke: SurveyPageOutcome.WHO,
}


def view_survey(context: DecisionContext, opened: OpenedLink) -> SurveyView | NothingToShow:
    """Return what the page shows."""
    found = follow_link(context, opened)
    if found is None:
        return NothingToShow(NothingReason.UNKNOWN)
    if found.customer.opted_out_at is not None:
        return NothingToShow(NothingReason.STOPPED, context.policy.locale_of(found.customer))
    if found.interview is None:
        return NothingToShow(NothingReason.NOTHING, context.policy.locale_of(found.customer))
    interview = found.interview
    survey = context.policy.survey_version(interview.survey)
    open_still = interview.state is InterviewState.COMPLETED and context.now < interview.expires_at
    has_chat = usable_contact(context, interview.customer) is not None
    asked_for = _asked_for(context, found.customer, interview)
    return SurveyView(interview, survey, greeting_of(context, interview), open_still, has_chat, asked_for)


def _asked_for(context: DecisionContext, customer: Customer, interview: Interview) -> tuple[str, ...]:
    """Return what the customer may leave: what is not known of them, once a survey that is not anonymous is over."""
    if interview.state is not InterviewState.COMPLETED or context.policy.survey_version(interview.survey).anonymous:
        return ()
    return tuple(name for name in context.policy.ask_contact if not getattr(customer, name))


def _left(context: DecisionContext, found: LinkTarget, pressed: SurveySubmission) -> Decision[SurveyPageOutcome]:
    """Store what was left of what was asked for; what the help desk knows stays as it is."""
    asked = _asked_for(context, found.customer, found.interview) if found.interview is not None else ()
    told = {name: one_line(text, _LONGEST_CONTACT) for name, text in pressed.contact if name in asked}
    if not any(told.values()):
        return Decision(Changes(), SurveyPageOutcome.EMPTY if asked else SurveyPageOutcome.DONE)
    known = found.customer
    named = replace(known, name=told.get("name") or known.name, phone=told.get("phone") or known.phone)
    return Decision(Changes((named,)), SurveyPageOutcome.LEFT)


def submit_survey(
    context: DecisionContext, opened: OpenedLink, pressed: SurveySubmission
) -> Decision[SurveyPageOutcome]:
    """Take a press of the page, once: pressed again, or on a page that is out of date, it changes nothing.

    What was written is kept whatever was pressed, and whatever step the interview is at by now.
    """
    found = follow_link(context, opened)
    if found is None:
        return Decision(Changes(), SurveyPageOutcome.DONE)
    text = storable(pressed.text)
    is_text = pressed.action is SurveyAction.SAY
    says_stop = wish(text, context.policy.lexicon) is Intent.STOP
    if pressed.action is SurveyAction.STOP or says_stop:
        return Decision(_stopped(context, found, pressed), SurveyPageOutcome.DONE)
    if found.interview is None or pressed.action is SurveyAction.CONTACT:
        return _left(context, found, pressed)
    event = _event(context, found.interview, pressed)
    taken = _taken(context.after(found.begun), found.interview, pressed, event)
    if taken is not None:
        return replace(taken, changes=found.begun + taken.changes)
    if is_text and not text:
        return Decision(Changes(), SurveyPageOutcome.EMPTY)
    is_lost = _is_lost(found.interview, pressed)
    return Decision(Changes(), SurveyPageOutcome.LATE if is_lost else SurveyPageOutcome.DONE)


def _taken(
    context: DecisionContext, interview: Interview, pressed: SurveySubmission, event: object
) -> Decision[SurveyPageOutcome] | None:
    """Move the interview by the event, or else by the words alone; None where nothing is to be recorded."""
    if isinstance(event, WantedPerson | Spoke) and event.text in interview.texts:  # pressed again
        return Decision(Changes(), _OUTCOMES[type(event)])
    cause = f"page:{interview.id}:{interview.version}:{pressed.step}"
    for each in (event, _words(interview, pressed)):
        changes = advance(context, interview, each, cause, Showing.QUIETLY) if each is not None else None
        if changes is not None:
            return Decision(changes, _OUTCOMES.get(type(each), SurveyPageOutcome.DONE))
    return None


def step_shown(interview: Interview, corrected: Answer | None = None) -> str:
    """Return the step that the page shows, with its rating; of a finished interview the rating that is corrected."""
    if corrected is not None:
        return f"{_FIX}{corrected.question}={corrected.value}"
    return f"{step_of(interview)}={interview.ratings.get(_question_of(step_of(interview)), '')}"


def _question_of(step: str) -> str:
    """Return the question of a step at which it is rated, or its importance asked for."""
    return step.removeprefix(_FIX).removeprefix(WEIGHT)


def _event(context: DecisionContext, interview: Interview, pressed: SurveySubmission) -> object:
    """Return the event of a press at the current step, None where it belongs to another step or is empty."""
    if interview.state in FINAL:
        shown = (a for a in interview.answers if pressed.step == step_shown(interview, a))
        corrected = next(shown, None) if pressed.action is SurveyAction.RATE else None
        return Rated(corrected.question, pressed.value) if corrected is not None else None
    if pressed.step != step_shown(interview):
        return None
    asks = interview.state in (InterviewState.INVITED, InterviewState.RATING, InterviewState.WEIGHING)
    match pressed.action:
        case SurveyAction.RATE | SurveyAction.REASON | SurveyAction.CLARIFY:
            return _numbered(context, interview, pressed, asks=asks)
        case SurveyAction.BACK:
            return Back(step_of(interview), "" if asks else storable(pressed.text))
        case SurveyAction.SKIP if asks or not storable(pressed.text):
            return _plain(interview, "") if written(interview) else Skipped(step_of(interview))
        case _:
            return None if asks else _said(context, interview, storable(pressed.text))


def _numbered(
    context: DecisionContext, interview: Interview, pressed: SurveySubmission, *, asks: bool
) -> Rated | ReasonGiven | Clarified | None:
    """Return the rating that was pressed, which one was meant, or the reason for one, with the words beside it."""
    if pressed.action is SurveyAction.CLARIFY:
        return Clarified(is_meant=bool(pressed.value))
    if pressed.action is SurveyAction.REASON:
        return ReasonGiven(step_of(interview), pressed.value, storable(pressed.text))
    if not asks or not 0 <= pressed.importance <= _MOST_IMPORTANT:
        return None
    both = asks_importance(interview, context.policy.survey_version(interview.survey))
    return Rated(interview.at, pressed.value, importance=pressed.importance if both else None)


def written(interview: Interview) -> str:
    """Return what the customer wrote at this step before, and went back; the page's field shows it again."""
    if interview.state is InterviewState.COMMENTING:
        return interview.comment or ""
    answer = interview.answer(interview.at) if interview.state is InterviewState.REMARKING else None
    return (answer.text or "") if answer is not None else ""


def _plain(interview: Interview, text: str) -> Remarked | Commented:
    return Commented(text) if interview.state is InterviewState.COMMENTING else Remarked(text)


def _words(interview: Interview, pressed: SurveySubmission) -> object:
    """Return what keeps the words of a press that is taken as nothing else; None where there are none, or all kept."""
    text = storable(pressed.text)
    if not text or text in interview.texts:
        return None
    if pressed.step == step_shown(interview):
        return _plain(interview, text)
    return LateWords(pressed.step.partition("=")[0], text)


def _said(context: DecisionContext, interview: Interview, text: str) -> object:
    """Read a text as in the chat; what would be asked again there is an answer here, where a field waits for words."""
    survey = context.policy.survey_version(interview.survey)
    event = understand(text, interview, survey, context.policy.lexicon) if text else None
    asks_again = isinstance(event, NotUnderstood) or (isinstance(event, Spoke) and event.hint is not Hint.WHO)
    return _plain(interview, text) if asks_again else event


def _is_lost(interview: Interview, pressed: SurveySubmission) -> bool:
    """Return whether the input is recorded nowhere; a repeated press is not lost."""
    if pressed.action is SurveyAction.RATE:
        question = _question_of(pressed.step.partition("=")[0])
        return interview.ratings.get(question) != pressed.value
    if pressed.action is SurveyAction.CLARIFY:
        return interview.state not in FINAL
    return pressed.action is SurveyAction.SAY and storable(pressed.text) not in interview.texts


def _stopped(context: DecisionContext, found: LinkTarget, pressed: SurveySubmission) -> Changes:
    """Keep what was written, and record the customer's opt-out; the page shows the outcome itself.

    Of messages only edits in the chat are sent.
    """
    writes = found.interview if command(pressed.text) is not Command.STOP else None
    kept = _taken(context, writes, pressed, None) if writes is not None else None
    words = kept.changes if kept is not None else Changes()
    customer = found.customer
    cause = f"page:{customer.id}:{customer.version}:stop"
    changes = words + leave_alone(context.after(words), [customer], cause)
    silent = (r for r in changes.records if not isinstance(r, OutboxMessage) or context.policy.can(r.channel).edits)
    return replace(changes, records=tuple(silent))
