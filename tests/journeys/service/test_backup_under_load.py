"""Answers arrive while `huifang backup` runs; the process is killed, and elsewhere the service goes on from the backup.

Every answer that its customer saw taken before the backup began is there, by name; nobody is asked or told twice.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.backups.backup_file import read_header
from storage.connection.migrate import upgrade
from tests.journeys.service.answering_crowd import AnsweringCrowd
from tests.support.botapi import Person
from tests.support.commands import Said, huifang
from tests.support.database.postgres import PostgresServer
from tests.support.process import Product, product_at
from tests.support.town.town import Json, Town, town_at
from tests.support.town.words import step

pytestmark = [pytest.mark.proof, pytest.mark.long]

_LINES = 8
_QUIET = 5.0
"""Seconds in which a service that asks or tells again would have done so: everything here is due at once."""
_MENDED = "压缩机换好了，{}。"
_HALF = {("half", "response_speed", 4), ("half", "problem_solving", 5)}

Places = tuple[dict[str, str], dict[str, str]]


@pytest.fixture(params=["sqlite", "postgres"])
async def places(request: pytest.FixtureRequest) -> Places:
    """Return the settings of a database that is served, and of an empty place."""
    if request.param == "sqlite":
        return {}, {}
    server: PostgresServer = request.getfixturevalue("postgres_server")
    names = [f"{name}_{server.worker}" for name in ("loaded", "moved")]
    server.run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names))
    server.run(*(f"CREATE DATABASE {name}" for name in names))
    here, there = (server.url_of(name) for name in names)
    await upgrade(here)
    return {"database.url": here}, {"database.url": there}


async def _typed(product: Product, *arguments: str) -> Said:
    return await huifang(product.folder, product.settings, *arguments)


async def _backed_up(product: Product, crowd: AnsweringCrowd, folder: Path) -> tuple[Path, float]:
    """Make a backup while answers are acknowledged; return it, and the moment before it.

    Where the machine was so busy that none was acknowledged meanwhile, another one is made.
    """
    for number in range(5):
        backup, began, before = folder / f"{number}.backup", time.monotonic(), len(crowd.noted)
        made = await _typed(product, "backup", str(backup))
        assert made.code == 0, made
        if len(crowd.noted) > before:
            return backup, began
    raise AssertionError("no answer is acknowledged while a backup is made")


async def _told(town: Town, ticket: str) -> Person:
    """Let a customer complain and be told that it is mended."""
    person = await town.customer()
    await town.put(ticket, "closed", person)
    await person.sees(step(1), within=60)
    await person.taps("1")
    await person.answered()
    await person.says(f"白等了一天 {ticket}")
    issue = await town.issue(ticket, within=60)
    await town.call("POST", f"/api/v1/issues/{issue['id']}/claim", {"by": "李工"})
    note = _MENDED.format(ticket)
    await town.call("POST", f"/api/v1/issues/{issue['id']}/resolve", {"by": "李工", "note": note})
    await person.sees(note, within=60)
    return person


async def _answers_half(town: Town) -> Person:
    """Let a customer answer two questions and stop there."""
    person = await town.customer()
    await town.put("half", "closed", person)
    for place, (_, _, value) in enumerate(sorted(_HALF, key=lambda one: one[2]), 2):
        await person.sees(step(place - 1), within=60)
        await person.taps(str(value))
        await person.sees(step(place), within=60)
    return person


@asynccontextmanager
async def _elsewhere(town: Town, folder: Path, place: Mapping[str, str]) -> AsyncIterator[Product]:
    settings = {name: value for name, value in town.product.settings.items() if name != "http.port"}
    async with product_at(folder, settings | dict(place)) as product:
        yield product


async def _restored_answers(town: Town) -> set[tuple[str, str, int]]:
    """Return every answer that the API tells of, by name."""
    found, cursor = set[tuple[str, str, int]](), ""
    while True:
        page: Json = await town.call("GET", f"/api/v1/responses?limit=100{cursor}")
        for response in page["items"]:
            ticket = str(response["ticket"]).removeprefix("desk/")
            found |= {(ticket, one["question"], one["value"]) for one in response["answers"]}
        if not page["next"]:
            return found
        cursor = f"&cursor={page['next']}"


async def test_every_answer_acknowledged_before_the_backup_is_there_and_nobody_hears_anything_twice(
    tmp_path: Path, places: Places
) -> None:
    here, there = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    there.mkdir()
    async with town_at(here, "polling", places[0]) as town:
        await town.product.start()
        told = {"before": await _told(town, "before")}
        half = await _answers_half(town)
        crowd = AnsweringCrowd(town, _LINES)
        answering = asyncio.ensure_future(crowd.lives())
        await crowd.has_noted(40)
        backup, began = await _backed_up(town.product, crowd, tmp_path)
        await crowd.has_noted(20)
        told["after"] = await _told(town, "after")
        crowd.is_enough = True
        await answering
        await town.product.kill()
        before = {(one.ticket, one.question, one.value) for one in crowd.noted if one.acknowledged < began}
        assert len(before) >= 40
        people = crowd.people | told | {"half": half}
        heard = {ticket: [message.text for message in person.messages] for ticket, person in people.items()}
        async with _elsewhere(town, there, places[1]) as moved:
            await _refuses_what_is_damaged(moved, backup)
            assert (await _typed(moved, "restore", str(backup))).code == 0
            assert (await _typed(moved, "doctor", "--verify")).out.startswith("No violations found.")
            await moved.start()
            town.product = moved
            await asyncio.sleep(_QUIET)
            restored = await _restored_answers(town)
            assert before - restored == set(), "acknowledged before the backup, and lost"
            given = crowd.tapped | _HALF | {(ticket, "response_speed", 1) for ticket in told}
            assert restored >= _HALF
            assert restored - given == set(), "nobody has answered that"
            now = {ticket: [message.text for message in person.messages] for ticket, person in people.items()}
            assert _more(heard, now) == {}, "asked or told twice"
            await half.says("5")  # who was in the middle goes on
            await half.sees(step(4), within=60)
            assert len((await town.response("half"))["answers"]) == 3
        assert town.telegram.violations == []


async def _refuses_what_is_damaged(place: Product, backup: Path) -> None:
    """Restore a copy of which one byte is another one: it is refused, and nothing is there."""
    refused = await _typed(place, "restore", str(_damaged(backup, place.folder)))
    assert (refused.code, "is damaged: its content is not what was written" in refused.err) == (1, True), refused


def _damaged(backup: Path, folder: Path) -> Path:
    content = bytearray(backup.read_bytes())
    content[-read_header(backup).bytes // 2] ^= 1
    damaged = folder / "damaged.backup"
    damaged.write_bytes(content)
    return damaged


def _more(heard: Mapping[str, list[str]], now: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return what people got since, by ticket."""
    return {ticket: texts[len(heard[ticket]) :] for ticket, texts in now.items() if len(texts) > len(heard[ticket])}
