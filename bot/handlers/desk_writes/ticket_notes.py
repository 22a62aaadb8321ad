"""What the team of a help desk learns in its own ticket: the rating, the issue, a tag, and that it is not solved.

All of it is off unless the owner switches it on for this help desk. Of an anonymous survey nothing is written: the
ticket would tell whose answer it is.
"""

from collections.abc import Iterator
from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import DeskTerms
from bot.handlers.desk_writes.desk_rows import desk_row, desk_text
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.issue.card_text import short_number
from dialogs.issue.model import Issue, IssueKind, TicketKey
from dialogs.issue.reasons import reason_in_words
from dialogs.messages import DeskStep, DeskWrite, Link, Prompt
from dialogs.sanitize import defanged
from dialogs.survey import in_locale
from scoring.forms.sheet import rounded
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["issue_into_tickets", "reopen_tickets", "response_into_ticket"]

_WORTH_SENDING = timedelta(days=7)
"""How long a help desk that does not answer is tried."""
_OPENS_WITHIN = timedelta(days=1)
"""How long a ticket is still opened again: later, the team has gone on with it."""
_LONGEST_QUOTE = 2000
_TOLD_ENDS = (InterviewState.COMPLETED, InterviewState.EXPIRED, InterviewState.DECLINED)


def response_into_ticket(context: DecisionContext, before: Interview, after: Interview) -> Changes:
    """Write how the customer has rated into the ticket, when that has just ended; empty where nothing was said."""
    if after.state not in _TOLD_ENDS or before.state in FINAL or not (after.ratings or after.texts):
        return Changes()
    invitation = context.snapshot.invitation(after.invitation)
    ticket = invitation.about if invitation is not None else None
    if ticket is None or not _terms(context, ticket).notes:
        return Changes()
    return Changes((_note(context, ticket, after.customer, "\n".join(_told(context, after)), after.id),))


def issue_into_tickets(context: DecisionContext, issue: Issue, page: str) -> Changes:
    """Write a new issue into its tickets, with the address of its page, and tag them; not of a call to be made."""
    if issue.kind is IssueKind.CALL:
        return Changes()
    changes = Changes()
    for ticket, customer in _tickets(context, issue):
        terms = _terms(context, ticket)
        if terms.notes:
            note = desk_text(_opened(context, issue), issue.id)
            # Apart from the text: who asks for their data is told the text, and must not act as the team.
            link = Link(_say(context, "issue_page"), page)
            changes += Changes((_row(context, ticket, customer, replace(note, link=link), issue.id),))
        if terms.tag:
            prompt = Prompt(terms.tag, desk=DeskWrite(DeskStep.TAG))
            changes += Changes((_row(context, ticket, customer, prompt, issue.id),))
    return changes


def reopen_tickets(context: DecisionContext, issue: Issue) -> Changes:
    """Open the tickets of an issue of which a customer says that it is not solved, and say so in them."""
    seed = f"{issue.id}:{issue.resolution}"
    changes = Changes()
    for ticket, customer in _tickets(context, issue):
        terms = _terms(context, ticket)
        if terms.notes:
            text = _say(context, "reopened", number=short_number(issue.id))
            changes += Changes((_note(context, ticket, customer, text, seed),))
        if terms.reopen:
            prompt = Prompt("", desk=DeskWrite(DeskStep.REOPEN))
            row = _row(context, ticket, customer, prompt, seed)
            changes += Changes((replace(row, expires_at=context.now + _OPENS_WITHIN),))
    return changes


def _told(context: DecisionContext, interview: Interview) -> Iterator[str]:
    survey, locale = context.policy.survey_version(interview.survey), context.policy.team_speaks
    if interview.score is not None:
        yield _say(context, "note", score=rounded(interview.score), highest=survey.scale.highest)
    for question in survey.questions:
        if question.id in interview.ratings:
            value, name = interview.ratings[question.id], in_locale(question.name, locale)
            yield _say(context, "note_rating", question=name, value=value)
    for text in interview.texts:  # on one line, and dead: "/close" on a line of its own is an order to GitLab
        yield _say(context, "note_said", text=defanged(text, _LONGEST_QUOTE))
    if interview.state is InterviewState.DECLINED:
        yield _say(context, "note_declined")


def _opened(context: DecisionContext, issue: Issue) -> str:
    phrases, locale = context.policy.phrases, context.policy.team_speaks
    asked = (context.snapshot.interview(response) for response in issue.responses)
    surveys = [context.policy.survey_version(one.survey) for one in asked if one is not None]
    names = {question.id: in_locale(question.name, locale) for survey in surveys for question in survey.questions}
    why = "; ".join(reason_in_words(reason, names, phrases, locale) for reason in issue.reasons)
    return _say(context, "issue", number=short_number(issue.id), reasons=why)


def _tickets(context: DecisionContext, issue: Issue) -> Iterator[tuple[TicketKey, str]]:
    """Yield the tickets of an issue that can be written to, with their customers."""
    for key in issue.tickets:
        ticket = context.snapshot.ticket(*key) if key[0] in context.policy.desks else None
        if ticket is not None:
            yield key, ticket.customer


def _terms(context: DecisionContext, ticket: TicketKey) -> DeskTerms:
    return context.policy.desks.get(ticket[0]) or DeskTerms(invite=False)


def _note(context: DecisionContext, ticket: TicketKey, customer: str, text: str, seed: str) -> OutboxMessage:
    return _row(context, ticket, customer, desk_text(text, seed), seed)


def _row(context: DecisionContext, ticket: TicketKey, customer: str, prompt: Prompt, seed: str) -> OutboxMessage:
    return desk_row(context, ticket, customer, prompt, seed, expires_at=context.now + _WORTH_SENDING)


def _say(context: DecisionContext, key: str, **values: object) -> str:
    return context.policy.phrases.say(context.policy.team_speaks, f"desk.{key}", **values)
