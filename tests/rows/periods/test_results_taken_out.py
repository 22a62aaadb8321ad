"""Published grades and sheets leave the product as files, for whoever decides by them; nothing follows by itself."""

import asyncio
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.reports.plain_tables import cell_text
from tests.cli.conftest import Type, desk, types
from tests.storage.migrations.sample import fetch

__all__ = ["desk", "types"]

FORM, MANAGER = "performance_60_40", ("--by", "王经理")
ITEMS = (
    *("orders", "arrangements", "estimates", "measures", "effects", "relations", "contact", "knowledge"),
    *("on_site_time", "brand", "repair_form", "rules"),
)
GOOD, FULL = (4, 4, 3, 5, 4, 4, 3, 4, 5, 4, 4, 3), (5,) * 12


Fill = Callable[..., None]


@pytest.fixture
def fills(types: Type, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Return what fills a sheet in the terminal."""

    def fill(subject: str, ratings: tuple[int, ...], *more: str) -> None:
        lines = ("安装工", *map(str, ratings), "=不错", "")
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        who = ("--subject", subject, "--period", "2026-Q3", "--role", "superior", "--rater", "王经理")
        said = types("assess", FORM, *who, *more)
        assert (said.code, said.err) == (0, "")

    return fill


def table(folder: Path, kind: str) -> list[dict[str, str]]:
    with (folder / "out" / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{name: cell_text(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


@pytest.mark.row("S1-06", "S1-13")
def test_grades_are_taken_out_as_they_were_published_and_nothing_follows(types: Type, fills: Fill, desk: Path) -> None:
    fills("a17", GOOD)
    fills("a18", FULL)
    published = types("period", "publish", "2026-Q3", "--of", FORM, *MANAGER)
    assert published.code == 0, published.err
    before = asyncio.run(fetch(f"sqlite:///{desk}/var/huifang.db", "SELECT count(*) FROM outbox"))
    assert types("export", "out", "results", "publications").code == 0
    rows = table(desk, "results")
    assert [(row["subject"], row["period"], float(row["total"]), row["grade"]) for row in rows] == [
        ("a17", "2026-Q3", 78.5, "良好"),
        ("a18", "2026-Q3", 100, "优秀"),
    ]
    (revision,) = table(desk, "publications")
    assert {(row["digest"], row["publication"], row["published_by"], row["revision"]) for row in rows} == {
        (revision["digest"], revision["id"], "王经理", "1")
    }
    fills("a17", FULL, "--reason", "看错行了")  # what comes later waits for a revision
    (desk / "out").rename(desk / "first")
    assert types("export", "out", "results").code == 0
    assert table(desk, "results") == rows
    assert asyncio.run(fetch(f"sqlite:///{desk}/var/huifang.db", "SELECT count(*) FROM outbox")) == before


def test_a_sheet_is_taken_out_with_its_items_words_and_who_signs(types: Type, fills: Fill, desk: Path) -> None:
    fills("a17", GOOD)
    assert types("export", "out", "assessments", "audit").code == 0
    (row,) = table(desk, "assessments")
    assert tuple(float(row[f"values.{item}"]) for item in ITEMS) == GOOD
    assert (row["words.position"], row["not_applicable"]) == ("安装工", "")
    assert "=不错" in row.values()
    assert (row["subject"], row["rater"], float(row["total"]), row["grade"]) == ("a17", "王经理", 78.5, "良好")
    signs = [name for name in row if name in ("prepared_by", "checked_by", "approved_by")]
    assert signs == ["prepared_by", "checked_by", "approved_by"]
    assert json.loads(table(desk, "audit")[-1]["detail"])["kinds"] == ["assessments", "audit"]
