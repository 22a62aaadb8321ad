"""The process: what works in which role, how it starts, how it stops."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from pathlib import Path

import uvloop

from bot.channels.registry import CHANNELS
from bot.control.commands import CONTROL_COMMANDS
from bot.control.execute import execute
from bot.control.helpdesks.desk_commands import desk_commands
from bot.control.inbox import inbox_commands
from bot.control.socket_client import is_served
from bot.control.socket_path import socket_path
from bot.control.socket_server import serve_commands
from bot.jobs.backups.nightly_backup import NightlyBackupJob
from bot.jobs.backups.restored_doubts import RestoredDoubts
from bot.jobs.digest import DigestJob
from bot.jobs.figures.figure_job import FigureJob
from bot.jobs.imports.upload_job import UploadJob
from bot.jobs.improvement.finding_terms import FindingTermJob
from bot.jobs.improvement.low_item_search import LowItemJob
from bot.jobs.reports.scheduled_reports import ScheduledReportJob
from bot.jobs.retention import RetentionJob, housekeeping_periods, retention_periods
from bot.jobs.rollups import RollupJob
from bot.jobs.team_warnings.clock_warnings import ClockWarningJob
from bot.jobs.team_warnings.control_charts import EarlyWarningJob
from bot.jobs.team_warnings.recurrences import RecurrenceJob
from bot.jobs.text.comment_reader import CommentReadingJob
from bot.jobs.text.phrase_search import PhraseMiningJob
from bot.jobs.text.sentence_reader import SentenceReadingJob
from bot.process.database_watch import DatabaseWatch
from bot.process.interrupts import call_when_ended
from bot.process.logs import log_loop_error, set_up_logs
from bot.process.server_sockets import METRICS_KEYS, bound_sockets
from bot.process.singletons import keep_trying, run_singleton
from bot.process.trusted_clock import ClockWatch
from bot.wiring.container import Container, open_container
from config.settings.loading import secrets_of
from config.settings.settings import Settings
from storage.backups.backup import backup_folder
from storage.dialects import passwords_in
from storage.model.errors import InUse

__all__ = ["ROLES", "serve"]

ROLES = ("web", "poll", "send", "tick")
logger = logging.getLogger(__name__)
_SWITCH_WITHIN = 0.0002
"""Seconds. With Python's own 5 ms the database's thread would wait that long for its turn, at each statement."""
_WAITS_FOR_COMMANDS = 15.0
"""Seconds for which the start waits for a command that has the database, as a command waits for a start."""
_LOOKS_EVERY = 0.1
_COLLECT_AFTER = 100_000
"""Objects made and kept before young garbage is looked for: more than 200 messages under way, which hold 20,000.

To look takes 10 ms and more, while nothing else runs, and hardly any objects form cycles.
"""


def serve(settings: Settings, roles: Sequence[str], batch_limit: int = 200, *, sandbox: bool = False) -> None:
    """Run until SIGTERM or SIGINT; whatever is cut off is taken up at the next start. See `open_container`."""
    hidden = [*secrets_of(settings), *passwords_in(settings.database.url.get_secret_value())]
    set_up_logs(hidden, chatty=[name for channel in CHANNELS for name in channel.loggers])
    uvloop.run(_run(settings, roles, batch_limit, sandbox=sandbox))


async def _run(settings: Settings, roles: Sequence[str], batch_limit: int, *, sandbox: bool) -> None:
    """Serve until a signal, which also ends what is still starting."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    call_when_ended(loop, stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)  # whoever sends it while we start does not mean to end us
    serving = asyncio.ensure_future(_serve(settings, roles, batch_limit, sandbox=sandbox))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, serving):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def _serve(settings: Settings, roles: Sequence[str], batch_limit: int, *, sandbox: bool) -> None:
    """Run the roles until cancelled. The port comes first: without it nothing is opened or changed."""
    async with (
        _bound(settings, roles) as sockets,
        _bound_for_metrics(settings) as scraped,
        _opened_once_free(settings, batch_limit, sandbox=sandbox) as container,
    ):
        asyncio.get_running_loop().set_exception_handler(log_loop_error)
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, container.rule_watch.look_again)
        inside = container.services
        await RestoredDoubts(inside.store, inside.receiver, inside.reader, inside.clock).settle()
        await container.failed.retry_all()
        jobs = [*_work(container, roles, sockets), *_metrics(container, scraped)]
        _tune()
        await _until_one_fails(jobs)


@asynccontextmanager
async def _opened_once_free(settings: Settings, batch_limit: int, *, sandbox: bool) -> AsyncIterator[Container]:
    """Open what a process works with, once a command such as `doctor` no longer has the database.

    Raises what `open_container` raises, and InUse where another service has it, or a command for too long.
    """
    clock = asyncio.get_running_loop().time
    until, container, has_told = clock() + _WAITS_FOR_COMMANDS, None, False
    async with AsyncExitStack() as stack:
        while container is None:
            try:
                container = await stack.enter_async_context(open_container(settings, batch_limit, sandbox=sandbox))
            except InUse as busy:
                if clock() > until or is_served(settings):
                    raise
                if not has_told:
                    logger.warning("waiting up to %.0f s for the database: %s", _WAITS_FOR_COMMANDS, busy)
                has_told = True
                await asyncio.sleep(_LOOKS_EVERY)
        yield container


def _bound(settings: Settings, roles: Sequence[str]) -> AbstractAsyncContextManager[list[socket.socket]]:
    return bound_sockets(settings.http.host, settings.http.port, settings.where) if "web" in roles else nullcontext([])


def _bound_for_metrics(settings: Settings) -> AbstractAsyncContextManager[list[socket.socket]]:
    listen = settings.metrics.listen
    return nullcontext([]) if listen is None else bound_sockets(listen.host, listen.port, settings.where, METRICS_KEYS)


def _metrics(container: Container, sockets: Sequence[socket.socket]) -> Iterator[Awaitable[None]]:
    """Return what gives out the metrics of a process, whatever its roles."""
    listen = container.settings.metrics.listen
    if listen is not None:
        from bot.web import serve_metrics  # noqa: PLC0415 (only a process that is scraped needs it)

        yield serve_metrics(container, sockets, listen)


def _work(container: Container, roles: Sequence[str], sockets: Sequence[socket.socket]) -> list[Awaitable[None]]:
    """Return what each role does."""
    inside = container.services
    by_role: dict[str, Callable[[], Iterable[Awaitable[None]]]] = {
        "web": lambda: _web(container, sockets),
        "poll": lambda: _polling(container),
        "send": lambda: [
            _alone(container, "send", container.sender.run),
            _alone(container, "webhooks", container.hook_sender.run),
            *_set_up(container),
        ],
        "tick": lambda: [
            _alone(container, "tick", container.scheduler.run),
            _alone(container, "tidy", _chores(container)),
            _alone(container, "import", UploadJob(inside.imports, inside.clock, container.alarms).run),
        ],
    }
    database = DatabaseWatch(container.services.writer, container.alarms, container.services.clock)
    clock = ClockWatch(container.services.clock, container.services.writer, container.alarms)
    jobs = [
        database.run(),
        clock.run(),
        container.failed.watch(),
        container.services.duplicates.run(),
        container.services.phrases.run(),
        keep_trying("hints", container.hints.run, container.alarms),
        _control(container),
        *(job for role in ROLES if role in roles for job in by_role[role]()),
    ]
    return [*jobs, container.rule_watch.run()]  # every role decides: a poller or sender may plan a survey as well


def _web(container: Container, sockets: Sequence[socket.socket]) -> Iterator[Awaitable[None]]:
    from bot.web import retry_desks, serve_web  # noqa: PLC0415 (a process that does not serve the web needs no framework)

    yield serve_web(container, sockets)
    yield retry_desks(container)
    ways = (connection.learn for connection in container.connections.values() if connection.learn is not None)
    yield from (keep_trying("learn", learn, container.alarms) for learn in ways)


def _polling(container: Container) -> Iterator[Awaitable[None]]:
    """Return what fetches from the channels that are polled, in one process of all."""
    polls = [connection.poll for connection in container.connections.values() if connection.poll is not None]

    async def poll_all() -> None:
        await asyncio.gather(*(poll() for poll in polls))

    if polls:
        yield _alone(container, "poll", poll_all)


def _alone(container: Container, role: str, work: Callable[[], Awaitable[None]]) -> Awaitable[None]:
    """Run work that one process of all may do."""
    return run_singleton(container.services.store, role, work, container.alarms)


def _set_up(container: Container) -> Iterator[Awaitable[None]]:
    ways = (connection.set_up for connection in container.connections.values() if connection.set_up is not None)
    return (keep_trying("set_up", set_up, container.alarms) for set_up in ways)


def _chores(container: Container) -> Callable[[], Awaitable[None]]:
    """Return what comes again by the calendar: retention, the digest, the sums of ratings, and early warning."""
    settings, services = container.settings, container.services
    digest = DigestJob(
        services.receiver,
        services.reader,
        services.clock,
        container.alarms,
        settings.team.digest,
        services.receiver.policy.timezone,
    )

    rollups = RollupJob(services.store, services.writer, lambda: services.receiver.policy.timezone)

    warning = EarlyWarningJob(
        services.receiver, services.reader, services.clock, container.alarms, settings.watch.at, settings.watch.after
    )

    clocks = ClockWarningJob(services.receiver, services.reader, services.clock, container.alarms)

    recurrences = RecurrenceJob(services.receiver, services.reader, services.clock, container.alarms)
    reports = ScheduledReportJob(services.receiver, services.reader, services.clock, container.alarms)
    findings = FindingTermJob(services.receiver, services.reader, services.clock, container.alarms)
    low_items = LowItemJob(services.receiver, services.reader, services.clock, container.alarms, settings.watch.after)
    inside = (services.store, services.writer, services.receiver, services.reader, services.clock, container.alarms)
    words = (CommentReadingJob(*inside), SentenceReadingJob(*inside), PhraseMiningJob(*inside))
    kept = FigureJob(
        services.store, services.writer, services.reader, lambda: services.receiver.policy.calendar, services.clock.now
    )
    sums = (rollups, kept)
    jobs = (digest, *sums, warning, clocks, recurrences, findings, low_items, reports, *words, _backup(container))

    async def chores() -> None:
        await asyncio.gather(_retention(container).run(), *(job.run() for job in jobs))

    return chores


def _backup(container: Container) -> NightlyBackupJob:
    settings, services = container.settings, container.services
    url = settings.database.url.get_secret_value()
    return NightlyBackupJob(
        receiver=services.receiver,
        clock=services.clock,
        alarms=container.alarms,
        url=url,
        folder=backup_folder(url, Path.cwd()),
        when=settings.backup.at,
        keep=settings.backup.keep,
        zone=services.receiver.policy.timezone,
    )


def _retention(container: Container) -> RetentionJob:
    keeping = retention_periods(container.settings.retention)
    return RetentionJob(
        container.services.store,
        container.services.writer,
        container.services.reader,
        container.services.clock,
        keeping,
        container.alarms,
        housekeeping_periods(container.settings.retention, container.services.receiver.policy.capabilities),
    )


def _control(container: Container) -> Awaitable[None]:
    """Serve the control socket; on PostgreSQL there is none."""
    place = socket_path(container.settings.database.url.get_secret_value())
    commands = {
        **CONTROL_COMMANDS,
        **inbox_commands(container.failed),
        **desk_commands(container.settings, container.refused),
    }
    return serve_commands(place, lambda request: execute(container.services, commands, request))


async def _until_one_fails(jobs: Iterable[Awaitable[None]]) -> None:
    """Run the jobs until cancelled; one that fails stops the process, so that it is started anew as a whole."""
    working = {asyncio.ensure_future(job) for job in jobs}
    try:
        while working:
            done, working = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
    finally:
        await _cancel(working)


async def _cancel(jobs: Iterable[asyncio.Future[None]]) -> None:
    waiting = list(jobs)
    for job in waiting:
        job.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def _tune() -> None:
    """Shorten the interpreter's switch interval for the database's thread, and freeze what is loaded."""
    sys.setswitchinterval(_SWITCH_WITHIN)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
