"""The bench of imports stores what it says, and tells rows, CPU and memory of that process alone."""

import csv
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bench.imports.import_speed import ImportFigures, measure_import, write_table
from bench.measure import peak_memory
from tests.support.database.migrated import copy_migrated


def test_a_table_is_the_same_at_every_call_and_each_ticket_has_its_answer(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_table(tmp_path / name, "tickets", 30)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    write_table(tmp_path / "answers", "responses", 30)
    tickets, answers = (_rows(tmp_path / name) for name in ("one", "answers"))
    assert [f"import/{row['ticket']}" for row in tickets] == [row["ticket"] for row in answers]
    assert len({row["customer"] for row in tickets}) == 10
    assert all(row["closed_at"] < answer["given_at"] for row, answer in zip(tickets, answers, strict=True))


def test_the_most_memory_is_that_of_the_program_and_not_of_who_started_it() -> None:
    held = b"x" * 300_000_000
    waits = [sys.executable, "-c", "print(flush=True); input()"]
    process = subprocess.Popen(waits, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        process.stdout.readline()  # it has begun
        assert peak_memory(os.getpid()) > len(held) > peak_memory(process.pid) > 1_000_000
    finally:
        process.communicate(b"\n")


@pytest.mark.proof
async def test_every_row_is_stored_and_the_process_is_measured(tmp_path: Path) -> None:
    copy_migrated(tmp_path / "huifang.db")
    for kind in ("tickets", "responses"):
        figures = await measure_import(tmp_path, kind, 60)
        assert (figures.kind, figures.rows) == (kind, 60)
        assert figures.seconds > 0
        assert figures.user + figures.system > 0
        assert 20e6 < figures.most < 1e9
    with closing(sqlite3.connect(tmp_path / "huifang.db")) as file:
        assert file.execute("SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM interviews)").fetchone() == (
            60,
            60,
        )
    with pytest.raises(RuntimeError, match="the import of people failed"):
        await measure_import(tmp_path, "people", 1)


def test_a_line_tells_the_speed_by_the_clock_and_by_the_processor() -> None:
    line = ImportFigures("tickets", 1_000_000, 200.0, 110.0, 15.0, 140_000_000).line()
    assert line == (
        "import tickets, 1,000,000 rows: 5,000 rows/s, 8,000 for each second of CPU (110 s user, 15 s system), "
        "at most 140 MB resident"
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
