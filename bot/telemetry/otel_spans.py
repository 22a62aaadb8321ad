"""OpenTelemetry traces of a process: its requests, decisions, commits and sends; none where no endpoint is set.

The library is an extra (`pip install 'huifang[otel]'`) and imported only where traces are on. No attribute holds a
customer, a ticket, a chat or a text.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.ports import Clock
from config.errors import ConfigErrors
from config.settings.group import mistake
from config.settings.settings import Settings
from storage.model.records import OutboxMessage
from storage.unit_of_work.jobs import Committed

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.util.types import AnyValue

__all__ = ["RequestEnd", "Traces", "open_traces"]

_SECOND = 1_000_000_000
"""Nanoseconds."""
_PATH = "/v1/traces"
_FAILED = 500
RequestEnd = Callable[[str, int], None]
"""Takes the route's template and the status of an answer."""


class Traces:
    """Notes spans with a provider; nothing where there is none."""

    def __init__(self, clock: Clock | None = None, provider: "TracerProvider | None" = None) -> None:
        self._clock, self._provider = clock, provider
        self._tracer = provider.get_tracer("huifang") if provider is not None else None

    @property
    def is_on(self) -> bool:
        """Return whether anything is noted."""
        return self._tracer is not None

    def take(self, committed: Committed) -> None:
        """Note a commit and, inside of it, each decision from being asked for until it was saved."""
        if self._tracer is None or self._clock is None or not committed.decided:
            return
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 (an extra)

        end = int(self._clock.now().timestamp() * _SECOND)
        begins = [end - int(seconds * _SECOND) for seconds in committed.waited]
        commit = self._tracer.start_span(
            "commit",
            start_time=min(begins, default=end),
            attributes={"huifang.decisions": len(committed.decided)},
        )
        inside = set_span_in_context(commit)
        for changes, begin in zip(committed.decided, begins, strict=False):
            kinds = sorted({type(record).__name__ for record in changes.records})
            attributes: dict[str, AnyValue] = {"huifang.records": len(changes.records), "huifang.kinds": kinds}
            self._tracer.start_span("decision", context=inside, start_time=begin, attributes=attributes).end(end)
        commit.end(end)

    @contextmanager
    def sending(self, message: OutboxMessage) -> Iterator[None]:
        """Note the block as the sending of a message."""
        if self._tracer is None:
            yield
            return
        from opentelemetry.trace import SpanKind  # noqa: PLC0415 (an extra)

        attributes = {"huifang.channel": message.channel, "huifang.purpose": message.purpose}
        with self._tracer.start_as_current_span("send", kind=SpanKind.CLIENT, attributes=attributes):
            yield

    @contextmanager
    def request(self, method: str, headers: Mapping[str, str]) -> Iterator[RequestEnd]:
        """Note the block as a request, below the caller's span where its headers tell one (W3C Trace Context)."""
        if self._tracer is None:
            yield lambda _route, _status: None
            return
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 (an extra)
        from opentelemetry.trace.propagation import tracecontext  # noqa: PLC0415 (an extra)

        above = tracecontext.TraceContextTextMapPropagator().extract(headers)
        with self._tracer.start_as_current_span(
            method, context=above, kind=SpanKind.SERVER, attributes={"http.request.method": method}
        ) as span:

            def end(route: str, status: int) -> None:
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                if status >= _FAILED:
                    span.set_status(Status(StatusCode.ERROR))

            yield end

    def close(self) -> None:
        """Send what is noted, and end."""
        if self._provider is not None:
            self._provider.shutdown()


def open_traces(settings: Settings, clock: Clock) -> Traces:
    """Return what notes spans and sends them to the collector of `traces.endpoint`; nothing where there is none.

    Raises ConfigErrors where the library is not installed.
    """
    endpoint = settings.traces.endpoint
    if endpoint is None:
        return Traces()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 (an extra)
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 (an extra)
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 (an extra)
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 (an extra)
    except ImportError:
        problem, fix = "Traces need OpenTelemetry, which is not installed.", "pip install 'huifang[otel]'."
        raise ConfigErrors([mistake(settings, "traces.endpoint", problem, fix)]) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "huifang"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint + _PATH)))
    return Traces(clock, provider)
