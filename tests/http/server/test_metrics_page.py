"""What Prometheus scrapes: with a key on the public port, without one on a port of its own, and no word of anybody."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.http.scopes import ApiKey
from config.values.key_scopes import KeyScope
from tests.support.ports import reserved_port
from tests.support.process import Product, product_at
from tests.support.time.patience import PATIENCE
from tests.support.web.house import House, open_house
from tests.support.web.tickets import TICKET

TICKET_HERE = "/api/v1/tickets/zendesk/42"
ASK_NOW = f"{TICKET_HERE}/survey"
METRICS = Path("docs/reference/metrics.md").read_text(encoding="utf-8")
BASE_UNITS = ("seconds", "bytes", "total", "messages", "decisions", "comments", "active", "info", "fds")


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def value_of(text: str, name: str, labels: Mapping[str, str]) -> float:
    """Return the sum of the samples of a name whose labels hold these."""
    samples = (sample for family in families(text).values() for sample in family.samples if sample.name == name)
    return sum(one.value for one in samples if labels.items() <= one.labels.items())


async def test_a_key_that_may_read_gets_what_the_process_has_counted(house: House) -> None:
    async with house.client() as client:
        assert (await client.put(TICKET_HERE, json=TICKET)).status_code == 201
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert value_of(answer.text, "huifang_commits_total", {}) >= 1
    assert value_of(answer.text, "huifang_decision_seconds_count", {}) >= 1
    assert value_of(answer.text, "process_resident_memory_bytes", {}) > 0


async def test_nobody_reads_it_without_a_key_or_with_one_that_only_writes_tickets(folder: Path) -> None:
    writes = "tickets-only-8f3a1c5e"
    async with open_house(folder, api_keys=(ApiKey(writes, KeyScope.TICKETS),)) as house:
        for key, status in ((None, 401), ("a-wrong-key-8f3a1c5e", 401), (writes, 403)):
            async with house.client(key=key) as client:
                answer = await client.get("/metrics")
                assert answer.status_code == status
                assert answer.headers["content-type"] == "application/problem+json"


async def test_no_name_of_a_customer_or_ticket_is_in_it_and_names_follow_the_convention(house: House) -> None:
    async with house.client() as client:
        await client.put(TICKET_HERE, json=TICKET)
        await client.post(ASK_NOW, json={})
        text = (await client.get("/metrics")).text
    customer = TICKET["customer"]
    assert isinstance(customer, Mapping)
    for word in ("zendesk", customer["id"], customer["name"], "huifang.db"):
        assert str(word) not in text
    ours = {name: family for name, family in families(text).items() if name.startswith("huifang_")}
    assert len(ours) >= 8
    for name, family in ours.items():
        assert family.documentation.endswith("."), name
        assert f"`{name}{'_total' if family.type == 'counter' else ''}`" in METRICS, f"{name} is not in the documents"
        assert family.type in {"counter", "gauge", "histogram"}, name
        for sample in family.samples:
            is_counted = sample.name.endswith(("_total", "_bucket", "_count", "_sum"))
            assert is_counted or name.rpartition("_")[2] in BASE_UNITS, sample.name


async def test_what_waits_and_what_became_of_it_is_told_by_channel_and_purpose(tmp_path: Path) -> None:
    async with product_at(tmp_path, {"survey.quiet_hours": "off"}, warm=True) as product:
        product.roles = "web"
        await product.start()
        await _ask(product)
        waiting = (await product.api.get("/metrics")).text
        await product.stop()
        product.roles = ""
        await product.start()
        sent = await _scraped_after_sending(product)
    pending = {"channel": "sandbox", "state": "pending"}
    assert value_of(waiting, "huifang_outbox_messages", pending) >= 1
    assert value_of(waiting, "huifang_outbox_oldest_seconds", pending) >= 0
    assert value_of(sent, "huifang_sends_total", {"channel": "sandbox", "purpose": "survey", "outcome": "sent"}) == 1
    assert value_of(sent, "huifang_outbox_messages", pending) == 0


async def test_a_port_of_its_own_gives_out_nothing_else_and_asks_for_no_key(tmp_path: Path) -> None:
    with reserved_port() as port:
        async with product_at(tmp_path, {"metrics.listen": f"127.0.0.1:{port}"}, warm=True) as product:
            product.roles = "web,tick"
            await product.start()
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as scraper:
                scraped, other = await scraper.get("/metrics"), await scraper.get("/api/v1/issues")
                wrong = await scraper.post("/metrics")
            assert f"metrics on http://127.0.0.1:{port}/metrics" in product.log
    assert value_of(scraped.text, "huifang_due_lag_seconds", {}) == 0
    assert (scraped.status_code, other.status_code, wrong.status_code) == (200, 404, 405)


async def test_a_port_that_is_taken_ends_the_start_before_anything_is_opened(tmp_path: Path) -> None:
    with reserved_port() as port:
        taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", port)
        async with taken, product_at(tmp_path, {"metrics.listen": str(port)}, warm=True) as product:
            assert await product.ends() == 1
            assert f"metrics.listen: Port {port} of 127.0.0.1 is in use." in product.log


async def _scraped_after_sending(product: Product) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            text = (await product.api.get("/metrics")).text
            if value_of(text, "huifang_sends_total", {"outcome": "sent"}):
                return text
            await asyncio.sleep(0.05)


async def _ask(product: Product) -> None:
    body = {**TICKET, "customer": {"id": "c-1", "contacts": [{"channel": "sandbox", "address": "customer"}]}}
    assert (await product.api.put(TICKET_HERE, json=body)).status_code == 201
    answer = await product.api.post(ASK_NOW, json={})
    assert answer.status_code == 200, answer.text
