"""The role `web`: the web server with what the process is made of."""

import logging
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

from bot.http.app import create_app
from bot.http.context import Desks, Readiness, Web
from bot.http.helpdesks.desk_retries import DeskRetries
from bot.http.scopes import ApiKey
from bot.http.server.connections import ConnectionLimits, Connections
from bot.http.server.metrics_page import metrics_app
from bot.http.server.request_ids import traced
from bot.http.server.serve import serve_http
from bot.http.sessions import ConsoleSessions
from bot.jobs.sample.sample_database import SampleDatabase
from bot.process.alarms import FAILED_DELIVERIES
from bot.process.server_sockets import METRICS_KEYS, listening_problem
from bot.telemetry.instruments import read_levels
from bot.wiring.connectors import connector_options
from bot.wiring.container import Container
from config.values.key_scopes import bare_key, scope_of
from config.values.urls_and_zones import ListenAddress
from storage.model.errors import NOT_SAVED
from storage.reads.probe import can_write

__all__ = ["retry_desks", "scraped", "serve_metrics", "serve_web"]

logger = logging.getLogger(__name__)
_SCRAPERS = 16
"""Connections at once on the port of the metrics: a few servers scrape, each over one."""


async def serve_web(container: Container, sockets: Sequence[socket.socket]) -> None:
    """Serve the API, the webhooks and the pages until cancelled. Raises ConfigError where it cannot listen."""
    settings, http = container.settings, container.settings.http
    keeper = ConsoleSessions(container.services.clock, container.services.secrets)
    web = _context(container, keeper)

    def listening() -> None:
        logger.info("listening on http://%s, port %s", http.host, http.port)
        if web.simulated is not None:
            _greet(f"{http.public_url}/console/enter?key={keeper.invite()}")

    limits = ConnectionLimits(http.connections, http.connections_per_address, http.proxies)
    try:
        await serve_http(
            traced(create_app(web), container.instruments.traces),
            sockets,
            Connections(limits, container.alarms),
            listening,
        )
    except OSError as error:
        raise listening_problem(error, http.host, http.port, settings.where) from None


async def serve_metrics(container: Container, sockets: Sequence[socket.socket], listen: ListenAddress) -> None:
    """Serve the process's metrics on `metrics.listen` until cancelled. Raises ConfigError where it cannot listen."""

    def listening() -> None:
        logger.info("metrics on http://%s/metrics", listen)

    limits = ConnectionLimits(most=_SCRAPERS, most_per_address=_SCRAPERS)
    try:
        app = metrics_app(lambda: scraped(container))
        await serve_http(app, sockets, Connections(limits, container.alarms), listening)
    except OSError as error:
        where = container.settings.where
        raise listening_problem(error, listen.host, listen.port, where, METRICS_KEYS) from None


async def retry_desks(container: Container) -> None:
    """Decide again, until cancelled, what help desks delivered and a mistake of ours kept from being decided."""
    services = container.services
    desks = Desks(services.receiver, services.reader, services.clock, connector_options(container.settings))
    await DeskRetries(desks, container.failed, container.alarms).run()


async def scraped(container: Container) -> bytes:
    """Return the metrics of a process in Prometheus' text format. Raises Unavailable."""
    services = container.services
    levels, standing = await read_levels(services.store), container.alarms.standing()
    return container.instruments.exposition(levels, standing, services.clock.now())


def _context(container: Container, keeper: ConsoleSessions) -> Web:
    settings, services, connections = container.settings, container.services, container.connections
    return Web(
        receiver=services.receiver,
        reader=services.reader,
        clock=services.clock,
        secrets=services.secrets,
        console=keeper,
        ready=lambda: _readiness(container),
        failed=container.failed,
        scrape=lambda: scraped(container),
        hooks=services.hooks,
        forms=services.forms,
        bindable=container.able_to(lambda can: can.binding),
        webhooks={name: each.webhook for name, each in connections.items() if each.webhook is not None},
        public_url=settings.http.public_url,
        docs=settings.http.docs,
        api_keys=tuple(_api_key(entry.get_secret_value()) for entry in settings.api.keys),
        connectors=connector_options(settings),
        refused=container.refused,
        hooks_secrets=tuple(secret.get_secret_value() for secret in settings.hooks.secret),
        subscription=next((each.subscription for each in connections.values() if each.subscription), None),
        simulated=next((each.simulated for each in connections.values() if each.simulated), None),
        tell_language=container.hints.publish_language,
        sample=SampleDatabase(services.store, services.writer, services.reader, services.receiver, services.clock),
        imports=services.imports,
    )


def _api_key(entry: str) -> ApiKey:
    return ApiKey(bare_key(entry), scope_of(entry))


async def _readiness(container: Container) -> Readiness:
    """Return the state for probes; failed deliveries stay a line for as long as they are kept, not only for an hour."""
    if not await can_write(container.services.writer):
        return Readiness(writable=False, alarms=_lines(container))
    try:
        failed = await container.failed.look()
    except NOT_SAVED:
        return Readiness(writable=False, alarms=_lines(container))
    alarms = _lines(container)
    if failed and not any(line.startswith(f"{FAILED_DELIVERIES}: ") for line in alarms):
        text = f"{failed} deliveries could not be decided and are kept; see `huifang inbox list`"
        alarms += (f"{FAILED_DELIVERIES}: {text}",)
    return Readiness(alarms=alarms, failed=failed)


def _lines(container: Container) -> tuple[str, ...]:
    return tuple(f"{alarm.name}: {alarm.text}" for alarm in container.alarms.standing())


def _greet(link: str) -> None:
    """Show the way in on the terminal; the link is a secret, so it goes to no log."""
    with suppress(OSError):  # nobody is at the terminal any more
        print(f"\n  回访沙盒 · Sandbox\n\n  打开 · open  {link}\n", file=sys.stderr, flush=True)  # noqa: T201 - not a log line
