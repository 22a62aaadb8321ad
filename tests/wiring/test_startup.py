"""What failed when it came is tried again at the next start, in its order, and keeps nobody from starting."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.wiring.startup import retry_failed
from storage.connection.store import Store
from storage.model.errors import DecisionFailed, Unavailable
from storage.model.records import InboxOutcome, InboxRow
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.support.database.migrated import copy_migrated

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def _failed(number: int, door: str = "telegram") -> InboxRow:
    at = NOW + timedelta(seconds=number)
    return InboxRow(f"{door}:{number}", door, b"%d" % number, at, InboxOutcome.FAILED, why="KeyError")


async def test_what_failed_is_tried_again_in_its_order_and_nothing_of_it_stops_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[bytes] = []
    still: dict[bytes, Exception] = {b"2": DecisionFailed("that bug"), b"3": Unavailable("disk full")}

    async def door(raw: bytes) -> None:
        heard.append(raw)
        if raw in still:
            raise still[raw]

    rows = (_failed(3), _failed(1), _failed(4), _failed(2), _failed(5, "fax"))
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        writer = Writer(store, lambda: NOW)
        await writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes(rows), None)))
        with caplog.at_level(logging.ERROR):
            await retry_failed(Reader(store), writer, {"telegram": door})
        await writer.stop()
    assert heard == [b"1", b"2", b"3", b"4"]
    assert [record.getMessage() for record in caplog.records] == [
        "telegram:2 still cannot be decided: that bug",
        "telegram:3 still cannot be decided: disk full",
    ]
