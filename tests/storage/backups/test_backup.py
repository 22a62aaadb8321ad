"""A backup holds one moment of a database, whole, while others write; a restore gives it back, or changes nothing."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scoring.values import replace
from storage.backups.backup import RestoreOrder, backup_folder, make_backup, restore_backup
from storage.backups.backup_file import BackupDamagedError, BackupHeader, backup_content, read_header
from storage.connection.migrate import revisions, upgrade
from storage.connection.store import Store
from storage.dialects import database
from storage.model.errors import InUse, SchemaMismatch, Unavailable
from storage.verification.verify import verify_database
from tests.storage.migrations.sample import execute, fetch, rows_of

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
_HEADER = 8192
_LINE = (
    "INSERT INTO audit (id, at, by, action, subject, detail) VALUES ('{}', '2026-11-22T02:30:00Z', '', '', '', '{{}}')"
)


async def backed_up(url: str, folder: Path, name: str = "one.backup") -> Path:
    await make_backup(url, folder / name, NOW, "9.9.9")
    return folder / name


async def restored(url: str, backup: Path, copy: Path | None = None) -> BackupHeader:
    return await restore_backup(url, RestoreOrder(backup, NOW, NOW + timedelta(hours=1), "9.9.9", copy))


async def kept(url: str) -> dict[str, list[str]]:
    """Return every row but for the mark of a restore."""
    rows = await rows_of(url)
    return rows | {"notes": [row for row in rows["notes"] if not row.startswith("('restored'")]}


async def test_what_is_restored_elsewhere_is_what_was_backed_up(full: str, empty: str, tmp_path: Path) -> None:
    before = await rows_of(full)
    backup = await backed_up(full, tmp_path)
    assert await rows_of(full) == before
    header = read_header(backup)
    assert (header.product, header.version, header.schema) == ("huifang", "9.9.9", revisions()[-1])
    assert header.rows == {table: len(rows) for table, rows in before.items() if table != "sqlite_sequence"}
    assert datetime.fromisoformat(header.at) == NOW
    assert await restored(empty, backup) == header
    assert await kept(empty) == before
    ((value,),) = await fetch(empty, "SELECT value FROM notes WHERE key = 'restored'")
    assert msgspec.json.decode(value) == {
        "taken_at": "2026-11-30T04:00:00Z",
        "restored_at": "2026-11-30T04:00:00Z",
        "in_doubt_until": "2026-11-30T05:00:00Z",
        "is_settled": False,
    }
    assert (await verify_database(empty, NOW)).number == (await verify_database(full, NOW)).number
    async with Store.open(empty):
        pass


async def test_a_backup_is_for_its_owner_only_and_nothing_is_left_beside_it(full: str, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "backups").mkdir()
        backup = await backed_up(full, tmp_path / "backups")
    finally:
        os.umask(before)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["one.backup"]


async def test_while_others_write_it_holds_one_moment(full: str, empty: str, tmp_path: Path) -> None:
    """Each commit adds two lines: a backup in between would hold an odd number of them."""
    stop = asyncio.Event()

    async def write() -> int:
        count = 0
        while not stop.is_set():
            pair = ";".join(_LINE.format(f"aud_pair_{count}_{side}") for side in "ab")
            await execute(full, f"BEGIN; {pair}; COMMIT")
            count += 1
            await asyncio.sleep(0)
        return count

    writing = asyncio.ensure_future(write())
    backups = [await backed_up(full, tmp_path, f"{number}.backup") for number in range(3)]
    stop.set()
    assert await writing > 3
    await restored(empty, backups[-1])
    count = "SELECT count(*) FROM audit WHERE id LIKE 'aud_pair_%{}'"
    sides = [await fetch(empty, count.format(side)) for side in "ab"]
    assert sides[0] == sides[1] != [(0,)]


async def test_an_older_schema_is_restored_and_migrated_then(full: str, empty: str, tmp_path: Path) -> None:
    backup = await backed_up(full, tmp_path)
    await restored(empty, backup)
    await upgrade(empty)
    assert await fetch(empty, "SELECT version_num FROM alembic_version") == [(revisions()[-1],)]


# -- what is refused before anything is touched ----------------------------------------------------------------


def _cut(content: bytearray) -> None:
    del content[-100:]


def _longer(content: bytearray) -> None:
    content += b"\0" * 100


def _flipped(content: bytearray) -> None:
    content[_HEADER + (len(content) - _HEADER) // 2] ^= 1


def _first_byte(content: bytearray) -> None:
    content[_HEADER] ^= 1


def _header_flipped(content: bytearray) -> None:
    content[20] = ord("!")


def _only_header(content: bytearray) -> None:
    del content[_HEADER:]


def _half_header(content: bytearray) -> None:
    del content[100:]


def _nothing(content: bytearray) -> None:
    content.clear()


def _other_product(content: bytearray) -> None:
    content[:_HEADER] = content[:_HEADER].replace(b'"product":"huifang"', b'"product":"huiwang"')


@pytest.mark.some(3)
@pytest.mark.parametrize(
    "damage",
    [_cut, _longer, _flipped, _first_byte, _header_flipped, _only_header, _half_header, _nothing, _other_product],
)
async def test_a_damaged_copy_is_refused_and_nothing_is_touched(
    full: str, empty: str, tmp_path: Path, damage: Callable[[bytearray], None]
) -> None:
    backup = await backed_up(full, tmp_path)
    content = bytearray(backup.read_bytes())
    damage(content)
    backup.write_bytes(content)
    before = await rows_of(full)
    for url, copy in ((empty, None), (full, tmp_path / "copy")):
        with pytest.raises(BackupDamagedError, match=r"one\.backup"):
            await restored(url, backup, copy)
    assert await rows_of(full) == before
    assert not (tmp_path / "copy").exists()
    assert await _is_empty(empty)


async def _is_empty(url: str) -> bool:
    file = database(url).file
    if file is not None:
        return not file.exists() or file.stat().st_size == 0  # it is made with its lock
    return await fetch(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


@pytest.mark.parametrize("content", [b"", b"PGDMP\x01", b"SQLite format 3\0", "价格".encode() * 9000])
async def test_another_file_is_no_backup(empty: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BackupDamagedError, match="is no backup that huifang has made"):
        await restored(empty, tmp_path / "other")
    with pytest.raises(FileNotFoundError):
        await restored(empty, tmp_path / "none")


def rewritten(backup: Path, **changed: Any) -> None:  # noqa: ANN401 (any field of the header)
    """Write another header over that of a backup."""
    header = replace(read_header(backup), **changed)
    content = backup.read_bytes()[_HEADER:]
    text = b"huifang backup 1\n" + msgspec.json.encode(header)
    backup.write_bytes(text.ljust(_HEADER - 1) + b"\n" + content)


async def test_a_newer_schema_is_refused(full: str, empty: str, tmp_path: Path) -> None:
    backup = await backed_up(full, tmp_path)
    rewritten(backup, schema="9999_from_the_future", version="7.0")
    with pytest.raises(SchemaMismatch, match=r"newer huifang \(version 7\.0, tables 9999_from_the_future\)"):
        await restored(empty, backup)
    assert await _is_empty(empty)


async def test_other_rows_than_the_header_says_are_refused_and_nothing_is_changed(
    full: str, empty: str, tmp_path: Path
) -> None:
    backup = await backed_up(full, tmp_path)
    rewritten(backup, rows=read_header(backup).rows | {"audit": 7})
    with pytest.raises((BackupDamagedError, Unavailable), match="other rows than"):
        await restored(empty, backup)
    assert await _is_empty(empty)


async def test_the_other_kind_of_database_is_refused(full: str, empty: str, tmp_path: Path) -> None:
    backup = await backed_up(full, tmp_path)
    kind = read_header(backup).database
    rewritten(backup, database="oracle")
    with pytest.raises(ValueError, match=rf"one\.backup is of oracle, and database.url names {kind}"):
        await restored(empty, backup)


# -- what is there already -----------------------------------------------------------------------------------


async def test_what_is_there_is_not_written_over_without_being_asked(full: str, tmp_path: Path) -> None:
    backup = await backed_up(full, tmp_path)
    await execute(full, _LINE.format("aud_later"))
    before = await rows_of(full)
    with pytest.raises(ValueError, match="there is a database already, and nothing was changed: --replace"):
        await restored(full, backup)
    assert await rows_of(full) == before


async def test_what_is_replaced_is_kept_and_can_be_brought_back(full: str, empty: str, tmp_path: Path) -> None:
    before = await rows_of(full)
    backup = await backed_up(full, tmp_path)
    await execute(full, _LINE.format("aud_later"))
    later = await rows_of(full)
    await restored(full, backup, tmp_path / "backups" / "before")
    assert await kept(full) == before
    copy = tmp_path / "backups" / "before"
    if copy.is_dir():
        assert await rows_of(f"sqlite:///{copy}/full.db") == later
    else:
        await restored(empty, copy)
        assert await kept(empty) == later


@pytest.mark.parametrize("full", ["sqlite"], indirect=True)
async def test_what_root_restores_is_the_services(full: str, tmp_path: Path) -> None:
    """The service runs as somebody else, whose folder it is, and has to write all of it."""
    owner, group = (10001, 10001) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    backup, file = await backed_up(full, tmp_path), database(full).file
    assert file is not None
    os.chown(file.parent, owner, group)
    copy = file.parent / "backups" / "before"
    await restored(full, backup, copy)
    made = (file, copy.parent, copy)
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(owner, group)}
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600, 0o700, 0o700]


@pytest.mark.parametrize("full", ["sqlite"], indirect=True)
async def test_a_damaged_database_is_replaced_and_its_files_are_kept_as_they_are(full: str, tmp_path: Path) -> None:
    file = database(full).file
    assert file is not None
    before = await rows_of(full)
    backup = await backed_up(full, tmp_path)
    file.write_bytes(b"\0" * 5000)
    file.with_name("full.db-wal").write_bytes(b"torn")
    await restored(full, backup, tmp_path / "away")
    assert await kept(full) == before
    assert (tmp_path / "away" / "full.db").read_bytes() == b"\0" * 5000
    assert (tmp_path / "away" / "full.db-wal").read_bytes() == b"torn"


async def test_a_database_in_use_is_not_replaced(full: str, tmp_path: Path) -> None:
    backup = await backed_up(full, tmp_path)
    before = await rows_of(full)
    async with Store.open(full) as store, store.reading():  # a service that runs is connected
        with pytest.raises(InUse, match="in use by"):
            await restored(full, backup, tmp_path / "copy")
    assert await rows_of(full) == before
    assert not (tmp_path / "copy").exists()


async def test_a_restore_that_fails_half_way_changes_nothing_and_can_be_repeated(
    full: str, empty: str, tmp_path: Path
) -> None:
    """The content ends in its middle, and the header says that it was so from the beginning."""
    backup = await backed_up(full, tmp_path)
    whole, half = backup.read_bytes(), b"".join(backup_content(backup))[: -read_header(backup).bytes // 3]
    backup.write_bytes(whole[:_HEADER] + half)
    rewritten(backup, bytes=len(half), sha256=sha256(half).hexdigest())
    before = await rows_of(full)
    for url, copy in ((empty, None), (full, tmp_path / "copy")):
        with pytest.raises((BackupDamagedError, Unavailable)):
            await restored(url, backup, copy)
    assert await _is_empty(empty)
    assert await rows_of(full) == before
    backup.write_bytes(whole)
    await restored(empty, backup)
    assert await kept(empty) == before


# -- what cannot be backed up -----------------------------------------------------------------------------------


async def test_what_cannot_be_backed_up_is_told_and_no_file_is_left(full: str, empty: str, tmp_path: Path) -> None:
    with pytest.raises((Unavailable, ValueError), match=r"there is no database at|is none of huifang's"):
        await backed_up(empty, tmp_path)
    with pytest.raises(FileNotFoundError):
        await backed_up(full, tmp_path / "nowhere")
    file = database(full).file
    if file is not None:
        file.write_bytes(file.read_bytes()[:8192] + b"\xff" * 8192)
        with pytest.raises(Unavailable, match=r"full\.db"):
            await backed_up(full, tmp_path)
    assert _left(tmp_path) == []


def _left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.suffix in (".backup", ".part", ".copy")]


async def test_a_file_of_another_program_is_not_backed_up(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE things (id TEXT)")
    with pytest.raises(ValueError, match="is no database of huifang"):
        await backed_up(f"sqlite:///{tmp_path}/other.db", tmp_path)


@pytest.mark.parametrize("full", ["postgres"], indirect=True)
async def test_without_its_programs_postgresql_cannot_be_backed_up(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = await backed_up(full, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="pg_dump is not installed here: install PostgreSQL's client programs"):
        await backed_up(full, tmp_path, "two.backup")
    with pytest.raises(Unavailable, match="is not installed here"):
        await restored(full, backup, tmp_path / "copy")
    assert not (tmp_path / "two.backup").exists()


@pytest.mark.parametrize("full", ["postgres"], indirect=True)
async def test_a_password_is_not_on_the_command_line(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.which("pg_dump")
    spy = tmp_path / "bin" / "pg_dump"
    spy.parent.mkdir()
    spy.write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/typed\necho "$PGPASSWORD" > {tmp_path}/known\nexec {real} "$@"\n'
    )
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{spy.parent}:{os.environ['PATH']}")
    await backed_up(full.replace("huifang@", "huifang:pa%20ss'wort@"), tmp_path)
    assert "pa" not in (tmp_path / "typed").read_text().replace("pg_dump", "").partition("--dbname=")[2].replace(
        "sslmode", ""
    )
    assert (tmp_path / "known").read_text() == "pa ss'wort\n"


def test_backups_go_beside_a_file_and_else_below_the_folder(tmp_path: Path) -> None:
    assert backup_folder("sqlite:////srv/huifang/var/huifang.db", tmp_path) == Path("/srv/huifang/var/backups")
    assert backup_folder("postgresql://huifang@db/huifang", tmp_path) == tmp_path / "var" / "backups"
