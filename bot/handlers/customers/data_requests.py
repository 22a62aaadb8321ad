"""What a person may ask of us about themselves: a copy of everything, or to be forgotten."""

from datetime import timedelta

from bot.handlers.common.context import Scene
from bot.handlers.common.policy import Policy
from bot.handlers.common.replies import answer, customers_at, locale_at, say
from bot.handlers.common.results import Gone, NotFound
from bot.handlers.common.tombstones import GONE, NAMELESS, forgotten, stone_of
from bot.handlers.customers.consent import leave_alone
from bot.handlers.issues.open import note_on
from bot.ports import Gone as Deleted
from bot.ports import Held, Moved, Retry, Sent
from bot.signed_links import Purpose
from dialogs import data_requests as shown
from dialogs.ids import derive
from dialogs.interview import messages as showing
from dialogs.messages import Inbound
from scoring.values import Value, replace
from storage.model.records import Customer, OutboxMessage
from storage.model.registers import Request, RequestKind
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = [
    "Erasure",
    "ask_to_forget",
    "forget_me",
    "forget_needs",
    "forget_now",
    "my_data",
    "never_mind",
    "settled",
    "wake",
]

_WITHIN = timedelta(hours=24)
_GOODBYE_TAKES = timedelta(minutes=10)
"""How long the last message may be on its way before its reader is forgotten without it."""


# -- in the chat ----------------------------------------------------------------------------------------------------


def my_data(scene: Scene, inbound: Inbound) -> Changes:
    """Send everything we keep of whoever is reached in this chat, a file each."""
    people = customers_at(scene, inbound)
    if not people:
        return say(scene, inbound, showing.unknown_chat)
    changes = Changes()
    for number, customer in enumerate(people):
        request = _asked(scene, inbound, RequestKind.ACCESS, customer, number)
        changes += Changes((request, _copy(scene, inbound, request)))
    return changes


def ask_to_forget(scene: Scene, inbound: Inbound) -> Changes:
    """Make sure that this is what they want."""
    return say(scene, inbound, shown.forget_ask if customers_at(scene, inbound) else showing.unknown_chat)


def never_mind(scene: Scene, inbound: Inbound) -> Changes:
    """Leave everything as it is."""
    return say(scene, inbound, shown.kept if customers_at(scene, inbound) else showing.unknown_chat)


def forget_me(scene: Scene, inbound: Inbound) -> Changes:
    """Leave them alone from now on, say goodbye, and forget them as soon as that has gone out."""
    people = customers_at(scene, inbound)
    if not people:
        return say(scene, inbound, showing.unknown_chat)
    changes = leave_alone(scene, people, inbound.key)
    asked = tuple(_asked(scene, inbound, RequestKind.ERASURE, one, number) for number, one in enumerate(people))
    goodbye = answer(scene, inbound, shown.forgotten(scene.policy.phrases, locale_at(scene, inbound)))
    return changes + Changes((*asked, replace(goodbye, about=asked[0].id)))


def _asked(scene: Scene, inbound: Inbound, kind: RequestKind, customer: Customer, number: int) -> Request:
    """Write down that somebody asked. The id tells nothing of them, for it stays when they are forgotten."""
    return Request(
        id=derive("req", kind.value, inbound.key, str(number)),
        kind=kind,
        customer=customer.id,
        asked_at=scene.now,
        due_at=scene.now + _WITHIN,
        door="chat",
        channel=inbound.place.channel,
        chat=inbound.place.chat,
        wake_at=scene.now + _GOODBYE_TAKES if kind is RequestKind.ERASURE else None,
    )


def _copy(scene: Scene, inbound: Inbound, request: Request) -> OutboxMessage:
    policy, locale = scene.policy, locale_at(scene, inbound)
    if inbound.place.channel in policy.files:
        prompt = shown.data_file(policy.phrases, locale, request.id)
    else:
        url = policy.links.url(Purpose.DATA, request.id, request.due_at)
        prompt = shown.data_link(policy.phrases, locale, url)
    return replace(answer(scene, inbound, prompt, f"data:{request.id}"), about=request.id, customer=request.customer)


# -- by API and command line ----------------------------------------------------------------------------------------


class Erasure(Value):
    """Somebody else asks that a customer be forgotten; `request` was drawn by the shell."""

    customer: str
    request: str
    door: str


def forget_needs(customer: str, policy: Policy) -> Needs:
    """Look at the customer, and whether they are forgotten already."""
    return Needs(customers=frozenset({customer}), tombstones=frozenset({stone_of(policy, customer)}))


def forget_now(scene: Scene, wanted: Erasure) -> Decision[Request | NotFound | Gone]:
    """Leave a customer alone at once, and have them forgotten at the next tick."""
    if forgotten(scene, wanted.customer) is not None:
        return Decision(Changes(), Gone(GONE))
    customer = scene.snapshot.customer(wanted.customer)
    if customer is None:
        return Decision(Changes(), NotFound(f"customer {wanted.customer}"))
    request = Request(
        id=wanted.request,
        kind=RequestKind.ERASURE,
        customer=customer.id,
        asked_at=scene.now,
        due_at=scene.now + _WITHIN,
        door=wanted.door,
        wake_at=scene.now,
    )
    return Decision(leave_alone(scene, [customer], wanted.request) + Changes((request,)), request)


# -- what follows ---------------------------------------------------------------------------------------------------


def settled(scene: Scene, message: OutboxMessage, outcome: object) -> Changes:
    """Take note that a copy has arrived; after the goodbye, however it went, its reader is forgotten."""
    request = scene.snapshot.request(message.about)
    if request is None or request.done_at is not None or isinstance(outcome, Retry | Held | Deleted | Moved):
        return Changes()
    if request.kind is RequestKind.ERASURE:
        return Changes((replace(request, wake_at=scene.now),))
    return Changes((replace(request, done_at=scene.now),)) if isinstance(outcome, Sent) else Changes()


def wake(scene: Scene, request: str) -> Changes:
    """Close a wish to be forgotten once it is fulfilled: the team sees its open cards without the person."""
    found = scene.snapshot.request(request)
    if found is None or found.done_at is not None or not found.customer.startswith(NAMELESS):
        return Changes()
    changes = Changes((replace(found, done_at=scene.now, wake_at=None),))
    for issue in scene.snapshot.issues_of_customer(found.customer):
        changes += note_on(scene.after(changes), issue, "customer_forgotten", None, None)
    return changes
