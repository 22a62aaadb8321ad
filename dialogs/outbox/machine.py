"""The outbox's table: a message waits, is leased, is sent or not; a doubt is never sent again by itself."""

from datetime import datetime
from functools import cache

from dialogs.campaign.model import CampaignState
from dialogs.machine import Machine, row
from dialogs.outbox.model import WAITING, Sending, SendingState, SendingTerms
from dialogs.time.doubt import has_passed
from scoring.values import Value, replace

__all__ = [
    "OUTBOX",
    "LeaseReturned",
    "MessageCancelled",
    "MessageClaimed",
    "MessageDelivered",
    "MessageDoubted",
    "MessageDropped",
    "MessageFailed",
    "MessageHeldBack",
    "MessageOvertaken",
    "MessagePostponed",
    "SendingEvent",
    "sources_of",
    "target_of",
]

CUSTOMER_OPTED_OUT, CAME_TOO_LATE, CAMPAIGN_HALTS, CAMPAIGN_ENDED = "opted_out", "expired", "paused", "cancelled"
NEVER_SHOWN = "what it edits was never shown"


class MessageClaimed(Value):
    """A process wants to send it now, and holds it until then."""

    until: datetime


class MessageDelivered(Value):
    """The channel took it; `receipt` is empty where the message keeps the one that it has."""

    receipt: str = ""


class MessagePostponed(Value):
    """Nothing arrived; it is tried again at `not_before`."""

    not_before: datetime
    why: str = ""


class MessageHeldBack(Value):
    """The channel's window is shut until `not_before` (None: until something happens)."""

    not_before: datetime | None
    why: str = ""


class MessageDoubted(Value):
    """The sending was cut off: nobody knows whether it arrived."""

    why: str = ""


class MessageDropped(Value):
    """It is not worth sending any more."""

    why: str = ""


class MessageFailed(Value):
    """The channel will never take it, or it came too late."""

    why: str = ""


class MessageCancelled(Value):
    """A decision takes back what waits."""

    why: str = ""


class MessageOvertaken(Value):
    """A later edit of the same message is worth sending, this one no longer."""


class LeaseReturned(Value):
    """Whoever held it has not begun to send, or died; where repeating harms, the second leaves it leased."""

    has_begun: bool = False


SendingEvent = MessageDelivered | MessagePostponed | MessageHeldBack | MessageDoubted | MessageDropped | MessageFailed
"""What ends a try at sending."""
Step = tuple[Sending, tuple[object, ...]]


def customer_opted_out(_sending: Sending, _event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether its customer wants no messages."""
    return terms.has_opted_out


def came_too_late(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether it has expired for certain."""
    is_over = sending.expires_at is not None and has_passed(sending.expires_at, terms.now, terms.doubt)
    return is_over and not customer_opted_out(sending, event, terms)


def is_due(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether it may be tried now: wanted, in time, and what it edits is not under way itself."""
    is_in_time = sending.expires_at is None or sending.expires_at > terms.now
    is_wanted = is_in_time and not customer_opted_out(sending, event, terms)
    is_free = not terms.is_locked and terms.root not in (*WAITING, SendingState.LEASED)
    return is_wanted and is_free and sending.not_before <= terms.now


def campaign_is_paused(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether its campaign halts."""
    return terms.campaign is CampaignState.PAUSED and is_due(sending, event, terms)


def campaign_has_ended(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether its campaign was cancelled."""
    return terms.campaign is CampaignState.CANCELLED and is_due(sending, event, terms)


def _goes_on(terms: SendingTerms) -> bool:
    return terms.campaign not in (CampaignState.PAUSED, CampaignState.CANCELLED)


def _is_nowhere(sending: Sending, terms: SendingTerms) -> bool:
    return terms.root is SendingState.CANCELLED and not (terms.root_receipt or sending.receipt)


def edits_what_was_never_shown(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether the message that it edits was taken back before it was sent."""
    return is_due(sending, event, terms) and _goes_on(terms) and _is_nowhere(sending, terms)


def may_go(sending: Sending, event: MessageClaimed, terms: SendingTerms) -> bool:
    """Return whether nothing stands in the way."""
    return is_due(sending, event, terms) and _goes_on(terms) and not _is_nowhere(sending, terms)


def may_be_repeated(sending: Sending, event: LeaseReturned, _terms: SendingTerms) -> bool:
    """Return whether it has not begun to go, or can go twice without harm."""
    return sending.repeats or not event.has_begun


def lease(sending: Sending, event: MessageClaimed, _terms: SendingTerms) -> Step:
    """Hold it for one try."""
    return replace(sending, leased_until=event.until, attempts=sending.attempts + 1, why=""), ()


def give_up_for_the_customer(sending: Sending, _event: MessageClaimed, _terms: SendingTerms) -> Step:
    """End it: its customer wants no messages."""
    return replace(sending, why=CUSTOMER_OPTED_OUT), ()


def give_up_too_late(sending: Sending, _event: MessageClaimed, _terms: SendingTerms) -> Step:
    """End it: its time is over."""
    return replace(sending, why=CAME_TOO_LATE), ()


def hold_for_the_campaign(sending: Sending, _event: MessageClaimed, _terms: SendingTerms) -> Step:
    """Hold it until its campaign is resumed."""
    return replace(sending, why=CAMPAIGN_HALTS), ()


def give_up_with_the_campaign(sending: Sending, _event: MessageClaimed, _terms: SendingTerms) -> Step:
    """End it: its campaign was cancelled."""
    return replace(sending, why=CAMPAIGN_ENDED), ()


def give_up_with_what_it_edits(sending: Sending, _event: MessageClaimed, _terms: SendingTerms) -> Step:
    """End it: there is nothing to edit."""
    return replace(sending, why=NEVER_SHOWN), ()


def note_the_receipt(sending: Sending, event: MessageDelivered, _terms: object) -> Step:
    """Store the id under which the chat shows it."""
    return replace(sending, receipt=event.receipt or sending.receipt, why="", leased_until=None), ()


def try_again_later(sending: Sending, event: MessagePostponed, _terms: object) -> Step:
    """Wait for the next try."""
    return replace(sending, not_before=event.not_before, why=event.why, leased_until=None), ()


def wait_for_the_window(sending: Sending, event: MessageHeldBack, _terms: object) -> Step:
    """Wait until the channel may be used."""
    until = sending.not_before if event.not_before is None else event.not_before
    return replace(sending, not_before=until, why=event.why, leased_until=None), ()


def note_why(
    sending: Sending, event: MessageDoubted | MessageDropped | MessageFailed | MessageCancelled, _terms: object
) -> Step:
    """Record why it ends."""
    return replace(sending, why=event.why, leased_until=None), ()


def give_way(sending: Sending, _event: MessageOvertaken, _terms: object) -> Step:
    """Supersede it by the later edit."""
    return sending, ()


def give_the_lease_back(sending: Sending, _event: LeaseReturned, _terms: object) -> Step:
    """Release it, so that it can be claimed again."""
    return replace(sending, leased_until=None), ()


_S = SendingState
OUTBOX: Machine[Sending, SendingTerms] = Machine(
    "outbox",
    _S.PENDING,
    (
        *(
            arrow
            for state in WAITING
            for arrow in (
                row(state, MessageClaimed, _S.CANCELLED, give_up_for_the_customer, customer_opted_out),
                row(state, MessageClaimed, _S.DEAD, give_up_too_late, came_too_late),
                row(state, MessageClaimed, _S.HELD, hold_for_the_campaign, campaign_is_paused),
                row(state, MessageClaimed, _S.CANCELLED, give_up_with_the_campaign, campaign_has_ended),
                row(state, MessageClaimed, _S.CANCELLED, give_up_with_what_it_edits, edits_what_was_never_shown),
                row(state, MessageClaimed, _S.LEASED, lease, may_go),
                row(state, MessageCancelled, _S.CANCELLED, note_why),
            )
        ),
        row(_S.PENDING, MessageOvertaken, _S.SUPERSEDED, give_way),
        row(_S.LEASED, LeaseReturned, _S.PENDING, give_the_lease_back, may_be_repeated),
        *(
            arrow
            for state in (*WAITING, _S.LEASED)
            for arrow in (
                row(state, MessageDelivered, _S.SENT, note_the_receipt),
                row(state, MessagePostponed, _S.PENDING, try_again_later),
                row(state, MessageHeldBack, _S.HELD, wait_for_the_window),
                row(state, MessageDoubted, _S.UNKNOWN, note_why),
                row(state, MessageDropped, _S.CANCELLED, note_why),
                row(state, MessageFailed, _S.DEAD, note_why),
            )
        ),
        row(_S.UNKNOWN, MessageDelivered, _S.SENT, note_the_receipt),
    ),
)


@cache
def sources_of(event: type) -> tuple[SendingState, ...]:
    """Return the states in which an event means something, as a statement over many rows has to ask for them."""
    return tuple(dict.fromkeys(SendingState(arrow.source) for arrow in OUTBOX.rows if arrow.event is event))


@cache
def target_of(event: type) -> SendingState:
    """Return the state to which an event leads from every state. Raises ValueError where that varies."""
    (target,) = {SendingState(arrow.target) for arrow in OUTBOX.rows if arrow.event is event}
    return target
