"""Ways to answer an admin: in the chat, in the message they pressed, or briefly over it."""

from bot.handlers.replies import answer, locale_at
from bot.handlers.scene import Scene
from dialogs.ids import derive
from dialogs.messages import Inbound, Prompt
from scoring.values import replace
from storage.changes import Acknowledgement, Changes
from storage.records import OutboxMessage

__all__ = ["locale_for", "root_of", "shown_in_place", "toast"]


def locale_for(scene: Scene, inbound: Inbound) -> str:
    """Give the language: the team's in its chat, else that of whoever speaks."""
    return scene.policy.locale if inbound.place in scene.policy.team else locale_at(scene, inbound)


def root_of(scene: Scene, inbound: Inbound) -> OutboxMessage | None:
    """Give the message of ours that was pressed, None when it is not known any more."""
    place = inbound.place
    return scene.snapshot.message_with(place.channel, place.chat, inbound.message) if inbound.message else None


def shown_in_place(scene: Scene, inbound: Inbound, prompt: Prompt) -> OutboxMessage:
    """Make the message pressed say this; a new message where it is not known any more."""
    root = root_of(scene, inbound)
    shown = answer(scene, inbound, prompt)
    return replace(shown, id=derive("out", "edit", inbound.key), edits=root.id) if root is not None else shown


def toast(scene: Scene, inbound: Inbound, key: str, **values: object) -> Changes:
    """Answer a press with a phrase over the chat."""
    text = scene.policy.phrases.say(locale_for(scene, inbound), key, **values)
    return Changes(acknowledgements=(Acknowledgement(inbound.place.channel, inbound.callback, text, alert=True),))
