"""Channels as tests want them: a policy under which one can do something else, a platform's call without a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.handlers.common.policy import Policy
from scoring.values import replace

__all__ = ["PlatformCall", "able"]


def able(policy: Policy, channel: str, **changed: Any) -> Policy:  # noqa: ANN401 (fields of Capabilities)
    """Return the policy under which a channel's capabilities are changed."""
    capabilities = {**policy.capabilities, channel: replace(policy.can(channel), **changed)}
    return replace(policy, capabilities=capabilities)


@dataclass(frozen=True, slots=True)
class PlatformCall:
    """A call to a webhook (`bot.channels.webhooks.WebhookCall`)."""

    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b"{}"

    def header(self, name: str) -> str:
        """Return a header, empty where it is missing."""
        return self.headers.get(name, "")

    async def body(self) -> bytes:
        """Return the body."""
        return self.raw
