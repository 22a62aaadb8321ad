"""What a customer answered on another way, on paper or by telephone, is entered by a colleague with its source.

It is a response like those given in a chat: it is rated by its survey's scale, raises issues, and counts. It says how
it came and who entered it. It stands beside what the customer has answered in a chat, and nobody is written to.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.handlers.assessments import SOURCES
from bot.handlers.common.audit import audit_entry
from bot.handlers.common.context import DecisionContext
from bot.handlers.common.results import Conflict, Invalid, NotFound
from bot.handlers.common.tombstones import ERASED_DETAIL, is_anonymous
from bot.handlers.issues.alerts import AlertTrigger, raise_issues
from bot.handlers.surveys.fact_rows import ratings_after
from bot.handlers.surveys.interview import logged_answers
from bot.handlers.surveys.response_flags import with_flags
from dialogs.ids import RefKind, derive
from dialogs.interview.model import Answer, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from dialogs.issue.model import TicketKey
from dialogs.names import name_key
from dialogs.survey import Survey
from scoring.values import Value, field, replace
from storage.model.note_keys import COMMENTS_READ
from storage.model.records import Customer, Note
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["EnteredAnswer", "EnteredOutcome", "EnteredResponse", "EnteringAnswer", "enter_response", "needs"]

_READ = frozenset({COMMENTS_READ})


class EnteredAnswer(Value):
    """A rating in the scale's units, with the customer's remark to it, and how important they find it, if they said."""

    value: int
    text: str = ""
    importance: int | None = None


class EnteredResponse(Value):
    """Answers to enter by question: about the latest closing of a `ticket`, or of a `customer` and no ticket.

    `source` says how they came, `by` who enters them, `given_at` when the customer gave them. `number` is that of the
    paper or the review; it tells several of one customer apart, and stands for a customer whom nobody knows. `reason`
    says why what was entered before is corrected.
    """

    survey: str
    source: str
    by: str
    answers: Mapping[str, EnteredAnswer] = field(default_factory=dict)
    comment: str = ""
    ticket: TicketKey | None = None
    customer: str = ""
    number: str = ""
    given_at: datetime | None = None
    reason: str = ""

    @property
    def whose(self) -> str:
        """The customer's id, where it is no ticket that tells it."""
        return self.customer or f"{self.source}:{name_key(self.number)}"


class EnteredOutcome(Value):
    """A response as it was entered; `created` when it is new."""

    interview: Interview
    invitation: Invitation
    created: bool = False


EnteringAnswer = EnteredOutcome | NotFound | Conflict | Invalid


def needs(new: EnteredResponse) -> Needs:
    """Return the need for the ticket with its closings, or for the customer, and for what was entered before."""
    if new.ticket is not None:
        return Needs(tickets=frozenset({new.ticket}), notes=_READ)
    asked = frozenset({_id_of(new, 0)})
    return Needs(customers=frozenset({new.whose}), invitations=asked, notes=_READ)


def enter_response(context: DecisionContext, new: EnteredResponse) -> Decision[EnteringAnswer]:
    """Store what a customer answered elsewhere. The same again changes nothing; other answers need a reason."""
    refused = next(_problems(context, new), None) or _unknown(context, new)
    if refused is not None:
        return Decision(Changes(), refused)
    people, invitation = _invitation(context, new)
    context = context.after(people)
    after = _interview(context, new, invitation)
    before = context.snapshot.interview(after.id)
    if before is None:
        return _stored(context, new, invitation, after, people)
    if _given(before) == _given(after):
        asked = context.snapshot.invitation(invitation.id) or invitation
        return Decision(Changes(), EnteredOutcome(before, asked))
    if not new.reason:
        return Decision(Changes(), Conflict("Other answers were entered about that already; say in `reason` why not."))
    return _corrected(context, new, before, after)


def _given(interview: Interview) -> tuple[object, ...]:
    """Return what the customer said, whenever that was entered."""
    return {each.question: (each.value, each.text, each.importance) for each in interview.answers}, interview.comment


# -- what is wrong with it -------------------------------------------------------------------------------------------


def _problems(context: DecisionContext, new: EnteredResponse) -> Iterator[Invalid]:
    if new.source not in SOURCES.split(", "):
        yield Invalid("source", f"must say how the answers came: {SOURCES}")
    if new.ticket is not None and new.customer:
        yield Invalid("customer", "is told by the ticket; leave one of both out")
    if new.ticket is None and not (new.customer or name_key(new.number)):
        yield Invalid("ticket", "is missing; without one say which customer it was, or number the paper or review")
    if new.given_at is not None and new.given_at > context.now:
        yield Invalid("given_at", "lies ahead")
    yield from _survey_problems(context, new)


def _survey_problems(context: DecisionContext, new: EnteredResponse) -> Iterator[Invalid]:
    if new.survey not in context.policy.current:
        yield Invalid("survey", f"is not asked here; there are {', '.join(sorted(context.policy.current))}")
        return
    survey = context.policy.survey(new.survey)
    if survey.anonymous:
        yield Invalid("survey", "is anonymous, and what is entered names its customer")
    known = {question.id for question in survey.questions}
    lowest, highest = survey.scale.lowest, survey.scale.highest
    for question, given in new.answers.items():
        if question not in known:
            yield Invalid(f"answers.{question}", f"is no question of {survey.id}; there are {', '.join(sorted(known))}")
        elif not lowest <= given.value <= highest:
            yield Invalid(f"answers.{question}", f"must be a whole number from {lowest} to {highest}")
        elif given.importance is not None and not survey.asks_importance:
            yield Invalid(f"answers.{question}.importance", f"is not asked by {survey.id}")
    if not new.answers:
        yield Invalid("answers", "are missing; rate one question at least")


def _unknown(context: DecisionContext, new: EnteredResponse) -> NotFound | Conflict | Invalid | None:
    """Return why it cannot be told what the answers are about."""
    if new.ticket is None:
        is_known = context.snapshot.customer(new.customer) is not None if new.customer else True
        return None if is_known else NotFound(f"customer {new.customer}")
    ticket = context.snapshot.ticket(*new.ticket)
    if ticket is None:
        return NotFound(f"ticket {'/'.join(new.ticket)}")
    closing = _closing(context, new.ticket)
    if closing is None:
        return Conflict("the ticket has never been closed, and answers are about a closing")
    return Conflict(ERASED_DETAIL) if is_anonymous(closing.customer) else None


# -- what is stored --------------------------------------------------------------------------------------------------


def _closing(context: DecisionContext, ticket: TicketKey) -> Invitation | None:
    """Return the ask that the latest closing of a ticket caused: it has agent, team and moment as they were then."""
    asks = (ask for ask in context.snapshot.invitations_of(*ticket) if not ask.occasion)
    return max(asks, key=lambda ask: ask.closing, default=None)


def _id_of(new: EnteredResponse, closing: int) -> str:
    about = new.ticket or ("", new.whose)
    return derive(RefKind.INVITATION, "entered", *about, closing, new.survey, new.source, name_key(new.number))


def _invitation(context: DecisionContext, new: EnteredResponse) -> tuple[Changes, Invitation]:
    """Return the ask that stands for what was entered, and the customer where nobody knew them."""
    closing = _closing(context, new.ticket) if new.ticket is not None else None
    given_at = new.given_at or context.now
    id_ = _id_of(new, closing.closing if closing is not None else 0)
    whose = closing.customer if closing is not None else new.whose
    stranger = () if context.snapshot.customer(whose) is not None else (Customer(whose),)
    invitation = Invitation(
        id=id_,
        source=closing.source if closing is not None else "",
        ticket=closing.ticket if closing is not None else "",
        closing=closing.closing if closing is not None else 0,
        customer=whose,
        survey=new.survey,
        due_at=context.now,
        deadline_at=context.now,
        closed_at=closing.closed_at if closing is not None else given_at,
        state=InvitationState.ASKED,
        channel=new.source,
        agent_id=closing.agent_id if closing is not None else "",
        agent_name=closing.agent_name if closing is not None else "",
        team=closing.team if closing is not None else "",
        by_hand=True,
        asked_at=context.now,
        occasion=f"entered:{id_}",
        entered_by=new.by,
    )
    return Changes(stranger), invitation


def _interview(context: DecisionContext, new: EnteredResponse, invitation: Invitation) -> Interview:
    survey, given_at = context.policy.survey(new.survey), new.given_at or context.now
    answers = tuple(_answers(survey, new, given_at))
    is_whole = len(answers) == len(survey.questions)
    return Interview(
        id=derive(RefKind.INTERVIEW, invitation.id),
        invitation=invitation.id,
        customer=invitation.customer,
        channel=new.source,
        chat="",
        survey=survey.key,
        locale=context.policy.locale_of(context.snapshot.customer(invitation.customer)),
        asked_at=context.now,
        expires_at=context.now,
        state=InterviewState.COMPLETED if is_whole else InterviewState.EXPIRED,
        answers=answers,
        comment=new.comment or None,
        completed_at=given_at if is_whole else None,
    )


def _answers(survey: Survey, new: EnteredResponse, given_at: datetime) -> Iterator[Answer]:
    for question in survey.questions:
        given = new.answers.get(question.id)
        if given is not None:
            yield Answer(question.id, given.value, given_at, given.text or None, importance=given.importance)


def _stored(
    context: DecisionContext, new: EnteredResponse, invitation: Invitation, after: Interview, people: Changes
) -> Decision[EnteringAnswer]:
    blank = replace(after, answers=(), comment=None)
    seen = context.after(Changes((invitation, blank)))
    moved, changes = _moved(seen, blank, after, f"entered:{invitation.id}")
    line = audit_entry(context, new.by, "response.entered", after.id, "", source=new.source)
    answer = EnteredOutcome(moved, invitation, created=True)
    return Decision(people + Changes((invitation,)) + changes + Changes((moved, line)), answer)


def _corrected(
    context: DecisionContext, new: EnteredResponse, before: Interview, after: Interview
) -> Decision[EnteringAnswer]:
    """Return the correction; the history of answers and the audit log keep what stood before."""
    invitation = context.snapshot.invitation(before.invitation)
    if invitation is None:
        return Decision(Changes(), NotFound(f"response {before.id}"))
    if after.survey != before.survey:
        return Decision(Changes(), Conflict("the survey has another version by now, so this cannot be corrected"))
    kept = replace(
        after,
        asked_at=before.asked_at,
        assessed=before.assessed,
        logged=before.logged,
        flags=before.flags,
        exclusion=before.exclusion,
        version=before.version,
    )
    cause = f"corrected:{before.version}"
    moved, changes = _moved(context, before, kept, cause)
    line = audit_entry(context, new.by, "response.corrected", before.id, cause, reason=new.reason)
    said = _read_again(context, before) if before.texts != moved.texts else ()
    return Decision(changes + Changes((moved, line, *said)), EnteredOutcome(moved, invitation))


def _read_again(context: DecisionContext, before: Interview) -> tuple[Note, ...]:
    """Return what lets comments be read again from when this one was asked, which may be long ago."""
    note = context.snapshot.note(COMMENTS_READ)
    return () if note is None or note.at <= before.asked_at else (replace(note, at=before.asked_at),)


def _moved(context: DecisionContext, before: Interview, after: Interview, cause: str) -> tuple[Interview, Changes]:
    """Return the response with what follows of it: its history, its flags, its ratings as facts, issues."""
    survey = context.policy.survey_version(after.survey)
    log = logged_answers(before, after, context.now, cause)
    moved = replace(after, logged=before.logged + len(log))
    moved, raised = raise_issues(context, before, moved, AlertTrigger(cause))
    moved = with_flags(context, survey, moved)
    return moved, Changes((*log, *ratings_after(context, before, moved))) + raised
