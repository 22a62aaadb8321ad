"""Where a link to the survey's page leads: to an interview, begun on the page itself where nobody has asked yet."""

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
"""The channel of whoever is asked on the page and nowhere else; nothing can be sent there."""


class OpenedLink(Value):
    """What a link opens: an interview by its id, or what is asked of the customer for whom a `secret` was made."""

    interview: str = ""
    secret: str = ""


class LinkTarget(Value):
    """Where a link leads now; `begun` is what asking changes, where the page asks first."""

    customer: Customer
    interview: Interview | None = None
    begun: Changes = Changes()


def needs(opened: OpenedLink) -> Needs:
    """Look at what the link is about."""
    if opened.interview:
        return Needs(interviews=frozenset({opened.interview}))
    return Needs(tokens=frozenset({token_hash(opened.secret)}), notes=frozenset({SURVEYS_PAUSED}))


def follow_link(context: DecisionContext, opened: OpenedLink) -> LinkTarget | None:
    """Follow a link; None where what it was made for is no longer there."""
    if opened.interview:
        interview = context.snapshot.interview(opened.interview)
        customer = context.snapshot.customer(interview.customer) if interview is not None else None
        return LinkTarget(customer, interview) if customer is not None else None
    token = context.snapshot.token(token_hash(opened.secret))
    customer = context.snapshot.customer(token.customer) if token is not None else None
    return _waiting(context, token, customer) if token is not None and customer is not None else None


def _waiting(context: DecisionContext, token: Token, customer: Customer) -> LinkTarget:
    """Find what is asked of a customer: what is open, else what is planned, else what was finished last."""
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
    """Ask as in a chat that has just opened, only that no message is made: the page itself is the question."""
    here = replace(context, policy=replace(context.policy, channels=(WEB_CHANNEL,)))
    place = Contact(invitation.customer, WEB_CHANNEL, invitation.customer)
    changes = ask(here.after(Changes((place,))), invitation, is_here=True)
    return Changes(tuple(_on_the_page(r, context.now) for r in changes.records if not isinstance(r, OutboxMessage)))


def _on_the_page(record: Record, now: datetime) -> Record:
    """Note that the question has been seen, and that nobody can be reminded there."""
    if isinstance(record, Interview):
        return replace(record, message="", remind_at=None)
    return replace(record, sent_at=now) if isinstance(record, Invitation) else record
