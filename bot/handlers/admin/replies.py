"""Ways to answer an admin: in the chat, in the message they pressed, or briefly over it."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.replies import answer, locale_at
from dialogs.ids import derive
from dialogs.messages import Inbound, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Acknowledgement, Changes

__all__ = ["locale_for", "pressed", "shown_in_place", "toast"]


def locale_for(context: DecisionContext, inbound: Inbound) -> str:
    """Return the language: the team's in its chat, else that of whoever speaks."""
    return context.policy.locale if inbound.place in context.policy.team else locale_at(context, inbound)


def pressed(context: DecisionContext, inbound: Inbound) -> tuple[str, str]:
    """Name the message pressed by our id; and by the channel's, where ours is not written down yet."""
    place = inbound.place
    root = context.snapshot.message_with(place.channel, place.chat, inbound.message)
    if root is not None:
        return root.id, ""
    return derive("out", "pressed", place.channel, place.chat, inbound.message), inbound.message


def shown_in_place(context: DecisionContext, inbound: Inbound, prompt: Prompt) -> OutboxMessage:
    """Make the message pressed say this."""
    edits, receipt = pressed(context, inbound)
    shown = answer(context, inbound, prompt)
    return replace(shown, id=derive("out", "edit", inbound.key), edits=edits, receipt=receipt)


def toast(context: DecisionContext, inbound: Inbound, key: str, **values: object) -> Changes:
    """Answer a press with a phrase over the chat."""
    text = context.policy.phrases.say(locale_for(context, inbound), key, **values)
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback, text, alert=True),))
