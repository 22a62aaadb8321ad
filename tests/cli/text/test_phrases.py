"""`huifang text phrases` and its kin where no service runs."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.jobs.text.comment_reader import CommentReadingJob
from bot.process.alarms import Alarms
from bot.wiring.services import open_services
from config.settings.loading import load_settings
from tests.cli.conftest import Type
from tests.support.database.answered import store_records
from tests.support.database.worded import worded_visit
from tests.support.web.clockwork import Clockwork

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
SLOW, KIND = {"response_speed": 1, "attitude": 3}, {"response_speed": 5, "attitude": 5}


def fill(desk: Path) -> None:
    """Store what six people wrote who waited, and six who were treated kindly, and have it read."""
    slow = [worded_visit(f"slow{n}", NOON, SLOW, "等待时间太长") for n in range(6)]
    kind = [worded_visit(f"kind{n}", NOON, KIND, "师傅很热情") for n in range(6)]

    async def filled() -> None:
        async with open_services(load_settings({}, cwd=desk)) as services:
            await store_records(services.store, NOON, *(one for visit in (*slow, *kind) for one in visit))
            clock = Clockwork()
            inside = (services.store, services.writer, services.receiver, services.reader)
            await CommentReadingJob(*inside, clock, Alarms(clock)).look()

    asyncio.run(filled())


def test_a_period_is_told_by_phrase_the_costliest_first(types: Type, desk: Path) -> None:
    fill(desk)
    lines = types("text", "phrases", "--period", "2026-11").out.splitlines()
    assert lines[0].startswith("2026-11 (Asia/Shanghai)")
    assert lines[2] == "all  (12 comments of 12 customers)"
    assert lines[3] == (
        "  等待时间太长  response_speed  negative  6 customers  mean 2.00  response_speed 1.00  0 before, too few"
    )
    assert lines[4].startswith("    impact -3.00 (-3.76 to -0.81, n = 6 and 6), -1.50 on the mean")
    assert lines[5] == "    “等待时间太长”"
    assert lines[6].startswith("    behind it: int_slow")
    cut = types("text", "phrases", "--period", "2026-11", "--by", "team").out.splitlines()
    assert cut[2] == "team north  (12 comments of 12 customers)"
    told = json.loads(types("text", "phrases", "--period", "2026-11", "--format", "json").out)
    assert told["cuts"][0]["phrases"][0]["phrase"] == "等待时间太长"


def test_a_phrase_is_mapped_listed_and_taken_back(types: Type) -> None:
    assert types("text", "proposals").out == ""
    mapped = types("text", "map", "蓝桥漫步", "fee", "--polarity", "positive")
    assert (mapped.code, mapped.out) == (0, "蓝桥漫步  mapped  fee  positive  0 customers  by command line\n")
    assert types("text", "proposals", "--state", "mapped").out == mapped.out
    (listed,) = map(json.loads, types("text", "proposals", "--state", "mapped", "--format", "json").out.splitlines())
    assert (listed["phrase"], listed["dimension"], listed["version"]) == ("蓝桥漫步", "fee", 1)
    assert types("text", "ignore", "蓝桥漫步").out == "蓝桥漫步  ignored  0 customers  by command line\n"
    assert types("text", "unmap", "蓝桥漫步", "--format", "json").out.startswith('{"phrase": "蓝桥漫步"')


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("map", "太慢了", "fee"), "phrase: '太慢了' needs no mapping; the lexicon says otherwise:"),
        (("map", "蓝桥漫步", "shoes"), "dimension: is 'shoes', which is none of "),
        (("map", "蓝", "fee"), "phrase: must have 2 to 40 characters"),
        (("ignore", "蓝桥漫步"), "there is no phrase 蓝桥漫步"),
        (("unmap", "蓝桥漫步"), "there is no phrase 蓝桥漫步"),
        (("phrases", "--by", "shoe"), "--by has 'shoe', which is none of team, agent, "),
        (("phrases", "--period", "2026-99"), "--period "),
    ],
)
def test_what_is_refused_is_one_line(types: Type, words: tuple[str, ...], problem: str) -> None:
    said = types("text", *words)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"huifang: {problem}")
    assert said.err.count("\n") == 1
