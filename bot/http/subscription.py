"""The one-time subscription "tell me when it is fixed", for which WeChat's own button on the page asks."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from scoring.values import Value

__all__ = ["Offer", "SubscriptionSource", "offer"]

_WITHIN = 2.0
"""Seconds that the thanks may wait for WeChat's signature; without it there is no offer."""


class SubscriptionSource(Protocol):
    """What WeChat's button needs. The consent itself comes by WeChat's event, not from the page."""

    @property
    def template_id(self) -> str:
        """Return the template of which one message may then be sent."""

    async def config(self, url: str) -> Mapping[str, object]:
        """Return a page's signature for the JS-SDK: `appId timestamp nonceStr signature`, as `wx.config` takes them.

        `url` is the page's whole address without `#`. Raises LookupError where there is none now.
        """


class Offer(Value):
    """What a button needs that can be shown now."""

    template: str
    config: Mapping[str, object]


async def offer(subscription: SubscriptionSource, url: str) -> Offer | None:
    """Return what the button needs, None where WeChat does not give it in time."""
    try:
        async with asyncio.timeout(_WITHIN):
            return Offer(subscription.template_id, await subscription.config(url))
    except (LookupError, TimeoutError):
        return None
