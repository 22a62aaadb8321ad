"""A restore in place of a database is killed at any step: what was there is whole, or what was restored is."""

import asyncio
import itertools
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backups.backup import RestoreOrder, make_backup, restore_backup
from storage.dialects import database
from storage.model.errors import InUse
from tests.house.tree import ROOT
from tests.storage.migrations.sample import rows_of

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
KILLED = 137
pytestmark = pytest.mark.parametrize("full", ["sqlite"], indirect=True)

SCRIPT = """
import asyncio, os, sys
from datetime import datetime
from pathlib import Path
from storage.backups.backup import RestoreOrder, restore_backup

folder, name, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps = 0
CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.chmod", "os.chown", "open", "sqlite3.connect"}

def step(event, arguments):
    global steps
    if event in CHANGES and folder in str(arguments[0]):
        steps += 1
        if steps == last:
            os._exit(137)

moment = datetime.fromisoformat("2026-11-30T04:00:00+00:00")
order = RestoreOrder(Path(folder, "one.backup"), moment, moment, "9.9.9", Path(folder, "backups", "before"))
sys.addaudithook(step)
asyncio.run(restore_backup(f"sqlite:///{folder}/{name}", order))
"""
"""Restores, and dies without a word before the step of that number: a file opened, renamed, linked or removed."""


WRITES = """
import os, sqlite3, sys
writer = sqlite3.connect(sys.argv[1])
writer.execute("PRAGMA journal_mode = WAL")
columns = "id, at, by, action, subject, detail"
writer.execute(f"INSERT INTO audit ({columns}) VALUES ('aud_late', '2026-11-30T03:00:00Z', '', '', '', '{{}}')")
writer.commit()
os._exit(9)
"""
"""Commits what stays in the write-ahead log, as a process does that is killed."""


def _add_a_line(file: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITES, str(file)], check=False)
    assert Path(f"{file}-wal").stat().st_size > 0


def _rows(file: Path) -> tuple[int, int]:
    """Return how many late lines there are, and how many marks of a restore."""
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (late,) = opened.execute("SELECT count(*) FROM audit WHERE id = 'aud_late'").fetchone()
        (mark,) = opened.execute("SELECT count(*) FROM notes WHERE key = 'restored'").fetchone()
    return late, mark


OLD, NEW = (1, 0), (0, 1)


def backed_up(url: str, folder: Path) -> Path:
    asyncio.run(make_backup(url, folder / "one.backup", NOW, "9.9.9"))
    return folder / "one.backup"


def restore(url: str, backup: Path, copy: Path | None = None) -> None:
    asyncio.run(restore_backup(url, RestoreOrder(backup, NOW, NOW, "9.9.9", copy)))


def _killed(backup: Path, file: Path, folder: Path) -> Iterator[Path]:
    """Yield the place of a restore that was killed before its first step, its second, …, and last of a whole one."""
    for number in itertools.count(1):
        place = folder / f"killed-{number}"
        place.mkdir()
        for path in (backup, *_files(file)):
            shutil.copy(path, place)
        command = [sys.executable, "-c", SCRIPT, str(place), file.name, str(number)]
        ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        yield place
        if ended.returncode != KILLED:
            assert ended.returncode == 0, ended.stderr
            return
        shutil.rmtree(place)


def _files(file: Path) -> list[Path]:
    """Return the files of a database that there are."""
    return [path for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")) if path.exists()]


@pytest.mark.proof
def test_killed_before_any_step_it_leaves_one_of_both_databases_whole(full: str, tmp_path: Path) -> None:
    file = database(full).file
    assert file is not None
    backup = backed_up(full, tmp_path)
    _add_a_line(file)
    found, place = list[tuple[int, int]](), tmp_path
    for place in _killed(backup, file, tmp_path):
        found.append(_rows(place / file.name))
        assert found[-1] in (OLD, NEW), place.name
    assert found[-1] == NEW
    assert found.count(OLD) > 10
    assert _rows(place / "backups" / "before" / file.name) == OLD, "what was there is kept, with its log"
    left = {path.name for path in place.iterdir()}
    assert left == {"one.backup", "backups", file.name, f"{file.name}.lock"}


@pytest.mark.proof
def test_a_damaged_database_is_there_until_the_restored_one_is_and_kept_whole(full: str, tmp_path: Path) -> None:
    file = database(full).file
    assert file is not None
    backup = backed_up(full, tmp_path)
    _add_a_line(file)
    with file.open("r+b") as opened:
        opened.seek(8 * 4096)
        opened.write(b"\xff" * 30 * 4096)
    was = {path.name: path.read_bytes() for path in _files(file) if not path.name.endswith("-shm")}
    assert len(was) == 2
    restored, number = list[bool](), 0
    for number, place in enumerate(_killed(backup, file, tmp_path), 1):
        held = (place / file.name).read_bytes()
        restored.append(held != was[file.name])
        if restored[-1]:
            assert _rows(place / file.name) == NEW, "the log of the damaged one is not taken for its own"
        kept = {name: [one.read_bytes() for one in place.rglob(name)] for name in was}
        assert all(was[name] in kept[name] for name in was), number
        if not restored[-1]:
            restore(f"sqlite:///{place / file.name}", place / "one.backup", place / "again")
            assert _rows(place / file.name) == NEW
    assert restored == sorted(restored)
    assert restored.count(False) > 10
    assert restored[-1]


@pytest.mark.proof
def test_a_database_that_another_program_reads_is_not_replaced(full: str, tmp_path: Path) -> None:
    file = database(full).file
    assert file is not None
    backup = backed_up(full, tmp_path)
    _add_a_line(file)
    before = asyncio.run(rows_of(full))
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM audit").fetchone()
        with pytest.raises(InUse, match="in use by another program"):
            restore(full, backup, tmp_path / "copy")
    assert asyncio.run(rows_of(full)) == before
    assert not (tmp_path / "copy").exists()
    assert not list(tmp_path.glob(".*restor*"))


def test_behind_a_symbolic_link_the_file_is_replaced_and_the_link_stays(full: str, tmp_path: Path) -> None:
    file = database(full).file
    assert file is not None
    backup = backed_up(full, tmp_path)
    _add_a_line(file)
    link = tmp_path / "elsewhere" / "huifang.db"
    link.parent.mkdir()
    link.symlink_to(file)
    url = f"sqlite:///{link}"
    with database(url).exclusive(), pytest.raises(InUse), database(full).exclusive():
        pass  # one file, one lock, by whichever name
    restore(url, backup, tmp_path / "copy")
    assert link.is_symlink()
    assert not file.is_symlink()
    assert (_rows(file), _rows(link), _rows(tmp_path / "copy" / file.name)) == (NEW, NEW, OLD)
    assert {path.name for path in link.parent.iterdir()} == {"huifang.db"}, "nothing is left beside the link"


def test_behind_a_link_to_nothing_a_database_is_made_where_it_leads(full: str, tmp_path: Path) -> None:
    backup = backed_up(full, tmp_path)
    link = tmp_path / "huifang.db"
    (tmp_path / "disk").mkdir()
    link.symlink_to(tmp_path / "disk" / "real.db")
    restore(f"sqlite:///{link}", backup)
    assert link.is_symlink()
    assert _rows(tmp_path / "disk" / "real.db") == NEW
