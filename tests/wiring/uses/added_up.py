"""Uses of the database by what adds up and keeps figures, for the places that are made to fail."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.rollups import RollupJob
from storage.rollups.figure_store import KeptFigures

__all__ = ["KEEPING_USES"]


async def _add_up(desk: Any) -> None:  # noqa: ANN401 (the desk of the uses)
    services = desk.container.services
    await RollupJob(services.store, services.writer, lambda: services.receiver.policy.timezone).look()


async def _keep_figures(desk: Any) -> None:  # noqa: ANN401 (as above)
    services, kept = desk.container.services, KeptFigures("key", "0", "{}")
    calendar, reader = services.receiver.policy.calendar, services.reader
    reader.kept.offer([kept])
    job = FigureJob(services.store, services.writer, reader, lambda: calendar, services.clock.now)
    await job.store_offered()
    await job.look_ahead()
    await reader.kept.find([kept.key], kept.changes)
    await reader.kept.known([kept.key], kept.changes)


async def _read_what_is_not_kept(desk: Any) -> None:  # noqa: ANN401 (as above)
    services = desk.container.services
    reader, now = services.reader, services.clock.now()
    await reader.told_of(now, now)
    await reader.walked_surveys(now, now)
    await reader.repeated_visits(now, now)


KEEPING_USES: Mapping[str, Callable[[Any], Awaitable[object]]] = {
    "add ratings up": _add_up,
    "keep figures": _keep_figures,
    "read what no figure tells": _read_what_is_not_kept,
}
"""What each of them is called, and does with a process."""
