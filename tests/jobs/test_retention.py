"""The house is tidied once a day, and a request that nobody fulfilled in time is an alarm."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.retention import RetentionJob, retention_periods
from bot.process.alarms import Alarms
from config.settings.loading import load_settings
from dialogs.time.doubt import Doubt
from scoring.values import replace
from storage.connection.store import Store
from storage.model.errors import NOT_SAVED
from storage.model.note_keys import LAST_RETENTION
from storage.model.records import Customer, InboxRow, Note
from storage.model.registers import Request, RequestKind
from storage.privacy.retention import RetentionPeriods, apply_retention
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.support.database.migrated import copy_migrated
from tests.support.traces import traces
from tests.support.web.clockwork import Clockwork


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
async def tidying(tmp_path: Path, clock: Clockwork) -> AsyncIterator[RetentionJob]:
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        writer = Writer(store, clock.now)
        yield RetentionJob(store, writer, Reader(store), clock, RetentionPeriods(), Alarms(clock))
        await writer.stop()


async def _save(tidying: RetentionJob, *rows: Customer | InboxRow | Request | Note) -> None:
    await tidying.writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(rows), None)))


async def test_the_house_is_tidied_once_a_day_and_the_log_tells_counts_only(
    tidying: RetentionJob, clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.jobs.retention")
    await _save(tidying, InboxRow("hook:1", "/hooks/tickets", b"", clock.now(), answer="200 王女士"))
    clock.passes(timedelta(days=31))
    await tidying.look()
    await tidying.look()
    assert await traces(tidying.store, "王女士") == []
    assert [record.getMessage() for record in caplog.records] == [
        "retention emptied texts 0, contacts 0, messages 0, deliveries 1, timeline 0, assessments 0, drafts 0"
    ]
    clock.passes(timedelta(days=1))
    await tidying.look()
    assert len(caplog.records) == 2


async def test_an_overdue_request_is_an_alarm_until_it_is_done(tidying: RetentionJob, clock: Clockwork) -> None:
    due = clock.now() + timedelta(hours=24)
    asked = Request("req_1", RequestKind.ACCESS, "c-mei", clock.now(), due, "chat", "telegram", "chat-mei")
    await _save(tidying, Customer("c-mei"), asked)
    await tidying.look()
    assert tidying.alarms.standing() == []
    clock.passes(timedelta(hours=25))
    await tidying.look()
    (alarm,) = tidying.alarms.standing()
    assert (alarm.name, "c-mei" in alarm.text) == ("requests", False)
    seen = await tidying.reader.request("req_1")
    assert seen is not None
    await _save(tidying, replace(seen, done_at=clock.now()))
    await tidying.look()
    assert tidying.alarms.standing() == []


def test_the_settings_say_how_long_and_off_is_for_ever(tmp_path: Path) -> None:
    said = {"HUIFANG_RETENTION__TEXTS": "off", "HUIFANG_RETENTION__MESSAGES": "7d"}
    kept = retention_periods(load_settings(said, cwd=tmp_path).retention)
    assert (kept.texts, kept.messages, kept.contacts) == (None, timedelta(days=7), timedelta(days=180))


async def test_nothing_is_emptied_by_a_clock_in_doubt_and_a_mark_of_the_future_stops_nothing(
    tidying: RetentionJob, clock: Clockwork
) -> None:
    await _save(
        tidying,
        InboxRow("hook:1", "/hooks/tickets", b"", clock.now(), answer="200 王女士"),
        Note(LAST_RETENTION, "", clock.now() + timedelta(days=500)),
    )
    clock.passes(timedelta(days=400))
    clock.unsure = Doubt(clock.now() - timedelta(days=400), clock.now())
    await tidying.look()
    assert await traces(tidying.store, "王女士")
    clock.unsure = None
    await tidying.look()
    assert await traces(tidying.store, "王女士") == []


async def test_retention_stops_on_the_way_where_the_clock_is_no_longer_corroborated(
    tidying: RetentionJob, clock: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "storage.privacy.retention")
    rows = [InboxRow(f"hook:{n}", "/hooks/tickets", b"", clock.now(), answer="200 王女士") for n in range(1200)]
    await _save(tidying, *rows)
    clock.passes(timedelta(days=31))
    left = iter((True, True))
    emptied = await apply_retention(
        tidying.store,
        tidying.writer,
        RetentionPeriods(texts=None, contacts=None, messages=None, timeline=None, drafts=None, assessments=None),
        clock.now(),
        lambda: next(left, False),
    )
    assert emptied == {"deliveries": 1000}
    assert [record.getMessage() for record in caplog.records] == ["retention: 500 rows of deliveries emptied"] * 2


async def test_a_run_that_failed_is_made_again_at_the_next_look(
    tidying: RetentionJob, clock: Clockwork, tmp_path: Path
) -> None:
    row = InboxRow("hook:tickets:1", "/hooks/tickets", b"", clock.now(), answer="200 王女士")
    await _save(tidying, row)
    clock.passes(timedelta(days=31))
    with closing(sqlite3.connect(tmp_path / "huifang.db")) as broken:
        broken.execute("CREATE TRIGGER full BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, 'no'); END")
        broken.commit()
        with pytest.raises(NOT_SAVED):
            await tidying.look()
        broken.execute("DROP TRIGGER full")
        broken.commit()
    clock.passes(timedelta(hours=1))
    await tidying.look()
    assert await traces(tidying.store, "hook:tickets:1") == []
    clock.passes(timedelta(hours=1))
    await _save(tidying, replace(row, key="hook:tickets:2"))
    await tidying.look()
    assert await traces(tidying.store, "hook:tickets:2"), "once a day"


class _SoonInDoubt(Clockwork):
    """The time of a clock, known for certain for the first two looks."""

    def __init__(self, clock: Clockwork) -> None:
        super().__init__()
        self._now = clock.now()
        self._certain = iter(range(2))

    def doubt(self) -> Doubt | None:
        return None if next(self._certain, None) is not None else Doubt(self._now, self._now)


async def test_a_run_that_a_doubt_cut_off_is_made_again_when_the_time_is_known(
    tidying: RetentionJob, clock: Clockwork
) -> None:
    rows = [InboxRow(f"api:{n}", "/api/v1/issues", b"", clock.now()) for n in range(250)]
    await _save(tidying, *rows, InboxRow("hook:1", "/hooks/tickets", b"", clock.now(), answer="200 王女士"))
    clock.passes(timedelta(days=31))
    await replace(tidying, clock=_SoonInDoubt(clock)).look()
    assert await traces(tidying.store, "api:249")
    assert await traces(tidying.store, "王女士")
    await tidying.look()
    assert await traces(tidying.store, "api:249") == await traces(tidying.store, "王女士") == []


async def test_a_run_that_cannot_be_written_is_an_alarm_and_does_not_end_the_job(
    tidying: RetentionJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(range(3))

    async def at_once(_seconds: float) -> None:
        if next(turns, None) is None:
            raise asyncio.CancelledError

    await tidying.writer.stop()
    monkeypatch.setattr(asyncio, "sleep", at_once)
    with pytest.raises(asyncio.CancelledError):
        await tidying.run()
    assert [alarm.name for alarm in tidying.alarms.standing()] == ["retention"]
