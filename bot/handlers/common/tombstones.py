"""Who was forgotten is known again by a keyed hash, and by nothing else."""

from bot.handlers.common.context import Scene
from bot.handlers.common.policy import Policy
from storage.model.registers import Tombstone, tombstone_of

__all__ = ["GONE", "NAMELESS", "forgotten", "is_forgotten_chat", "stone_of"]

NAMELESS = "gone_"
"""How the ids begin that stand where a forgotten person stood."""

GONE = "This customer asked to be forgotten. Nothing is kept of them, and nothing will be."


def stone_of(policy: Policy, *name: str) -> str:
    """Give the hash for a customer id, or for a channel and chat; the key is that of the links."""
    return tombstone_of(policy.links.key, *name)


def forgotten(scene: Scene, customer: str) -> Tombstone | None:
    """Give what is left of a customer who was forgotten (loaded when `Needs.tombstones` asked for it)."""
    return scene.snapshot.tombstone(stone_of(scene.policy, customer))


def is_forgotten_chat(scene: Scene, channel: str, chat: str) -> bool:
    """Say whether somebody was forgotten who was reached in this chat; only they themselves can open it again."""
    return scene.snapshot.tombstone(stone_of(scene.policy, channel, chat)) is not None
