"""A report whose own process fails is refused in a sentence and alarmed about, by every door; the next one is made."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.handlers.admin.permissions import Admin
from bot.http.app import create_app
from bot.jobs.admin.chat_reports import ChatReader, chat_report
from storage.reads.reader import Reader
from tests.support.database.answered import closed_visit, store_records
from tests.support.web.house import KEY, URL, House

OCTOBER = datetime(2026, 10, 15, 4, tzinfo=UTC)
REPORT = "/api/v1/reports/documents/repeats?period=2026-10"
ENDS = {
    "killed": ("kill -9 $$", "was killed, as where there is no memory for it"),
    "ended": ("kill -15 $$", "was ended by signal 15"),
    "raised": ("cat >/dev/null; echo 'KeyError: c-1001' >&2; exit 3", "ended with 3"),
    "cut off": ("cat >/dev/null; printf 'half'", "gave an answer that cannot be read"),
}


@pytest.fixture
async def much(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of a house in which nine tickets are so many that a process of its own makes the report."""
    visits = [closed_visit(str(n), OCTOBER, {"attitude": 4}, team="north") for n in range(9)]
    await store_records(house.store, OCTOBER, *(record for visit in visits for record in visit))
    app = create_app(replace(house.web, reader=Reader(house.store, much=1)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=URL, headers={"authorization": f"Bearer {KEY}"}
    ) as client:
        yield client


def fails(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let every process that is started end so."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))


@pytest.mark.some(1)
@pytest.mark.parametrize("way", ENDS)
async def test_it_is_503_with_a_sentence_and_an_alarm_and_the_next_one_is_made(
    much: httpx.AsyncClient,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    way: str,
) -> None:
    script, how = ENDS[way]
    with monkeypatch.context() as planted:
        fails(planted, folder, script)
        answer = await much.get(REPORT)
    told = answer.json()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert (
        told["detail"]
        == f"This could not be computed now: the process that does it {how}. Nothing was changed; try again."
    )
    assert "c-1001" not in answer.text
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [how in record.message for record in errors] == [True, True]
    assert [getattr(record, "alarm", "") for record in errors] == ["", "processes"]
    assert 'huifang_alarm_active{alarm="processes"} 1.0' in (await much.get("/metrics")).text
    assert (await much.get(REPORT)).status_code == 200


@pytest.mark.usefixtures("much")
async def test_in_the_chat_it_is_told_and_asked_for_again(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, folder, "exit 1")
    reader, policy, lead = Reader(house.store, much=1), house.web.receiver.policy, ChatReader(Admin("李", "owner"), "")
    asked = await chat_report(reader, policy, lead, ("2026-10",), house.web.clock.now())
    assert asked == "later"
    assert policy.phrases.say("zh-Hans", f"admin.report.{asked}").startswith("报告这会儿没算出来")
