"""Data requests: a copy of everything stored about a person, or erasure."""

from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.common.results import Erased, NotFound
from bot.handlers.common.tombstones import ERASED_DETAIL, forgotten, is_anonymous, tombstone_hash
from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.consent import leave_alone
from bot.handlers.issues.transitions import move
from bot.ports import Gone, Held, Moved, Retry, Sent
from bot.signed_links import LinkPurpose
from dialogs import data_requests as shown
from dialogs.fixed_replies import FixedReply
from dialogs.ids import RefKind, derive
from dialogs.issue.events import CustomerForgotten
from dialogs.messages import Prompt
from scoring.values import Value, replace
from storage.model.records import Customer, OutboxMessage
from storage.model.registers import Request, RequestKind
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "Erasure",
    "ask_to_forget",
    "close_erasure",
    "forget_me",
    "forget_needs",
    "forget_now",
    "keep_my_data",
    "my_data",
    "settled",
]

_WITHIN = timedelta(hours=24)
_LINK_LASTS = timedelta(hours=1)
_GOODBYE_TAKES = timedelta(minutes=10)
"""How long the last message may take before erasure goes on without it."""


# -- in the chat ----------------------------------------------------------------------------------------------------


def my_data(turn: TurnContext) -> Changes:
    """Send a copy of everything stored about each customer reached in this chat, one file each."""
    changes = Changes()
    for number, customer in enumerate(turn.people):
        request = _asked(turn, RequestKind.ACCESS, customer, number)
        changes += Changes((request, _copy(turn, request)))
    return changes


def ask_to_forget(turn: TurnContext) -> Changes:
    """Ask for confirmation before erasure."""
    return turn.reply(shown.forget_ask(turn.phrases, turn.locale))


def keep_my_data(turn: TurnContext) -> Changes:
    """Confirm that nothing was deleted."""
    return turn.reply_with(FixedReply.NOTHING_DELETED)


def forget_me(turn: TurnContext) -> Changes:
    """Record an opt-out, confirm, and schedule the erasure for when the confirmation was sent."""
    changes = leave_alone(turn.context, turn.people, turn.key)
    asked = tuple(_asked(turn, RequestKind.ERASURE, one, number) for number, one in enumerate(turn.people))
    goodbye = turn.answer(Prompt(turn.say(FixedReply.FORGOTTEN)))
    return changes + Changes((*asked, replace(goodbye, about=asked[0].ref)))


def _asked(turn: TurnContext, kind: RequestKind, customer: Customer, number: int) -> Request:
    """Return the request. Its id is derived from the message, not the person, for it stays after erasure."""
    now = turn.context.now
    return Request(
        id=derive(RefKind.REQUEST, kind.value, turn.key, str(number)),
        kind=kind,
        customer=customer.id,
        asked_at=now,
        due_at=now + _WITHIN,
        door="chat",
        channel=turn.place.channel,
        chat=turn.place.chat,
        wake_at=now + _GOODBYE_TAKES if kind is RequestKind.ERASURE else None,
    )


def _copy(turn: TurnContext, request: Request) -> OutboxMessage:
    if turn.policy.can(turn.place.channel).files:
        prompt = shown.data_file(turn.phrases, turn.locale, request.id)
    else:
        url = turn.policy.links.url(LinkPurpose.DATA, request.id, turn.context.now + _LINK_LASTS)
        prompt = shown.data_link(turn.phrases, turn.locale, url)
    return replace(turn.answer(prompt, f"data:{request.id}"), about=request.ref, customer=request.customer)


# -- by API and command line ----------------------------------------------------------------------------------------


class Erasure(Value):
    """Erasure of a customer on somebody else's request; `request` is a new random id."""

    customer: str
    request: str
    door: str


def forget_needs(customer: str, policy: Policy) -> Needs:
    """Return the need for the customer and their tombstone."""
    return Needs(customers=frozenset({customer}), tombstones=frozenset({tombstone_hash(policy, customer)}))


def forget_now(context: DecisionContext, wanted: Erasure) -> Decision[Request | NotFound | Erased]:
    """Record a customer's opt-out, and schedule their erasure."""
    if forgotten(context, wanted.customer) is not None:
        return Decision(Changes(), Erased(ERASED_DETAIL))
    customer = context.snapshot.customer(wanted.customer)
    if customer is None:
        return Decision(Changes(), NotFound(f"customer {wanted.customer}"))
    request = Request(
        id=wanted.request,
        kind=RequestKind.ERASURE,
        customer=customer.id,
        asked_at=context.now,
        due_at=context.now + _WITHIN,
        door=wanted.door,
        wake_at=context.now,
    )
    return Decision(leave_alone(context, [customer], wanted.request) + Changes((request,)), request)


# -- what follows ---------------------------------------------------------------------------------------------------


def settled(context: DecisionContext, message: OutboxMessage, outcome: object) -> Changes:
    """Complete a request whose copy was delivered; start an erasure once its last message is settled."""
    request = context.snapshot.about(Request, message.about)
    if request is None or request.done_at is not None or isinstance(outcome, Retry | Held | Gone | Moved):
        return Changes()
    if request.kind is RequestKind.ERASURE:
        return Changes((replace(request, wake_at=context.now),))
    return Changes((replace(request, done_at=context.now),)) if isinstance(outcome, Sent) else Changes()


def close_erasure(context: DecisionContext, request: str) -> Changes:
    """Complete an erasure request once the person is erased, and redraw the team's open cards without them."""
    found = context.snapshot.request(request)
    if found is None or found.done_at is not None or not is_anonymous(found.customer):
        return Changes()
    changes = Changes((replace(found, done_at=context.now, wake_at=None),))
    for issue in context.snapshot.issues_of_customer(found.customer):
        changes += move(context.after(changes), issue, CustomerForgotten()) or Changes()
    return changes
