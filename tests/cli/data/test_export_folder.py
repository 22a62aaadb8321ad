"""The folder of an export: how far it has come is known, whatever stood behind that on the disk."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.cli.data.export_folder import MANIFEST, ExportFolder
from bot.control.protocol import CommandProblem

ORDER = {"kinds": ["tickets"], "format": "csv"}
HEAD = b"id\r\n"


@contextmanager
def opened(path: Path, order: dict[str, Any] | None = None, *, resumes: bool = False) -> Iterator[ExportFolder]:
    with ExportFolder.open(path, order or ORDER, {"secret": "s"}, resumes=resumes) as folder:
        folder.start()
        yield folder


def begin(path: Path) -> None:
    """Write three rows, mark two of them, and break off."""
    with pytest.raises(KeyboardInterrupt):
        _broken_off(path)


def _broken_off(path: Path) -> None:
    with opened(path) as folder:
        file = folder.file("tickets.csv", "tickets")
        with file.growing(("id",), HEAD, "10:00"):
            file.add(2, b"1\r\n2\r\n")
            file.mark(("desk", 2))
            file.add(1, b"3\r\n")
            raise KeyboardInterrupt


def go_on(path: Path, *, expected_place: tuple[str | int, ...] | None, rest: bytes, rows: int) -> bytes:
    """Go on from the place that is known, finish, and return the content of the file."""
    with opened(path) as folder:
        file = folder.file("tickets.csv", "tickets")
        assert file.is_done is False
        assert (file.place, file.columns) == (expected_place, ("id",))
        with file.growing(file.columns or ("id",), HEAD, "11:00"):
            file.add(rows, rest)
        manifest = folder.finish({"product": "huifang"})
    content = (path / "tickets.csv").read_bytes()
    (told,) = manifest["files"]
    assert (told["bytes"], told["sha256"]) == (len(content), sha256(content).hexdigest())
    assert json.loads((path / MANIFEST).read_text()) == manifest
    return content


def test_it_goes_on_behind_the_last_mark(tmp_path: Path) -> None:
    begin(tmp_path / "out")
    assert (tmp_path / "out" / "tickets.csv").read_bytes() == b"id\r\n1\r\n2\r\n3\r\n", "more than was marked"
    content = go_on(tmp_path / "out", expected_place=("desk", 2), rest=b"3\r\n4\r\n", rows=2)
    assert content == b"id\r\n1\r\n2\r\n3\r\n4\r\n"
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert manifest["files"][0] | {"sha256": ""} == {
        "name": "tickets.csv",
        "kind": "tickets",
        "rows": 4,
        "bytes": 16,
        "sha256": "",
        "read_at": "11:00",
    }
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [MANIFEST, "tickets.csv"]


def test_half_a_line_behind_the_mark_is_cut_off(tmp_path: Path) -> None:
    begin(tmp_path / "out")
    with (tmp_path / "out" / "tickets.csv").open("ab") as file:
        file.write(b"\xe5\xbe")
    assert go_on(tmp_path / "out", expected_place=("desk", 2), rest=b"3\r\n", rows=1) == b"id\r\n1\r\n2\r\n3\r\n"


@pytest.mark.parametrize("left", [b"", b"id\r\n1"])
def test_a_file_that_somebody_has_cut_is_written_anew(tmp_path: Path, left: bytes) -> None:
    begin(tmp_path / "out")
    (tmp_path / "out" / "tickets.csv").write_bytes(left)
    with opened(tmp_path / "out") as folder:
        file = folder.file("tickets.csv", "tickets")
        with file.growing(("id",), HEAD, "11:00"):
            assert (file.place, file.rows) == (None, 0)
            file.add(1, b"1\r\n")
    assert (tmp_path / "out" / "tickets.csv").read_bytes() == b"id\r\n1\r\n"


def test_a_file_that_somebody_has_removed_is_written_anew(tmp_path: Path) -> None:
    begin(tmp_path / "out")
    (tmp_path / "out" / "tickets.csv").unlink()
    with opened(tmp_path / "out") as folder:
        file = folder.file("tickets.csv", "tickets")
        with file.growing(("id",), HEAD, "11:00"):
            assert file.place is None
    assert (tmp_path / "out" / "tickets.csv").read_bytes() == HEAD


def test_what_is_done_is_done_and_the_secret_is_kept_till_the_end(tmp_path: Path) -> None:
    begin(tmp_path / "out")
    with opened(tmp_path / "out", resumes=True) as folder:
        assert (folder.begin, folder.is_resumed) == ({"secret": "s"}, True)
        file = folder.file("tickets.csv", "tickets")
        with file.growing(("id",), HEAD, "11:00"):
            pass
    with opened(tmp_path / "out") as folder:
        assert folder.file("tickets.csv", "tickets").is_done
        folder.finish({})
    assert "secret" not in "".join(path.read_text() for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("order", "resumes", "sentence"),
    [
        (
            {"kinds": ["issues"], "format": "csv"},
            False,
            "unfinished export of something else: kinds ['tickets'], format csv",
        ),
        (
            {"kinds": ["tickets"], "format": "jsonl"},
            True,
            "unfinished export of something else: kinds ['tickets'], format csv",
        ),
    ],
)
def test_an_unfinished_export_of_something_else_is_left_alone(
    tmp_path: Path, order: dict[str, Any], sentence: str, *, resumes: bool
) -> None:
    begin(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(CommandProblem) as refused, opened(tmp_path / "out", order, resumes=resumes):
        pass
    assert sentence in str(refused.value)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_new_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        begin(tmp_path / "deep" / "out")
    finally:
        os.umask(before)
    assert (tmp_path / "deep" / "out").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "deep" / "out").iterdir()} == {0o600}
