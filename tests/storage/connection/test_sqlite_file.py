"""A SQLite file has one owner, is on the disk when we say so, and its troubles are told apart."""

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, TextualSelect, text
from sqlalchemy.types import NullType

from storage.connection.session import Session
from storage.connection.store import Store
from storage.model.errors import InUse, Unavailable
from storage.model.records import Note
from storage.reads.probe import write_problem
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Writer
from tests.storage.samples import NOW, inbox_row, look, person, save
from tests.support.database.migrated import copy_migrated

HOLD = """
import sys, time
from pathlib import Path
from storage.dialects.sqlite import lock_file

held = lock_file(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "huifang.db"


@pytest.fixture
def bare_url(path: Path) -> str:
    """Name a file that is not there yet."""
    return f"sqlite:///{path}"


@pytest.fixture
def url(bare_url: str, path: Path) -> str:
    """Name a file with empty tables."""
    copy_migrated(path)
    return bare_url


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# -- one owner ------------------------------------------------------------------------------------------------


async def test_a_second_process_is_told_which_file_and_whose(url: str, path: Path) -> None:
    async with Store.open(url):
        with start(HOLD, str(path)) as second:
            _, said = second.communicate(timeout=20)
    assert second.returncode == 1
    assert f"{path} is in use by another huifang, process {os.getpid()}: stop that one first" in said


async def test_the_same_process_may_not_open_it_twice_either(url: str) -> None:
    async with Store.open(url):
        with pytest.raises(InUse):
            async with Store.open(url):
                pass
    async with Store.open(url):
        pass


@pytest.mark.proof
async def test_a_killed_process_gives_the_file_back(url: str, path: Path) -> None:
    with start(HOLD, str(path)) as holder:
        assert holder.stdout is not None
        await asyncio.to_thread(holder.stdout.readline)
        with pytest.raises(InUse, match=rf"process {holder.pid}\b"):
            async with Store.open(url):
                pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        async with Store.open(url):
            pass


async def test_what_is_kept_is_readable_by_its_owner_only(bare_url: str, path: Path) -> None:
    async with Store.open(bare_url) as store:
        await save(Writer(store, lambda: NOW), *person())
        made = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(made) >= {"huifang.db", "huifang.db-wal", "huifang.db.lock"}
    assert set(made.values()) == {0o600}


# -- settings -------------------------------------------------------------------------------------------------


async def test_every_commit_reaches_the_disk_and_nothing_lies_outside_the_file_which_is_not_trusted(url: str) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "temp_store": 2,  # memory: no copy of what is changed lies in the system's folder for temporary files
    }

    async with Store.open(url) as store:
        assert {name: await _pragma(store, name) for name in expected} == expected


async def test_reading_connections_cannot_write(url: str) -> None:
    async with Store.open(url) as store:
        with pytest.raises(Unavailable, match="read-only"):
            async with store.reading() as session:
                await session.fetch(_said("DELETE FROM notes RETURNING key"))


async def test_a_sound_file_has_no_problems_and_a_damaged_one_has(url: str, path: Path) -> None:
    async with Store.open(url) as store:
        await save(Writer(store, lambda: NOW), *(inbox_row(f"key-{number}") for number in range(500)))
        assert await store.problems() == []
    _damage(path)
    async with Store.open(url) as store:
        assert await store.problems()


# -- troubles -------------------------------------------------------------------------------------------------


async def test_a_full_disk_saves_nothing_and_passes(url: str) -> None:
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, Note("before", "", NOW))
        await _pragma(store, "max_page_count = 1")  # SQLite makes it the size that the file has now
        big = "x" * 10_000_000
        outcomes = await asyncio.gather(
            save(writer, Note("big", big, NOW)), save(writer, Note("small", "", NOW)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
        assert "the disk under the database is full" in str(outcomes[0])
        rows = await look(writer, Needs(notes=frozenset({"before", "big", "small"})))
        assert [rows.note(key) is not None for key in ("before", "big", "small")] == [True, False, False]
        await _pragma(store, "max_page_count = 1000000")
        await save(writer, Note("big", big, NOW), Note("small", "", NOW))
        await writer.stop()


@pytest.mark.parametrize("suffix", ["", "-wal"])
@pytest.mark.parametrize("how", ["deleted", "replaced", "with its folder"])
async def test_files_that_are_not_those_that_were_opened_take_nothing_until_they_are_back(
    url: str, path: Path, suffix: str, how: str
) -> None:
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, Note("before", "", NOW))
        harmed = path.parent if how == "with its folder" else path.with_name(path.name + suffix)
        kept = harmed.with_name(f"{harmed.name}.kept")
        harmed.rename(kept)
        if how == "replaced":
            shutil.copy(kept, harmed)
        for _ in range(2):
            with pytest.raises(Unavailable, match="nothing is accepted"):
                await save(writer, Note("lost", "", NOW))
        with pytest.raises(Unavailable, match="nothing is accepted"):
            async with store.reading() as session:
                await session.fetch(_said("SELECT key FROM notes"))
        assert "nothing is accepted" in await write_problem(writer)
        kept.rename(harmed)
        assert await write_problem(writer) == ""
        await save(writer, Note("after", "", NOW))
        rows = await look(writer, Needs(notes=frozenset({"before", "lost", "after"})))
        assert [rows.note(key) is not None for key in ("before", "lost", "after")] == [True, False, True]
        await writer.stop()


async def test_a_file_that_goes_during_a_commit_leaves_nothing_acknowledged(
    url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Store.open(url) as store:
        writer, looked, look_at = Writer(store, lambda: NOW), list[object](), os.stat
        await save(writer, Note("before", "", NOW))

        def goes(place: Path, **options: bool) -> os.stat_result:
            found = look_at(place, **options)
            looked.append(place)
            if len(looked) == 2:  # the file, and its log: what is looked at before the commit
                _lose(path)
            return found

        with monkeypatch.context() as patched:
            patched.setattr(os, "stat", goes)
            with pytest.raises(Unavailable, match="nothing is accepted"):
                await save(writer, Note("lost", "", NOW))
        await writer.stop()


async def test_no_file_is_made_in_place_of_one_that_is_lost_before_the_first_write(url: str, path: Path) -> None:
    async with Store.open(url) as store:
        async with store.reading() as session:
            await session.fetch(_said("SELECT key FROM notes"))
        _lose(path)
        writer = Writer(store, lambda: NOW)
        with pytest.raises(Unavailable, match="nothing is accepted"):
            await save(writer, Note("lost", "", NOW))
        assert not _is_there(path)
        await writer.stop()


def _lose(path: Path) -> None:
    path.rename(path.with_name("kept"))


def _is_there(path: Path) -> bool:
    return path.exists()


async def test_since_a_write_failed_each_look_tries_another(url: str) -> None:
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        assert await write_problem(writer) == ""
        await _pragma(store, "max_page_count = 1")
        assert await write_problem(writer) == "", "it has written in this minute"
        with pytest.raises(Unavailable):
            await save(writer, Note("big", "x" * 10_000_000, NOW))
        before, problem = writer.has_failed, await write_problem(writer)
        assert (before, problem, writer.has_failed) == (True, "", False), "a small row still fits into the file"
        await writer.stop()


async def test_a_file_that_somebody_else_locks_is_unavailable_until_they_let_go(url: str, path: Path) -> None:
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        await _pragma(store, "busy_timeout = 50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked by another process"):
            await save(writer, Note("poll", "1", NOW))
        other.execute("ROLLBACK")
        other.close()
        await save(writer, Note("poll", "1", NOW))
        await writer.stop()


async def test_while_somebody_else_locks_the_file_rows_are_looked_up_and_the_loop_goes_on(url: str, path: Path) -> None:
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        await save(writer, *person())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        seen = await look(writer, Needs(customers=frozenset({"c-mei"})))
        saving = asyncio.create_task(save(writer, Note("k", "v", NOW)))
        turns = 0
        for _ in range(20):
            await asyncio.sleep(0.005)
            turns += not saving.done()
        other.execute("ROLLBACK")
        other.close()
        await saving
    assert seen.customer("c-mei") is not None
    assert turns == 20


@pytest.mark.usefixtures("_letter")
async def test_a_file_that_is_no_database_is_a_clear_error(bare_url: str, path: Path) -> None:
    with pytest.raises(Unavailable, match=rf"the file is no SQLite database \({re.escape(str(path))}\)"):
        async with Store.open(bare_url):
            pass


@pytest.mark.usefixtures("_file_in_the_way")
async def test_a_file_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"a\.file/huifang\.db cannot be opened: (Not a directory|File exists)"):
        async with Store.open(f"sqlite:///{tmp_path}/a.file/huifang.db"):
            pass


@pytest.mark.parametrize("wrong", ["sqlite://", "sqlite:///:memory:", "mysql://host/db", "huifang.db", ""])
async def test_a_wrong_url_is_a_clear_error(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"write sqlite:///var/huifang\.db"):
        async with Store.open(wrong):
            pass


FAILS = """
import asyncio, sys
from storage.connection.store import Store
from tests.support.database.migrated import copy_migrated

async def main():
    async with Store.open(sys.argv[1]) as store:
        async with store.reading() as session:
            pass
        raise SystemExit("a wrong setting")

asyncio.run(main())
"""


@pytest.mark.proof
def test_a_start_that_fails_with_the_database_open_ends_the_process(url: str) -> None:
    with start(FAILS, url) as process:
        _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert said.strip().endswith("a wrong setting")


@pytest.fixture
def _file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a.file").touch()


@pytest.fixture
def _letter(path: Path) -> None:
    path.write_bytes(b"this is a letter to a friend" * 100)


def _damage(path: Path) -> None:
    """Overwrite a page that no start reads."""
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'inbox'")
    with path.open("r+b") as file:
        file.seek(4096 * (page - 1))
        file.write(b"\xff" * 4096)


async def _pragma(store: Store, pragma: str) -> object:
    """Ask or set something on the connection that writes; return the answer."""
    answer: list[object] = []

    async def run(session: Session) -> None:
        answer.extend(value for (value,) in await session.fetch(_said(f"PRAGMA {pragma}")))

    await store.transaction(run)
    return answer[0] if answer else None


def _said(sql: str) -> TextualSelect:
    return text(sql).columns(Column("answer", NullType))


async def test_deleted_data_leaves_the_log_after_a_transaction_that_only_looked(url: str) -> None:
    """A transaction begins with its first write: none of the next one's statements may begin it."""
    async with Store.open(url) as store:
        writer = Writer(store, lambda: NOW)
        await look(writer, Needs(inbox=frozenset({"telegram:1"})))
        assert await store.scrub()
        await writer.stop()
