"""The sandbox's part in the process: what its page says comes in like every other channel's words."""

from collections.abc import Awaitable, Callable

from bot.channels.sandbox import parse
from bot.wiring.container import Container

__all__ = ["hear_sandbox"]


def hear_sandbox(container: Container) -> Callable[[bytes], Awaitable[object]] | None:
    """Return what takes one raw action of the page; None while there is no sandbox."""
    if container.sandbox is None:
        return None

    async def hear(raw: bytes) -> object:
        parsed = parse(raw, container.services.clock.now())
        place = parsed.inbound.place if parsed.inbound is not None else None
        return await container.services.receiver.hear(parsed, f"sandbox:{place.chat}" if place else "sandbox", raw)

    return hear
