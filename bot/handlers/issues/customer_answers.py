"""Words of a customer that belong to an issue: the answer to a question of the team's, never mistaken for a rating."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import customers_at, say
from bot.handlers.issues.team_messages import customer_answered
from bot.handlers.issues.transitions import latest_of, move
from dialogs.interview.events import Back, Declined, Rated, Skipped
from dialogs.interview.messages import passed_on
from dialogs.interview.model import Interview, InterviewState
from dialogs.interview.understand import is_solved, storable, understand
from dialogs.issue.customer_messages import answer_taken
from dialogs.issue.events import CustomerWrote, QuestionAnswered
from dialogs.issue.model import UNSETTLED, WITH_THE_TEAM, Issue, IssueState
from dialogs.messages import Address, Inbound, Text
from storage.model.records import Customer, Purpose
from storage.unit_of_work.changes import Changes

__all__ = ["answer"]

_OF_THE_SURVEY = (Rated, Skipped, Back, Declined)
_WRITING = (InterviewState.REMARKING, InterviewState.COMMENTING)
"""Steps that wait for a text."""


def answer(context: DecisionContext, inbound: Inbound, text: Text, interview: Interview | None) -> Changes | None:
    """Take words as the answer to what the team asked; None where they are something else.

    That is a reply to the question, or free text while no survey waits for a text; while one does, the words go to
    whichever asked last. What a survey's step understands as a rating, Skip or Back stays that.
    """
    words, people = storable(text.text), customers_at(context, inbound)
    if not words or not people:
        return None
    replied = _replied_to(context, inbound, text, people)
    if replied is not None:
        return (
            _taken(context, inbound, replied, words) if replied.question else _wrote(context, inbound, replied, words)
        )
    issue = _asked_last(context, inbound, people)
    if (
        issue is None
        or _is_for_the_survey(context, text, words, interview, issue)
        or _is_verdict(context, people, words)
    ):
        return None
    return _taken(context, inbound, issue, words)


def _replied_to(context: DecisionContext, inbound: Inbound, text: Text, people: list[Customer]) -> Issue | None:
    """Find the issue of the note or question that was replied to, unless it is settled."""
    place = inbound.place
    shown = context.snapshot.message_with(place.channel, place.chat, text.replies_to) if text.replies_to else None
    if shown is None or shown.purpose is not Purpose.REPLY or shown.customer not in {one.id for one in people}:
        return None
    issue = context.snapshot.issue(shown.about)
    return issue if issue is not None and issue.state in UNSETTLED else None


def _asked_last(context: DecisionContext, inbound: Inbound, people: list[Customer]) -> Issue | None:
    """Find the question that was asked last and has been seen."""
    issues = [issue for person in people for issue in context.snapshot.issues_of_customer(person.id)]
    waiting = [
        i for i in issues if i.question and i.state in WITH_THE_TEAM and not _is_unseen(context, inbound.place, i)
    ]
    return max(waiting, key=lambda issue: (issue.asked_at or issue.opened_at, issue.id), default=None)


def _is_unseen(context: DecisionContext, place: Address, issue: Issue) -> bool:
    """Return whether the question waits for the chat's window, which just these words open."""
    if any(
        (message.about, message.created_at) == (issue.id, issue.asked_at) for message in context.snapshot.held(place)
    ):
        return True
    lasts, typed_at = context.policy.windows.get(place.channel), context.snapshot.window(place).typed_at
    return lasts is not None and (typed_at is None or typed_at + lasts <= (issue.asked_at or issue.opened_at))


def _is_for_the_survey(
    context: DecisionContext, text: Text, words: str, interview: Interview | None, issue: Issue
) -> bool:
    if interview is None:
        return False
    event = understand(words, interview, context.policy.surveys[interview.survey])
    is_reply = bool(text.replies_to) and text.replies_to == interview.shown
    asked_later = interview.state in _WRITING and _prompted_at(interview) > (issue.asked_at or issue.opened_at)
    return is_reply or asked_later or isinstance(event, _OF_THE_SURVEY)


def _prompted_at(interview: Interview) -> datetime:
    """Return when the survey last asked something."""
    moments = (interview.asked_at, interview.reminded_at, *(one.at for one in interview.answers))
    return max(moment for moment in moments if moment is not None)


def _is_verdict(context: DecisionContext, people: list[Customer], words: str) -> bool:
    """Return whether the words tell that something else is solved, or is not, of which just that was asked."""
    told = (i for person in people for i in context.snapshot.issues_of_customer(person.id) if person.id in i.told)
    return is_solved(words) is not None and any(issue.state is IssueState.RESOLVED for issue in told)


def _taken(context: DecisionContext, inbound: Inbound, issue: Issue, words: str) -> Changes | None:
    changes = move(context, issue, QuestionAnswered(words, _name(context, inbound, issue)))
    if changes is None:
        return None
    told = customer_answered(context.after(changes), latest_of(changes, issue), words, inbound.key)
    return changes + told + say(context, inbound, answer_taken)


def _wrote(context: DecisionContext, inbound: Inbound, issue: Issue, words: str) -> Changes:
    """Pass on what was said to a note of the team's."""
    changes = move(context, issue, CustomerWrote(words, _name(context, inbound, issue)))
    return (changes or Changes()) + say(context, inbound, passed_on)


def _name(context: DecisionContext, inbound: Inbound, issue: Issue) -> str:
    mine = (one for one in customers_at(context, inbound) if one.id in issue.customers)
    person = next(mine, None)
    return (person.name or person.id) if person is not None else ""
