"""Where a link to the survey page leads: to an interview, which begins on the page where none was asked yet."""

from datetime import datetime

from bot.handlers.common.context import DecisionContext
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.surveys.invitations import ask
from dialogs.interview.model import FINAL, Interview, InterviewState
from dialogs.invitation.model import Invitation, InvitationState
from scoring.values import Value, replace
from storage.model.note_keys import SURVEYS_PAUSED
from storage.model.records import Contact, Customer, OutboxMessage, Token
from storage.unit_of_work.changes import Changes, Record
from storage.unit_of_work.needs import Needs

__all__ = ["WEB_CHANNEL", "LinkTarget", "OpenedLink", "follow_link", "needs"]

WEB_CHANNEL = "web"
"""The channel of interviews that take place on the page only; nothing can be sent there."""


class OpenedLink(Value):
    """What a link opens: an interview by its id, or the invitation of the customer of a `secret`."""

    interview: str = ""
    secret: str = ""


class LinkTarget(Value):
    """Where a link leads now; `begun` are the changes of asking, where the interview begins on the page."""

    customer: Customer
    interview: Interview | None = None
    begun: Changes = Changes()


def needs(opened: OpenedLink) -> Needs:
    """Return the need for what the link opens."""
    if opened.interview:
        return Needs(interviews=frozenset({opened.interview}))
    return Needs(tokens=frozenset({token_hash(opened.secret)}), notes=frozenset({SURVEYS_PAUSED}))


def follow_link(context: DecisionContext, opened: OpenedLink) -> LinkTarget | None:
    """Return where a link leads, None where its target no longer exists."""
    if opened.interview:
        interview = context.snapshot.interview(opened.interview)
        customer = context.snapshot.customer(interview.customer) if interview is not None else None
        return LinkTarget(customer, interview) if customer is not None else None
    token = context.snapshot.token(token_hash(opened.secret))
    customer = context.snapshot.customer(token.customer) if token is not None else None
    return _waiting(context, token, customer) if token is not None and customer is not None else None


def _waiting(context: DecisionContext, token: Token, customer: Customer) -> LinkTarget:
    """Return a customer's interview: the open one, else one begun for a planned invitation, else the last completed."""
    mine = [i for i in context.snapshot.invitations(customer.id) if _is_about(i, token)]
    newest = sorted(mine, key=lambda invitation: invitation.closed_at, reverse=True)
    talks = [talk for i in newest if (talk := context.snapshot.interview_of(i.id)) is not None]
    going = next((talk for talk in talks if talk.state not in FINAL), None)
    if going is not None:
        return LinkTarget(customer, going)
    planned = next((i for i in newest if i.state is InvitationState.SCHEDULED), None)
    asked = _asked(context, planned) if planned is not None else Changes()
    begun = next((record for record in asked.records if isinstance(record, Interview)), None)
    if begun is not None:
        return LinkTarget(customer, begun, asked)
    return LinkTarget(customer, next((talk for talk in talks if talk.state is InterviewState.COMPLETED), None))


def _is_about(invitation: Invitation, token: Token) -> bool:
    return not token.ticket or (invitation.source, invitation.ticket) == (token.source, token.ticket)


def _asked(context: DecisionContext, invitation: Invitation) -> Changes:
    """Ask as in a chat that was just opened, without a message, since the page shows the question."""
    here = replace(context, policy=replace(context.policy, channels=(WEB_CHANNEL,)))
    place = Contact(invitation.customer, WEB_CHANNEL, invitation.customer)
    changes = ask(here.after(Changes((place,))), invitation, is_here=True)
    return Changes(tuple(_on_the_page(r, context.now) for r in changes.records if not isinstance(r, OutboxMessage)))


def _on_the_page(record: Record, now: datetime) -> Record:
    """Mark the question as sent, and drop its reminder, which could not be delivered."""
    if isinstance(record, Interview):
        return replace(record, message="", remind_at=None)
    return replace(record, sent_at=now) if isinstance(record, Invitation) else record
