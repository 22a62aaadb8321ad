"""Erased customers are recognized by a keyed hash, and by nothing else."""

import re

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.policy import Policy
from storage.model.registers import Tombstone, tombstone_of

__all__ = ["ERASED_DETAIL", "anonymous_id", "forgotten", "is_anonymous", "is_forgotten_chat", "tombstone_hash"]

_PREFIX = "gone_"
_ANONYMOUS = re.compile(rf"{_PREFIX}[0-9A-Za-z_-]{{22}}")

ERASED_DETAIL = "This customer asked to be forgotten. Nothing is kept of them, and nothing will be."


def anonymous_id(token: str) -> str:
    """Return the id that stands where a forgotten person stood, made with a fresh token of `SecretSource`."""
    return f"{_PREFIX}{token}"


def is_anonymous(customer: str) -> bool:
    """Return whether a customer's id is an `anonymous_id`: a help desk's own may begin like one."""
    return _ANONYMOUS.fullmatch(customer) is not None


def tombstone_hash(policy: Policy, *name: str) -> str:
    """Return the hash for a customer id, or for a channel and chat; the key is that of the links."""
    return tombstone_of(policy.links.key, *name)


def forgotten(context: DecisionContext, customer: str) -> Tombstone | None:
    """Return the tombstone of an erased customer (loaded when `Needs.tombstones` asks for it)."""
    return context.snapshot.tombstone(tombstone_hash(context.policy, customer))


def is_forgotten_chat(context: DecisionContext, channel: str, chat: str) -> bool:
    """Return whether this chat belonged to an erased customer; only they can bind it again."""
    return context.snapshot.tombstone(tombstone_hash(context.policy, channel, chat)) is not None
