"""Where an outgoing message stands, and what decides whether it may go."""

from datetime import datetime
from enum import StrEnum

from dialogs.campaign.model import CampaignState
from dialogs.time.doubt import Doubt
from scoring.values import Value

__all__ = ["FINAL", "WAITING", "Sending", "SendingState", "SendingTerms"]


class SendingState(StrEnum):
    """The states of an outgoing message."""

    PENDING = "pending"
    LEASED = "leased"
    """A process holds it and may be sending it just now."""
    HELD = "held"
    """The channel's window is shut, or its campaign is paused."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """The sending was interrupted: the message may have arrived; it is not sent again."""
    DEAD = "dead"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    """A later edit of the same message replaced it before it was sent."""


WAITING = (SendingState.PENDING, SendingState.HELD)
"""States in which a message has yet to go and nobody holds it."""
FINAL = (SendingState.SENT, SendingState.UNKNOWN, SendingState.DEAD, SendingState.CANCELLED, SendingState.SUPERSEDED)
"""States out of which a message is never sent."""


class Sending(Value):
    """The part of an outgoing message that changes while it is sent.

    `edits` is the id of the message that it edits, `receipt` the channel's id of what the chat shows. `repeats` says
    that sending it twice is harmless: an edit shows the same again, a card of the team carries its number.
    """

    not_before: datetime
    state: SendingState = SendingState.PENDING
    expires_at: datetime | None = None
    leased_until: datetime | None = None
    attempts: int = 0
    receipt: str = ""
    why: str = ""
    edits: str | None = None
    repeats: bool = False


class SendingTerms(Value):
    """What decides over a claim, as it stands in the transaction that claims, at `now`; `doubt` is that of the time.

    `has_opted_out`: the message obeys opt-outs and its customer wants none. `is_locked`: another process is changing
    the customer. `root` and `root_receipt` belong to the message that it edits; `campaign` is its campaign's state.
    """

    now: datetime
    has_opted_out: bool = False
    is_locked: bool = False
    root: SendingState | None = None
    root_receipt: str = ""
    campaign: CampaignState | None = None
    doubt: Doubt | None = None
