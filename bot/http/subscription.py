"""The one-time subscription "tell me when it is fixed", for which WeChat's own button on the page asks."""

import asyncio
from collections.abc import Mapping

from bot.ports import SubscriptionSource
from scoring.values import Value

__all__ = ["Offer", "offer"]

_WITHIN = 2.0
"""Seconds that the thanks may wait for WeChat's signature; without it there is no offer."""


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
