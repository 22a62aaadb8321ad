"""Where an admin follows a campaign: one message, its step, and whether typed words answer it."""

from hashlib import blake2b

import msgspec

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.outbox_rows import message_in_chat
from bot.handlers.common.policy import Policy
from bot.handlers.common.turn import TurnContext
from dialogs.campaign.model import Campaign
from dialogs.ids import derive
from dialogs.messages import Address, Inbound, Prompt, Text
from scoring.values import Value, replace
from storage.model.note_keys import campaign_chat_key, typing_key
from storage.model.records import Note, OutboxMessage
from storage.unit_of_work.changes import Changes

__all__ = ["Following", "followed", "note_typing", "show_and_keep", "typing_key_at", "unfollowed"]


class Following(Value):
    """Where a campaign is followed: `message` is the outbox id, `shown` a digest of its last contents.

    `receipt` is the channel's message id, kept only where the message was pressed before its receipt was stored.
    """

    channel: str
    chat: str
    message: str
    step: str
    who: str
    locale: str
    shown: str = ""
    receipt: str = ""


def followed(context: DecisionContext, campaign: str) -> Following | None:
    """Return where a campaign is followed, None where nobody follows it."""
    note = context.snapshot.note(campaign_chat_key(campaign))
    return msgspec.json.decode(note.value, type=Following) if note is not None and note.value else None


def show_and_keep(context: DecisionContext, campaign: Campaign, following: Following, prompt: Prompt) -> Changes:
    """Return the edit of a campaign's message and the note that keeps its digest; empty where both are unchanged."""
    digest = blake2b(msgspec.json.encode(prompt), digest_size=8).hexdigest()
    before = followed(context, campaign.id)
    changes = Changes()
    if digest != following.shown:
        shown = _edit(context, following, prompt, digest)
        changes += Changes((shown,))
    now = replace(following, shown=digest)
    return (
        changes
        if now == before
        else changes + Changes((_note(context, campaign_chat_key(campaign.id), _encoded(now)),))
    )


def _edit(context: DecisionContext, following: Following, prompt: Prompt, cause: str) -> OutboxMessage:
    """Return the edit of a followed message."""
    place = Address(following.channel, following.chat)
    message_id = derive("out", following.message, cause, context.now.isoformat())
    shown = message_in_chat(context, place, prompt, message_id)
    return replace(shown, edits=following.message, receipt=following.receipt)


def unfollowed(context: DecisionContext, campaign: str) -> Changes:
    """Delete the link from a campaign to its message, which shows something else now."""
    note = context.snapshot.note(campaign_chat_key(campaign))
    return Changes((_note(context, note.key, ""),)) if note is not None and note.value else Changes()


def typing_key_at(inbound: Inbound, policy: Policy) -> str:
    """Return the key of the note that says which campaign's question typed words answer here.

    In a real group only replies to the question count, since people talk there; in a simulated one all words do.
    """
    place, said = inbound.place, inbound.said
    message = said.replies_to if isinstance(said, Text) else inbound.message
    talks = place in policy.team and not policy.can(place.channel).simulated
    return typing_key(place.channel, f"{place.chat}:{message}" if talks else place.chat)


def note_typing(turn: TurnContext, campaign: str) -> Changes:
    """Record which campaign's question typed words answer in this chat; empty for none."""
    key = typing_key_at(turn.inbound, turn.policy)
    note = turn.snapshot.note(key)
    before = note.value if note is not None else ""
    return Changes() if not campaign and not before else Changes((_note(turn.context, key, campaign),))


def _note(context: DecisionContext, key: str, value: str) -> Note:
    before = context.snapshot.note(key)
    return replace(before, value=value, at=context.now) if before is not None else Note(key, value, context.now)


def _encoded(following: Following) -> str:
    return msgspec.json.encode(following).decode()
