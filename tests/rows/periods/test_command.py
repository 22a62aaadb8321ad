"""`huifang period …` where no service runs."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from storage.connection.store import Store
from tests.cli.conftest import Type, desk, types
from tests.support.database.answered import closed_visit, store_records

__all__ = ["desk", "types"]

NOON = datetime(2026, 10, 20, 4, tzinfo=UTC)
MANAGER = ("--by", "王经理")


def fill(folder: Path, *numbers: int) -> None:
    """Store satisfied responses in October."""

    async def filled() -> None:
        async with Store.open(f"sqlite:///{folder / 'var' / 'huifang.db'}") as store:
            for number in numbers:
                ratings = {"attitude": 5, "convenience": 4}
                await store_records(store, NOON, *closed_visit(str(number), NOON, ratings))

    asyncio.run(filled())


def test_a_month_is_published_shown_and_published_anew(types: Type, desk: Path) -> None:
    fill(desk, *range(6))
    first = types("period", "publish", "2026-10", *MANAGER, "--cut", "", "--metric", "csat", "--locale", "en")
    assert first.out.startswith("2026-10 figures revision 1  published by 王经理 at 2026-"), first.err
    shown = types("period", "show", "2026-10", "--locale", "en").out.splitlines()
    assert shown[0] == "2026-10  2026-10-01 (thursday) to 2026-10-31, Asia/Shanghai"
    assert shown[1:] == [f"  {first.out.rstrip()}", "    Satisfied (CSAT)  100%  (n = 12)"]
    fill(desk, 6)
    late = types("period", "show", "2026-10", "--locale", "en").out.splitlines()
    assert late[2] == "  since then: late answers: 2, closings reported late: 1; it waits for the next revision"
    again = types("period", "publish", "2026-10", *MANAGER, "--revision", "2", "--reason", "补报一张", "--locale", "en")
    assert again.out.rstrip().endswith("补报一张  late answers: 2, closings reported late: 1")
    assert "    Satisfied (CSAT)  100%  (n = 14)" in types("period", "show", "2026-10", "--locale", "en").out
    before = json.loads(types("period", "show", "2026-10", "--revision", "1", "--format", "json").out)
    assert before["publication"]["content"][0]["figures"][0]["n"] == 12
    listed = [json.loads(line) for line in types("period", "list", "--format", "json").out.splitlines()]
    assert [(one["revision"], one["metrics"]) for one in listed] == [(1, ["csat"]), (2, ["csat"])]
    assert len(types("period", "list", "--period", "2026-09").out) == 0


def test_what_cannot_be_published_is_one_line(types: Type, desk: Path) -> None:
    fill(desk, 1)
    for arguments, problem in {
        ("publish", "2999-10"): "is no period: write one like",
        ("publish", "2150-10"): "2150-10 is not over before 2150-10-31T16:00:00Z",
        ("publish", "2026-10", "--cut", "colour"): "by has 'colour', which is none of",
        ("publish", "2026-10", "--of", "nonsense"): "about is 'nonsense'; what is published is one of figures,",
        ("publish", "2026-10", "--revision", "2"): "There is no revision 1 of figures for 2026-10 to follow.",
        ("publish", "2026-10", "--revision", "0"): "revision must be",
    }.items():
        said = types("period", *arguments, *MANAGER)
        assert (said.code, said.out) == (1, ""), arguments
        assert problem in said.err
        assert said.err.count("\n") == 1
    assert types("period", "show", "2026-10").out.splitlines()[1:] == ["  nothing is published"]
    gone = types("period", "show", "2026-10", "--revision", "3")
    assert (gone.code, gone.err) == (1, "huifang: there is no revision 3 of figures published for 2026-10\n")
