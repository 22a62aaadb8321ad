"""`huifang rollups`: sums that agree, sums that do not, sums that are not there; `doctor --verify` with them."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Type
from tests.storage.rollups.turmoil import turmoil

PROMISE = "The sums of ratings are what the ratings add up to"


def change(desk: Path, sql: str) -> None:
    with closing(sqlite3.connect(desk / "var" / "huifang.db")) as connection, connection:
        connection.execute(sql)


@pytest.fixture(name="rated")
def _rated(desk: Path) -> Path:
    """Return the folder, with some ratings that nobody has added up."""
    asyncio.run(turmoil(f"sqlite:///{desk}/var/huifang.db", 3, 60))
    return desk


@pytest.mark.proof
def test_sums_that_are_not_made_yet_cannot_be_checked(types: Type, rated: Path) -> None:
    found = types("rollups", "check")
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("huifang: the rollups are not complete, figures are counted one by one")
    change(rated, "UPDATE alembic_version SET version_num = '0001_first'")
    old = types("rollups", "check")
    assert (old.code, old.out) == (2, "")
    assert "run `huifang migrate` once" in old.err


def test_sums_that_are_made_anew_agree_and_a_wrong_one_is_named(types: Type, rated: Path) -> None:
    made = types("rollups", "rebuild")
    assert made.code == 0
    assert made.out.startswith("All ratings are summed up anew, by ")
    assert made.out.endswith(" days of Asia/Shanghai.\n")
    agreed = types("rollups", "check")
    assert (agreed.code, agreed.out, agreed.err) == (0, "No differences found.\n", "")
    key = "(begins, cut, rated_item, value, reason)"
    one = f"grain = 'day' AND {key} = (SELECT {key[1:-1]} FROM rating_rollups WHERE grain = 'day' AND n = 1 LIMIT 1)"  # noqa: S608 (our own words)
    change(rated, f"UPDATE rating_rollups SET n = 3 WHERE {one}")  # noqa: S608 (our own words)
    wrong = types("rollups", "check", "--format", "json")
    day, month = map(json.loads, wrong.out.splitlines())
    assert wrong.code == 1
    assert (day["grain"], day["expected"], day["found"]) == ("day", 1, 3)
    assert (month["grain"], month["found"] - month["expected"]) == ("month", -2)
    assert month["begins"] == day["begins"][:7]
    lines = types("rollups", "check").out.splitlines()
    assert lines[0].startswith(f"day {day['begins']} team={day['team']} ")
    assert lines[0].endswith(": 1 expected, 3 found")
    assert lines[-1] == "2 differences found."
    assert f"problem: {PROMISE}: rating_rollups {lines[0]}. Run `huifang rollups rebuild`" in (
        types("doctor", "--verify").out
    )
    types("rollups", "rebuild")
    assert types("rollups", "check").code == 0
    assert PROMISE not in types("doctor", "--verify").out
