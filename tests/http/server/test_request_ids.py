"""Each request has a name, its caller's or ours: in the answer, and in the log lines that it leads to and no others."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.http.context import Readiness
from bot.process.logs import set_up_logs
from tests.support.web.house import House, open_house
from tests.support.web.tickets import TICKET

TICKET_HERE = "/api/v1/tickets/zendesk/42"
NAME = "x-request-id"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Write logs as a service does, until the test ends."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    set_up_logs([], stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_callers_own_name_comes_back_and_others_get_one(house: House) -> None:
    async with house.client() as client:
        named = await client.get("/api/v1/issues", headers={NAME: "zammad-7f3a.1"})
        first, second = await client.get("/healthz"), await client.get("/no-such-page")
    assert named.headers[NAME] == "zammad-7f3a.1"
    assert first.headers[NAME] != second.headers[NAME]


@pytest.mark.parametrize("sent", ["", "two words", "x" * 65, 'quo"te', "名"])
async def test_a_name_that_could_forge_a_line_is_replaced(house: House, sent: str) -> None:
    async with house.client() as client:
        answer = await client.get("/healthz", headers={NAME.encode(): sent.encode()})
    assert answer.headers[NAME] not in {"", sent}


async def test_what_a_request_leads_to_is_logged_with_its_name(folder: Path, log: io.StringIO) -> None:
    async def ready() -> Readiness:
        raise RuntimeError("a mistake that a test has made")

    async with open_house(folder, ready=ready) as house, house.client() as client:
        answer = await client.get("/readyz", headers={NAME: "the-probe"})
        assert (await client.put(TICKET_HERE, json=TICKET, headers={NAME: "the-ticket"})).status_code == 201
    logging.getLogger(__name__).warning("after it")
    assert answer.status_code == 500
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line.get("request") for line in lines if line["level"] == "ERROR"} == {"the-probe"}
    assert "request" not in lines[-1]
