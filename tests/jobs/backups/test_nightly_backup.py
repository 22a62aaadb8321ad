"""Backups make themselves at the times of `backup.at`, the last few are kept, and a failure is told."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.backups.nightly_backup import NightlyBackupJob
from bot.process.alarms import Alarms
from config.errors import ConfigErrors
from config.settings.loading import load_settings
from dialogs.time.recurrence import read_recurrence_rule
from storage.backups.backup_file import backup_content, read_header
from storage.model.errors import Unavailable
from tests.support.web.fixtures import folder, service
from tests.support.web.house import DATABASE
from tests.support.web.service import Service

__all__ = ["folder", "service"]

NIGHTLY = read_recurrence_rule("daily 03:30")
DAY = timedelta(days=1)


def job(service: Service, keep: int = 14, url: str = "") -> NightlyBackupJob:
    receiver, clock = service.house.web.receiver, service.house.clock
    url = url or f"sqlite:///{service.folder / DATABASE}"
    kept = service.folder / "backups"
    return NightlyBackupJob(
        receiver=receiver,
        clock=clock,
        alarms=Alarms(clock),
        url=url,
        folder=kept,
        when=NIGHTLY,
        keep=keep,
        zone=ZoneInfo("Asia/Shanghai"),
    )


def backups(service: Service) -> list[Path]:
    return sorted((service.folder / "backups").glob("*"))


async def test_each_night_there_is_one_and_of_several_missed_nights_one(service: Service) -> None:
    nightly = job(service)
    assert await nightly.look(NIGHTLY) is None, "the first look notes from when on times count"
    await service.closes("1")
    await service.passes(DAY)
    made = await nightly.look(NIGHTLY)
    assert made is not None
    assert await nightly.look(NIGHTLY) is None
    assert backups(service) == [made]
    await service.passes(5 * DAY)
    assert await nightly.look(NIGHTLY) is not None
    assert await nightly.look(NIGHTLY) is None
    assert len(backups(service)) == 2
    local = service.now.astimezone(ZoneInfo("Asia/Shanghai"))
    assert backups(service)[-1].name == f"huifang-{local:%Y-%m-%dT%H%M}.backup"


async def test_it_holds_what_was_stored_and_can_be_opened(service: Service, tmp_path: Path) -> None:
    nightly = job(service)
    await nightly.look(NIGHTLY)
    await service.closes("1")
    await service.passes(DAY)
    made = await nightly.look(NIGHTLY)
    assert made is not None
    header = read_header(made)
    assert (header.database, header.rows["tickets"], header.total > 5) == ("sqlite", 1, True)
    assert made.stat().st_mode & 0o777 == 0o600
    plain = tmp_path / "plain.db"
    plain.write_bytes(b"".join(backup_content(made)))
    with closing(sqlite3.connect(plain)) as opened:
        assert opened.execute("SELECT id FROM tickets").fetchall() == [("1",)]
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_the_oldest_go_and_what_is_not_ours_stays(service: Service) -> None:
    nightly = job(service, keep=2)
    await nightly.look(NIGHTLY)
    (service.folder / "backups").mkdir()
    for name in ("mine.backup", "huifang-by-hand.backup", "before-restore-2026-01-01T000000"):
        (service.folder / "backups" / name).write_text("mine")
    made = []
    for _ in range(4):
        await service.passes(DAY)
        made.append(await nightly.look(NIGHTLY))
    ours = [path for path in backups(service) if path.read_bytes() != b"mine"]
    assert ours == made[-2:]
    assert len(backups(service)) == 5


async def test_one_that_fails_is_tried_again_and_the_others_are_kept(service: Service) -> None:
    nightly, broken = job(service, keep=1), job(service, keep=1, url=f"sqlite:///{service.folder}/none.db")
    await nightly.look(NIGHTLY)
    await service.passes(DAY)
    made = await nightly.look(NIGHTLY)
    await service.passes(DAY)
    for _ in range(2):
        with pytest.raises(Unavailable, match="there is no database at"):
            await broken.look(NIGHTLY)
    assert backups(service) == [made]
    again = await nightly.look(NIGHTLY)
    assert again is not None
    assert backups(service) == [again]


async def test_two_processes_that_look_one_after_the_other_make_one(service: Service) -> None:
    first, second = job(service), job(service)
    await first.look(NIGHTLY)
    await service.passes(DAY)
    assert await first.look(NIGHTLY) is not None
    assert await second.look(NIGHTLY) is None


@pytest.mark.parametrize(
    ("written", "told"),
    [("03:30", "daily 03:30"), ("weekly sun 03:30", "weekly sun 03:30"), ("off", None), (None, None)],
)
def test_when_it_is_made_is_a_setting(tmp_path: Path, written: str | None, told: str | None) -> None:
    given = {} if written is None else {"HUIFANG_BACKUP__AT": written}
    settings = load_settings(given, cwd=tmp_path)
    assert settings.backup.at == (None if told is None else read_recurrence_rule(told))
    assert settings.backup.keep == 14


@pytest.mark.parametrize(("name", "value"), [("AT", "at night"), ("AT", "25:00"), ("KEEP", "0"), ("KEEP", "many")])
def test_a_setting_that_is_none_is_told(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigErrors, match=f"backup.{name.lower()}"):
        load_settings({f"HUIFANG_BACKUP__{name}": value}, cwd=tmp_path)
