"""A machine dies, and the service goes on elsewhere from a backup: nothing lost until then, nobody asked twice."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from storage.connection.migrate import upgrade
from tests.support.botapi import Person
from tests.support.commands import Said, huifang
from tests.support.database.postgres import PostgresServer
from tests.support.process import product_at
from tests.support.town.town import Json, Town, town_at
from tests.support.town.words import step

pytestmark = pytest.mark.proof  # a process dies, another starts, and asks wait for their time

_DELAY = 6.0
_SETTINGS = {"survey.delay": f"{_DELAY:.0f}s", "alerts.settle": "30s"}


@pytest.fixture(params=["sqlite", "postgres"])
async def places(request: pytest.FixtureRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Return the settings of a database that is served, and of an empty place."""
    if request.param == "sqlite":
        return {}, {}
    server: PostgresServer = request.getfixturevalue("postgres_server")
    urls = [server.url_of(name) for name in ("here", "elsewhere")]
    server.run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in ("here", "elsewhere")))
    server.run(*(f"CREATE DATABASE {name}" for name in ("here", "elsewhere")))
    await upgrade(urls[0])
    return {"database.url": urls[0]}, {"database.url": urls[1]}


async def _asked(town: Town, ticket: str) -> Person:
    person = await town.customer()
    await town.put(ticket, "closed", person)
    return person


async def _typed(folder: Path, settings: Mapping[str, str], *arguments: str) -> Said:
    said = await huifang(folder, settings, *arguments)
    assert said.code == 0, said
    return said


async def test_from_last_nights_backup_it_goes_on_elsewhere(
    tmp_path: Path, places: tuple[dict[str, str], dict[str, str]]
) -> None:
    here, there = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    there.mkdir()
    backup = str(tmp_path / "night.backup")
    async with town_at(here, "polling", _SETTINGS | places[0]) as town:
        await town.product.start()
        done = await _asked(town, "done")
        await done.sees(step(1), within=60)
        for place, value in enumerate(("5", "4"), 2):
            await done.taps(value)
            await done.sees(step(place), within=60)
        late = await _asked(town, "late")  # asked between the backup and the end
        await _typed(here, town.product.settings, "backup", backup)
        await late.sees(step(1), within=60)
        await town.product.kill()
        pictures = {name: len(person.messages) for name, person in (("done", done), ("late", late))}
        settings = {**town.product.settings, **places[1]}
        async with product_at(there, {name: value for name, value in settings.items() if name != "http.port"}) as moved:
            said = await _typed(there, moved.settings, "restore", backup)
            assert said.out.startswith("Restored ")
            verified = await _typed(there, moved.settings, "doctor", "--verify")
            assert verified.out.startswith("No violations found.")
            await moved.start()
            await asyncio.sleep(_DELAY)
            town.product = moved
            assert "are in doubt, 0 campaigns wait for a person" in moved.log
            response = await town.response("done")
            assert [(one["question"], one["value"]) for one in response["answers"]] == [
                ("response_speed", 5),
                ("problem_solving", 4),
            ]
            assert {"done": len(done.messages), "late": len(late.messages)} == pictures, "asked or told twice"
            survey: Json = await town.survey("late")
            assert (survey["status"], survey["reason"]) == ("sent", None)
            await late.says("5")  # what was asked before the restore is answered after it
            await late.sees(step(2), within=30)
            assert [one["value"] for one in (await town.response("late"))["answers"]] == [5]
            audit = (await town.call("GET", "/api/v1/audit"))["items"]
            assert [line["action"] for line in audit] == []


@pytest.mark.parametrize("lines", [1])
async def test_what_a_restore_says_is_logged_as_one_line(tmp_path: Path, lines: int) -> None:
    folder = tmp_path / "place"
    folder.mkdir()
    async with product_at(folder, {"survey.delay": "0s"}, warm=True) as product:
        await product.start()
        assert (await product.api.put("/api/v1/tickets/desk/1", json=_CLOSED)).is_success
        await _typed(folder, product.settings, "backup", "one.backup")
        refused = await huifang(folder, product.settings, "restore", "one.backup", "--replace")
        assert (refused.code, "is in use by another huifang" in refused.err) == (1, True)
        await product.stop()
        await _typed(
            folder, product.settings, "restore", "one.backup", "--replace", "--stopped", "2026-01-01T00:00:00Z"
        )
        await product.start()
        told = [json.loads(line) for line in product.log.splitlines() if "restored from a backup" in line]
        assert len(told) == lines
        assert told[0]["message"].endswith("0 messages are in doubt, 0 campaigns wait for a person")
        await product.stop()
        await product.start()
        assert product.log.count("restored from a backup") == lines, "it is settled once"


_CLOSED = {"status": "closed", "customer": {"id": "c-1", "contacts": [{"channel": "sandbox", "address": "phone"}]}}
