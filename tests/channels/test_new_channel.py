"""Adding a channel takes its own folder and one line in the registry: customers are asked there, and answer there."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.channels.planted import house_with_pager
from tests.support.process import Product, environment, product_at

TICKET = "/api/v1/tickets/desk/42"
CLOSED = {"status": "closed", "customer": {"id": "c-1", "contacts": [{"channel": "pager", "address": "7"}]}}
SETTINGS = {"survey.delay": "0s", "survey.quiet_hours": "off"}
Json = dict[str, Any]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return house_with_pager(tmp_path_factory.mktemp("house"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def product(house: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    async with product_at(tmp_path_factory.mktemp("product"), SETTINGS) as made:
        made.interpreter = {"PYTHONPATH": str(house)}
        await made.start()
        yield made


async def paged(product: Product, wanted: Callable[[Json], bool]) -> Json:
    """Wait for a message on the pager."""
    paper = product.folder / "pager.jsonl"
    for _ in range(200):
        lines = paper.read_text().splitlines() if paper.exists() else []
        found: list[Json] = [line for line in map(json.loads, lines) if wanted(line)]
        if found:
            return found[-1]
        await asyncio.sleep(0.05)
    raise AssertionError(f"nothing like that on the pager:\n{product.log}")


async def says(product: Product, number: int, **what: str) -> tuple[int, str]:
    answer = await product.api.post("/hooks/pager", json={"id": number, "chat": "7", **what})
    return answer.status_code, answer.text


@pytest.mark.proof
@pytest.mark.asyncio(loop_scope="module")
async def test_customers_are_asked_and_answer_on_a_channel_of_one_folder_and_one_line(product: Product) -> None:
    assert (await product.api.put(TICKET, json=CLOSED)).is_success
    question = await paged(product, lambda line: len(line["taps"]) > 4)
    assert question["chat"] == "7"
    assert await says(product, 1, tap=question["taps"][4]) == (200, "beep"), product.log
    following = await paged(product, lambda line: line["edits"] != "" and line["text"] != question["text"])
    assert len(following["taps"]) > 4
    assert (await product.api.get(TICKET)).json()["survey"]["status"] == "started"
    status, problem = await says(product, 2, tap="nonsense")
    assert (status, json.loads(problem)["detail"]) == (400, "This is no button of ours.")


@pytest.mark.proof
@pytest.mark.asyncio(loop_scope="module")
async def test_api_and_description_know_the_channel(product: Product) -> None:
    await product.api.put(TICKET, json=CLOSED)
    made = await product.api.post("/api/v1/customers/c-1/links", json={"channel": "pager"})
    assert made.json()["url"].startswith("https://pager.example/")
    elsewhere = {"channel": "pager", "address": "seven"}
    refused = await product.api.put(TICKET, json=CLOSED | {"customer": {"id": "c-1", "contacts": [elsewhere]}})
    wrong = [{"field": "customer.contacts.0.address", "problem": "must be digits"}]
    assert (refused.status_code, refused.json()["errors"]) == (422, wrong)
    paths = (await product.api.get("/openapi.json")).json()["paths"]
    assert paths["/hooks/pager"]["post"]["parameters"][0]["name"] == "x-pager"
    unknown = await product.api.post("/api/v1/customers/c-1/links", json={"channel": "fax"})
    assert "'pager'" in unknown.text


@pytest.mark.proof
def test_rules_and_doctor_know_the_channel(house: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text('[[rules]]\nname = "a"\nchannels = ["pager"]\n', "utf-8")
    command = [sys.executable, "-m", "bot", "doctor"]
    env = environment(SETTINGS) | {"PYTHONPATH": str(house)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert "pager: It has no battery. Charge it." in done.stdout
    assert "rules.toml" not in done.stdout
