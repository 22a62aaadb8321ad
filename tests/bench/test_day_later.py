"""What a completed survey leaves in the file: the product under load, a copy of its database, a day later."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bench.day_later import KEPT_AT_MOST, kept_for_each_survey

FULL = 0.8
"""How full pages are as a service leaves them: 0.77, and more by the 90 bytes that the encoder says of a comment.

On a slow machine it has read them when the load ends.
"""


def within_pages(database: Path) -> int:
    """Return the bytes in use within the pages of a file (https://sqlite.org/dbstat.html)."""
    with closing(sqlite3.connect(database)) as connection:
        (used,) = connection.execute("SELECT sum(pgsize - unused) FROM dbstat").fetchone()
    assert isinstance(used, int)
    return used


@pytest.mark.proof
async def test_a_completed_survey_keeps_four_kilobytes_at_most_after_a_day(tmp_path: Path) -> None:
    surveys = 150
    at_once, later = await kept_for_each_survey(tmp_path, surveys, rate=130.0)
    grown = within_pages(tmp_path / f"{surveys}.db") - within_pages(tmp_path / "50.db")
    assert grown / surveys <= KEPT_AT_MOST * FULL
    assert later <= at_once
