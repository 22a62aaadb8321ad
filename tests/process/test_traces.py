"""Traces: a process sends spans of what it does to a collector, and none tells of whom; off, nothing is loaded."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.http.server.request_ids import traced
from bot.process.system import SystemClock
from bot.telemetry.otel_spans import Traces, open_traces
from config.errors import ConfigErrors
from config.settings.settings import Settings, TraceSettings
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.jobs import Committed
from tests.house.tree import ROOT
from tests.support.ports import reserved_port
from tests.support.process import product_at
from tests.support.web.house import House, open_house

TRACE = "0af7651916cd43dd8448eb211c80319c"
AT_ONCE = {"survey.delay": "0s", "survey.quiet_hours": "off"}
CLOSED = {
    "status": "closed",
    "customer": {"id": "c-secret-name", "contacts": [{"channel": "sandbox", "address": "phone"}]},
}


@asynccontextmanager
async def collector() -> AsyncIterator[tuple[str, list[Span]]]:
    """Take spans over HTTP, as a collector does."""
    spans: list[Span] = []

    async def take(request: web.Request) -> web.Response:
        told = ExportTraceServiceRequest.FromString(await request.read())
        spans.extend(span for one in told.resource_spans for scope in one.scope_spans for span in scope.spans)
        return web.Response()

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    runner = web.AppRunner(app)
    await runner.setup()
    with reserved_port() as port:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield f"http://127.0.0.1:{port}", spans
        finally:
            await runner.cleanup()


def noting() -> tuple[Traces, InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Traces(SystemClock(), provider), exporter


async def test_a_process_tells_a_collector_what_it_did_and_of_nobody(tmp_path: Path) -> None:
    async with (
        collector() as (endpoint, spans),
        product_at(
            tmp_path, {"survey.delay": "0s", "survey.quiet_hours": "off", "traces.endpoint": endpoint}, warm=True
        ) as product,
    ):
        await product.start()
        path = "/api/v1/tickets/desk/secret-ticket"
        answer = await product.api.put(path, json=CLOSED, headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"})
        assert answer.status_code == 201
        for _ in range(200):
            if (await product.api.get("/metrics")).text.count('outcome="sent"'):
                break
            await asyncio.sleep(0.05)
        await product.stop()
    names = {span.name for span in spans}
    assert {"commit", "decision", "send"} <= names
    (put,) = (span for span in spans if span.name.startswith("PUT "))
    assert put.name == "PUT /api/v1/tickets/{source}/{ticket:path}"
    assert put.trace_id.hex() == TRACE, "it stands below the caller's span"
    told = " ".join(map(str, spans))
    assert not [word for word in ("secret-name", "secret-ticket", "phone") if word in told]


async def test_a_commit_holds_its_decisions_with_the_time_each_took() -> None:
    traces, exporter = noting()
    traces.take(Committed((Changes(), Changes()), waited=(0.25, 1.5)))
    traces.take(Committed(()))
    *decisions, commit = exporter.get_finished_spans()
    assert [span.name for span in (*decisions, commit)] == ["decision", "decision", "commit"]
    assert commit.attributes == {"huifang.decisions": 2}
    assert commit.context is not None
    assert {span.parent.span_id for span in decisions if span.parent} == {commit.context.span_id}
    took = [(span.end_time or 0) - (span.start_time or 0) for span in (*decisions, commit)]
    assert took == [250_000_000, 1_500_000_000, 1_500_000_000]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Open a house."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "name", "status"),
    [
        ("/healthz", "GET /healthz", 200),
        ("/api/v1/customers/c-secret", "GET /api/v1/customers/{customer:path}", 404),
        ("/wp-login/secret", "GET /wp-login", 404),
        ("/", "GET /", 200),
    ],
)
async def test_a_request_is_named_by_its_route_and_no_path_is_told(
    house: House, path: str, name: str, status: int
) -> None:
    traces, exporter = noting()
    house.app = traced(house.app, traces)
    async with house.client() as client:
        assert (await client.get(path)).status_code == status
    (span,) = exporter.get_finished_spans()
    assert span.name == name
    assert (span.attributes or {})["http.response.status_code"] == status
    assert "secret" not in span.to_json()


async def test_off_the_application_is_the_same_and_nothing_is_noted(house: House) -> None:
    assert traced(house.app, Traces()) is house.app
    Traces().take(Committed((Changes(),), waited=(1.0,)))
    Traces().close()


def test_without_the_extra_the_start_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    settings = Settings(traces=TraceSettings(endpoint="http://127.0.0.1:4318"))
    with pytest.raises(ConfigErrors, match=r"pip install 'huifang\[otel\]'"):
        open_traces(settings, SystemClock())


@pytest.mark.proof
def test_off_the_library_is_not_loaded() -> None:
    loaded = "[name for name in sys.modules if name in ('opentelemetry.sdk', 'opentelemetry.exporter')]"
    script = f"import bot.app, bot.web, sys; print({loaded})"  # FastAPI loads what it finds of the API
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
