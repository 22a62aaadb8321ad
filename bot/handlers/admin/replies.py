"""Ways to answer an admin: in the chat, in the message they pressed, or briefly over it."""

from bot.handlers.common.context import Scene
from bot.handlers.common.replies import answer, locale_at
from dialogs.ids import derive
from dialogs.messages import Inbound, Prompt
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Acknowledgement, Changes

__all__ = ["locale_for", "pressed", "shown_in_place", "toast"]


def locale_for(scene: Scene, inbound: Inbound) -> str:
    """Give the language: the team's in its chat, else that of whoever speaks."""
    return scene.policy.locale if inbound.place in scene.policy.team else locale_at(scene, inbound)


def pressed(scene: Scene, inbound: Inbound) -> tuple[str, str]:
    """Name the message pressed by our id; and by the channel's, where ours is not written down yet."""
    place = inbound.place
    root = scene.snapshot.message_with(place.channel, place.chat, inbound.message)
    if root is not None:
        return root.id, ""
    return derive("out", "pressed", place.channel, place.chat, inbound.message), inbound.message


def shown_in_place(scene: Scene, inbound: Inbound, prompt: Prompt) -> OutboxMessage:
    """Make the message pressed say this."""
    edits, receipt = pressed(scene, inbound)
    shown = answer(scene, inbound, prompt)
    return replace(shown, id=derive("out", "edit", inbound.key), edits=edits, receipt=receipt)


def toast(scene: Scene, inbound: Inbound, key: str, **values: object) -> Changes:
    """Answer a press with a phrase over the chat."""
    text = scene.policy.phrases.say(locale_for(scene, inbound), key, **values)
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback, text, alert=True),))
