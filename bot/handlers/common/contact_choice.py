"""Which chat reaches a customer, and why none does."""

from bot.handlers.common.context import Scene
from dialogs.invitation.machine import Reason
from storage.model.records import Contact, ContactState

__all__ = ["usable_contact", "why_unreachable"]


def usable_contact(scene: Scene, customer: str, shut: str = "") -> Contact | None:
    """Choose the chat to write to, not on a channel that is `shut`: where they spoke last, else the preferred one."""
    usable = [
        c
        for c in scene.snapshot.contacts(customer)
        if c.state is ContactState.OK and c.channel in scene.policy.channels and c.channel != shut
    ]
    return min(usable, key=lambda contact: _preference(scene, contact), default=None)


def why_unreachable(scene: Scene, customer: str) -> Reason:
    """Say why a customer without a usable contact cannot be written to."""
    blocked = (
        c.state is ContactState.BLOCKED for c in scene.snapshot.contacts(customer) if c.channel in scene.policy.channels
    )
    return Reason.BLOCKED if any(blocked) else Reason.NO_CONTACT


def _preference(scene: Scene, contact: Contact) -> tuple[float, int, str]:
    heard = -contact.heard_at.timestamp() if contact.heard_at else 0.0
    return heard, scene.policy.channels.index(contact.channel), contact.chat
