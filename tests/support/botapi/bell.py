"""Waiting until something that the bot did can be seen."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

__all__ = ["Bell"]

T = TypeVar("T")


class Bell:
    """Rings whenever something changed; those who wait look again."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self._event.set()
        self._event = asyncio.Event()

    async def found(self, look: Callable[[], T | None], within: float) -> T | None:
        """Look now and after every ring; None when nothing is found within so many seconds."""
        try:
            async with asyncio.timeout(within):
                while (sight := look()) is None:
                    await self._event.wait()
                return sight
        except TimeoutError:
            return None

    async def until(self, look: Callable[[], T | None], within: float, story: Callable[[], str]) -> T:
        """Look until something is found; raises AssertionError with the story when it takes too long."""
        sight = await self.found(look, within)
        if sight is None:
            raise AssertionError(f"not within {within} s: {story()}")
        return sight
