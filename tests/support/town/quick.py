"""A town of one journey alone: its product starts warm, for the shared town has proved that it starts cold."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.town.town import Town, town_at

__all__ = ["quick_town_at"]


@asynccontextmanager
async def quick_town_at(folder: Path, mode: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Town]:
    """Found a town whose product runs; afterwards the town is checked."""
    async with town_at(folder, mode, settings, warm=True) as town:
        await town.product.start()
        yield town
        await town.check()
