"""What this process counts: commits, decisions, deliveries that came in, sends, and errors of platforms.

Names follow prometheus.io/docs/practices/naming: the product's prefix, base units, `_total` for what only grows. No
label holds a customer, a ticket or a chat, so that there are few series however many people are served.
"""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import chain

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.handlers.deliveries import Outcome
from bot.handlers.outgoing.delivery_outcome import AttemptKind
from bot.process.alarms import ActiveAlarm
from bot.telemetry.otel_spans import Traces
from scoring.values import Value
from storage.connection.store import Store
from storage.model.records import InboxRow, OutboxMessage
from storage.reads.due import next_wake
from storage.reads.outbox import WaitingMessages, waiting_messages
from storage.text.waiting_sentences import noted_waiting
from storage.unit_of_work.jobs import Committed

__all__ = ["EXPOSITION_TYPE", "BacklogLevels", "Instruments", "read_levels"]

EXPOSITION_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""The media type of `Instruments.exposition`."""
_BATCHES = (1, 2, 5, 10, 20, 50, 100, 200)
_WAITS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds from asking for a decision until it is saved."""
_without_created: Callable[[], None] = disable_created_metrics
_without_created()  # a gauge beside each counter, of when a label was seen first, would double the series
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class BacklogLevels(Value):
    """What only the database knows, read when somebody asks: what waits, and when the next thing is due."""

    waiting: tuple[WaitingMessages, ...]
    next_due: datetime | None
    comments: int = 0
    """Responses that the encoder has still to read."""


async def read_levels(store: Store) -> BacklogLevels:
    """Return the levels now. Raises Unavailable."""
    waiting, due = await waiting_messages(store), await next_wake(store)
    return BacklogLevels(tuple(waiting), due, await noted_waiting(store))


class Instruments:
    """The counters of one process, each beginning at 0 when it starts, and its `traces`."""

    def __init__(self, traces: Traces | None = None) -> None:
        self.traces = traces or Traces()
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._commits = Counter("huifang_commits", "Batches saved in one transaction.", registry=registry)
        self._batch = Histogram(
            "huifang_commit_decisions", "Decisions saved by one commit.", buckets=_BATCHES, registry=registry
        )
        self._decision = Histogram(
            "huifang_decision_seconds", "Time until a decision is saved.", buckets=_WAITS, registry=registry
        )
        self._inbox = _counter(registry, "inbox_deliveries", "Deliveries that were stored.", "door", "outcome")
        self._sends = _counter(
            registry, "sends", "Messages that were tried, by what became of them.", "channel", "purpose", "outcome"
        )
        self._errors = _counter(
            registry, "platform_errors", "Calls to platforms that failed, by the platform's code.", "channel", "code"
        )
        self._hooks = _counter(registry, "webhook_sends", "Outgoing webhooks that were tried, by outcome.", "outcome")
        self._messages = _gauge(
            registry, "outbox_messages", "Messages that wait to be sent.", "channel", "purpose", "state"
        )
        self._oldest = _gauge(
            registry,
            "outbox_oldest_seconds",
            "How long ago the oldest of the messages that wait could have gone.",
            "channel",
            "purpose",
            "state",
        )
        self._lag = Gauge(
            "huifang_due_lag_seconds", "How long ago the oldest thing that is due fell due.", registry=registry
        )
        self._comments = Gauge(
            "huifang_waiting_comments", "Responses that the encoder of comments has still to read.", registry=registry
        )
        self._alarms = _gauge(registry, "alarm_active", "1 for each operator alarm of the last hour.", "alarm")

    def take(self, committed: Committed) -> None:
        """Count one commit; see `CommitFeed.subscribe`."""
        if not committed.decided:
            return
        self.traces.take(committed)
        self._commits.inc()
        self._batch.observe(len(committed.decided))
        for seconds in committed.waited:
            self._decision.observe(seconds)
        for record in chain.from_iterable(changes.records for changes in committed.decided):
            if isinstance(record, InboxRow):
                self._inbox.labels(record.door, record.outcome).inc()

    def sent(self, message: OutboxMessage, outcome: Outcome) -> None:
        """Count what became of a message."""
        self._sends.labels(message.channel, message.purpose, _snake(type(outcome).__name__)).inc()

    def call_failed(self, channel: str, code: str) -> None:
        """Count a call to a platform that failed."""
        self._errors.labels(channel, code).inc()

    def hook_attempted(self, outcome: AttemptKind) -> None:
        """Count an attempt to send an outgoing webhook."""
        self._hooks.labels(outcome).inc()

    def exposition(self, levels: BacklogLevels, alarms: list[ActiveAlarm], now: datetime) -> bytes:
        """Return everything in Prometheus' text format."""
        for gauge in (self._messages, self._oldest, self._alarms):
            gauge.clear()
        for one in levels.waiting:
            labels = (one.channel, one.purpose, one.state)
            self._messages.labels(*labels).set(one.count)
            self._oldest.labels(*labels).set(max(0.0, (now - one.since).total_seconds()))
        due = levels.next_due
        self._lag.set(max(0.0, (now - due).total_seconds()) if due is not None else 0.0)
        self._comments.set(levels.comments)
        for alarm in alarms:
            self._alarms.labels(alarm.name).set(1)
        return generate_latest(self._registry)


def _counter(registry: CollectorRegistry, name: str, what: str, *labels: str) -> Counter:
    return Counter(f"huifang_{name}", what, labels, registry=registry)


def _gauge(registry: CollectorRegistry, name: str, what: str, *labels: str) -> Gauge:
    return Gauge(f"huifang_{name}", what, labels, registry=registry)


def _snake(name: str) -> str:
    return _CAPITAL.sub("_", name).lower()
