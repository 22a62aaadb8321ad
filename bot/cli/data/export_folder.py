"""The folder of an export: files that grow, how far each has come, and at the end a manifest with what is in them.

How far an export has come stands in a file of its own, written after what it tells of is on the disk: whoever is
killed goes on from there, and no byte differs from those of an export that was not.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.cli.common import write_whole
from bot.control.protocol import CommandProblem
from storage.bulk.table_walk import WalkPlace

__all__ = ["MANIFEST", "ExportFile", "ExportFolder"]

Json = dict[str, Any]
MANIFEST = "manifest.json"
_PROGRESS = ".export.json"
_LOCK = ".export.lock"
_CHUNK = 1 << 20


class ExportFolder:
    """A folder while an export is written into it; made by `open`."""

    def __init__(self, path: Path, told: Json) -> None:
        self._path, self._told = path, told

    @classmethod
    @contextmanager
    def open(cls, path: Path, order: Json, begin: Mapping[str, Any], *, resumes: bool) -> Iterator["ExportFolder"]:
        """Begin an export in an empty folder, or go on with an unfinished one of the same `order`.

        `begin` is kept from the beginning on. Raises CommandProblem where the folder holds anything else, where another
        process writes into it, and where there is nothing to go on with though it `resumes`.
        """
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandProblem(f"{path}: another export is being written there; wait for it") from None
            yield cls(path, _standing(path, order, begin, resumes=resumes))
        finally:
            if not (path / _PROGRESS).exists():
                (path / _LOCK).unlink(missing_ok=True)
            os.close(descriptor)

    @property
    def begin(self) -> Json:
        """What was kept from the beginning on."""
        found: Json = self._told["begin"]
        return found

    @property
    def is_resumed(self) -> bool:
        """Return whether something of it was written before."""
        return bool(self._told["files"])

    def start(self) -> None:
        """Keep what the export is of, before its first file."""
        self._save()

    def file(self, name: str, kind: str) -> "ExportFile":
        """Return a file as far as it is written."""
        return ExportFile(self._path / name, self._told["files"].setdefault(name, {"kind": kind}), self._save)

    def put(self, name: str, content: bytes) -> None:
        """Write a file into a folder of the export, whole; one that is there is written anew."""
        path = self._path / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        write_whole(path, content)

    def finish(self, about: Mapping[str, Any]) -> Json:
        """Write the manifest: `about`, and of each file its rows, bytes and SHA-256. The export is complete then."""
        named = ("kind", "rows", "bytes", "sha256", "read_at")
        files = [{"name": name} | {key: one[key] for key in named} for name, one in self._told["files"].items()]
        manifest = {**about, "files": files}
        write_whole(self._path / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        (self._path / _PROGRESS).unlink()
        return manifest

    def _save(self) -> None:
        write_whole(self._path / _PROGRESS, json.dumps(self._told, ensure_ascii=False))


class ExportFile:
    """A file that grows by whole pages of rows."""

    def __init__(self, path: Path, told: Json, save: Any) -> None:  # noqa: ANN401 (of the folder)
        self._path, self._told, self._save = path, told, save
        self._hash = sha256()

    @property
    def is_done(self) -> bool:
        """Return whether all of it is written."""
        return "sha256" in self._told

    @property
    def rows(self) -> int:
        """How many rows are written."""
        return int(self._told.get("rows", 0))

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns with which it was begun; None where it was not."""
        return tuple(self._told["columns"]) if "columns" in self._told else None

    @property
    def place(self) -> WalkPlace | None:
        """The place behind what is written, None at its beginning."""
        return tuple(self._told["place"]) if self._told.get("place") else None

    @contextmanager
    def growing(self, columns: tuple[str, ...], head: bytes, read_at: str) -> Iterator[None]:
        """Open it at the end of what is known to be written; what stands behind that is cut off.

        Its first bytes are `head`; `read_at` is the moment of the database from which the rest is read.
        """
        there = self._path.stat().st_size if self._path.exists() else 0
        if there < self._told.get("bytes", there + 1):  # nothing of it is known, or somebody has cut it
            self._told.update(columns=list(columns), place=None, rows=0, bytes=0)
        self._told["read_at"] = read_at
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as self._file:
            self._file.truncate(self._told["bytes"])
            while chunk := self._file.read(_CHUNK):
                self._hash.update(chunk)
            if not self._told["bytes"]:
                self._write(head)
            yield
            self._keep()
            self._told["sha256"] = self._hash.hexdigest()
            self._save()

    def add(self, rows: int, content: bytes) -> None:
        """Write rows; they count from the next `mark` on."""
        self._write(content)
        self._told["rows"] += rows

    def mark(self, place: WalkPlace) -> None:
        """Write the rows to the disk, and keep the place behind them."""
        self._told["place"] = list(place)
        self._keep()

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._hash.update(content)
        self._told["bytes"] += len(content)

    def _keep(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._save()


def _standing(path: Path, order: Json, begin: Mapping[str, Any], *, resumes: bool) -> Json:
    if (path / MANIFEST).exists():
        raise CommandProblem(f"{path} holds a finished export: name another folder, or remove it first")
    progress = path / _PROGRESS
    if progress.exists():
        told: Json = json.loads(progress.read_text())
        if told["order"] != order:
            raise CommandProblem(f"{path} holds an unfinished export of something else: {_said(told['order'])}")
        return told
    if any(one.name != _LOCK for one in path.iterdir()):
        raise CommandProblem(f"{path} is not empty: name a new folder")
    if resumes:
        raise CommandProblem(f"{path} holds no unfinished export: leave --resume out")
    return {"order": order, "begin": dict(begin), "files": {}}


def _said(order: Json) -> str:
    return ", ".join(f"{name} {value}" for name, value in order.items())
