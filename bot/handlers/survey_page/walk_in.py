"""Feedback by a code that hangs somewhere: a team, a station or a device, and nobody knows yet who scans it.

Each scan that is followed becomes a closing of its own, so that the answer counts for whatever the code is about, and a
link to the survey page for whoever scanned it. A code is followed so often a day at most.
"""

from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from bot.handlers.customers.binding_links import token_hash
from bot.handlers.survey_page.entry import WEB_CHANNEL
from bot.handlers.surveys.ticket_event import CustomerEvent, TicketEvent
from bot.handlers.surveys.tickets import needs, put
from dialogs.time.local_time import wall_of
from scoring.values import Value
from storage.model.note_keys import code_key
from storage.model.records import Note, TicketStatus, Token
from storage.model.service_details import SERVICE_DETAILS
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision

__all__ = ["CODE_PLACES", "WALK_IN_LASTS", "PlaceCode", "begin_walk_in", "walk_in_needs"]

_SOURCE = "code"
"""The source of tickets that begin with a code."""
CODE_PLACES = ("team", "station", "product", "device")
"""What a code may be about."""
_MOST_A_DAY = 300
WALK_IN_LASTS = timedelta(days=1)
"""How long the page of one scan can be answered."""


class PlaceCode(Value):
    """What a code is about: one of `CODE_PLACES`, and its name."""

    key: str
    name: str


def walk_in_needs(place: PlaceCode, secret: str, policy: Policy) -> Needs:
    """Return the need for a new closing, and for how often the code was followed today."""
    return needs(_event(place, secret), policy) | Needs(notes=frozenset({code_key(place.key, place.name)}))


def begin_walk_in(context: DecisionContext, place: PlaceCode, secret: str) -> Decision[str]:
    """Store the closing, its survey, and the token of its page; return the customer's new id.

    Nothing is stored, and the id is empty, where the code was followed too often today.
    """
    key, today = code_key(place.key, place.name), wall_of(context.now, context.policy.timezone).date().isoformat()
    note = context.snapshot.note(key)
    day, _, followed = (note.value if note is not None else "").partition(" ")
    count = int(followed) if day == today else 0
    if count >= _MOST_A_DAY:
        return Decision(Changes(), "")
    event = _event(place, secret)
    stored = put(context, event).changes
    token = Token(
        hash=token_hash(secret),
        customer=event.customer.id,
        channel=WEB_CHANNEL,
        created_at=context.now,
        expires_at=context.now + WALK_IN_LASTS,
        source=event.source,
        ticket=event.id,
    )
    counted = Note(key, f"{today} {count + 1}", context.now, note.version if note is not None else 0)
    return Decision(stored + Changes((token, counted)), event.customer.id)


def _event(place: PlaceCode, secret: str) -> TicketEvent:
    """Return the closing of whoever scans; its ids come from the secret's hash, which tells nobody the secret."""
    name, about = token_hash(secret)[:20], {place.key: place.name}
    details = {key: value for key, value in about.items() if key in SERVICE_DETAILS}
    return TicketEvent(
        _SOURCE,
        name,
        TicketStatus.CLOSED,
        CustomerEvent(f"scan_{name}"),
        team=about.get("team"),
        product=about.get("product"),
        details={"source_channel": _SOURCE, **details},
    )
