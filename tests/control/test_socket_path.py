"""Where the control socket lies: beside the database, or in a private folder where that path is too long."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.control.socket_path import peer_of, socket_path

DEEP = "/".join(["long" * 10] * 3)
"""A path longer than a socket's may be."""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with a short path, in which private folders are made."""
    with TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def placed(database: str) -> Path:
    """Return the socket's path for a SQLite database."""
    found = socket_path(database)
    assert found is not None
    return found


@pytest.mark.parametrize("query", ["", "?timeout=5"])
def test_the_socket_lies_beside_the_file(short: Path, query: str) -> None:
    assert placed(f"sqlite:///{short}/huifang.db{query}") == short / "huifang.db.sock"
    assert list(short.iterdir()) == []


def test_a_relative_database_has_its_socket_in_the_same_folder(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(short)
    assert placed("sqlite:///var/huifang.db") == Path.cwd() / "var" / "huifang.db.sock"


def test_a_database_on_a_server_has_no_socket() -> None:
    assert socket_path("postgresql://huifang@127.0.0.1/huifang") is None


def test_a_long_path_has_its_socket_in_a_folder_that_only_its_owner_may_enter(short: Path) -> None:
    place = placed(f"sqlite:///{short}/{DEEP}/huifang.db")
    assert place.parent == short / f"huifang-{os.getuid()}"
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert placed(f"sqlite:///{short}/{DEEP}/huifang.db") == place
    assert placed(f"sqlite:///{short}/{DEEP}/other.db") != place


def test_a_long_path_through_a_link_has_the_socket_of_the_file_itself(short: Path) -> None:
    (short / DEEP).mkdir(parents=True)
    link = short / ("link" * 12) / ("link" * 12)
    link.parent.mkdir()
    link.symlink_to(short / DEEP)
    assert placed(f"sqlite:///{link}/huifang.db") == placed(f"sqlite:///{short}/{DEEP}/huifang.db")


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_folder_that_others_may_enter_is_not_used(short: Path, mode: int) -> None:
    folder = short / f"huifang-{os.getuid()}"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(PermissionError, match="is not a folder of our own"):
        socket_path(f"sqlite:///{short}/{DEEP}/huifang.db")


def test_a_link_in_the_place_of_the_folder_is_not_followed(short: Path) -> None:
    (short / "elsewhere").mkdir(mode=0o700)
    (short / f"huifang-{os.getuid()}").symlink_to(short / "elsewhere")
    with pytest.raises(PermissionError, match="is not a folder of our own"):
        socket_path(f"sqlite:///{short}/{DEEP}/huifang.db")


def test_where_no_path_is_short_enough_the_error_names_the_way_out(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = short / DEEP
    deep.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(OSError, match="set XDG_RUNTIME_DIR to a shorter one"):
        socket_path(f"sqlite:///{deep}/huifang.db")


def test_the_other_end_of_a_connection_is_known_by_its_user() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_of(ours) == os.getuid()
