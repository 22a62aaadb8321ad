"""What a person may ask of us about themselves: a copy of everything, or to be forgotten."""

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
_GOODBYE_TAKES = timedelta(minutes=10)
"""How long the last message may be on its way before its reader is forgotten without it."""


# -- in the chat ----------------------------------------------------------------------------------------------------


def my_data(turn: TurnContext) -> Changes:
    """Send everything we keep of whoever is reached in this chat, a file each."""
    changes = Changes()
    for number, customer in enumerate(turn.people):
        request = _asked(turn, RequestKind.ACCESS, customer, number)
        changes += Changes((request, _copy(turn, request)))
    return changes


def ask_to_forget(turn: TurnContext) -> Changes:
    """Make sure that this is what they want."""
    return turn.reply(shown.forget_ask(turn.phrases, turn.locale))


def keep_my_data(turn: TurnContext) -> Changes:
    """Leave everything as it is."""
    return turn.reply_with(FixedReply.NOTHING_DELETED)


def forget_me(turn: TurnContext) -> Changes:
    """Leave them alone from now on, say goodbye, and forget them as soon as that has gone out."""
    changes = leave_alone(turn.context, turn.people, turn.key)
    asked = tuple(_asked(turn, RequestKind.ERASURE, one, number) for number, one in enumerate(turn.people))
    goodbye = turn.answer(Prompt(turn.say(FixedReply.FORGOTTEN)))
    return changes + Changes((*asked, replace(goodbye, about=asked[0].ref)))


def _asked(turn: TurnContext, kind: RequestKind, customer: Customer, number: int) -> Request:
    """Write down that somebody asked. The id tells nothing of them, for it stays when they are forgotten."""
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
        url = turn.policy.links.url(LinkPurpose.DATA, request.id, request.due_at)
        prompt = shown.data_link(turn.phrases, turn.locale, url)
    return replace(turn.answer(prompt, f"data:{request.id}"), about=request.ref, customer=request.customer)


# -- by API and command line ----------------------------------------------------------------------------------------


class Erasure(Value):
    """Somebody else asks that a customer be forgotten; `request` was drawn by the shell."""

    customer: str
    request: str
    door: str


def forget_needs(customer: str, policy: Policy) -> Needs:
    """Look at the customer, and whether they are forgotten already."""
    return Needs(customers=frozenset({customer}), tombstones=frozenset({tombstone_hash(policy, customer)}))


def forget_now(context: DecisionContext, wanted: Erasure) -> Decision[Request | NotFound | Erased]:
    """Leave a customer alone at once, and have them forgotten at the next tick."""
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
    """Take note that a copy has arrived; after the goodbye, however it went, its reader is forgotten."""
    request = context.snapshot.about(Request, message.about)
    if request is None or request.done_at is not None or isinstance(outcome, Retry | Held | Gone | Moved):
        return Changes()
    if request.kind is RequestKind.ERASURE:
        return Changes((replace(request, wake_at=context.now),))
    return Changes((replace(request, done_at=context.now),)) if isinstance(outcome, Sent) else Changes()


def close_erasure(context: DecisionContext, request: str) -> Changes:
    """Close a wish to be forgotten once it is fulfilled: the team sees its open cards without the person."""
    found = context.snapshot.request(request)
    if found is None or found.done_at is not None or not is_anonymous(found.customer):
        return Changes()
    changes = Changes((replace(found, done_at=context.now, wake_at=None),))
    for issue in context.snapshot.issues_of_customer(found.customer):
        changes += move(context.after(changes), issue, CustomerForgotten()) or Changes()
    return changes
