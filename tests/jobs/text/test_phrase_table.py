"""Phrases with their customers, means, impact and examples, through the API and the command line."""

import resource
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.control.commands import CONTROL_COMMANDS
from bot.handlers.common.comment_words import CommentVocabulary, VocabularyRules
from bot.handlers.common.context import DecisionContext
from bot.jobs.text.phrase_table import phrase_table
from dialogs.time.periods import named_period
from scoring.text.masker import Masker
from scoring.validity import ExclusionReason
from scoring.values import replace
from storage.reads.reader import Reader
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.service import Service, open_service

BAD, GOOD = {"response_speed": 1, "attitude": 3}, {"response_speed": 5, "attitude": 5}


async def phrases(service: Service, **wanted: str) -> Any:  # noqa: ANN401 (JSON is anything)
    answer = await service.api.get("/api/v1/text/phrases", params=wanted)
    assert answer.status_code == 200, answer.text
    return answer.json()


def of(table: Any, dimension: str, cut: int = 0) -> Any:  # noqa: ANN401 (JSON is anything)
    (found,) = (one for one in table["cuts"][cut]["phrases"] if one["dimension"] == dimension)
    return found


async def a_month(service: Service, slow: int = 6, kind: int = 6, **cut: Any) -> None:  # noqa: ANN401 (what a closing keeps)
    """Let so many customers write that they waited, and so many that they were treated kindly."""
    name = cut.get("team", "north")
    await wrote(
        service,
        *(
            worded_visit(f"{name}-slow-{n}", service.now, BAD, f"我是王小{n}女士，等太久了，电话1380013800{n}", **cut)
            for n in range(slow)
        ),
        *(worded_visit(f"{name}-kind-{n}", service.now, GOOD, "师傅很耐心", **cut) for n in range(kind)),
    )
    await comment_reader(service).look()


async def test_a_phrase_is_told_with_customers_means_impact_and_masked_examples(service: Service) -> None:
    await a_month(service)
    table = await phrases(service, period="2026-11")
    cut = table["cuts"][0]
    assert (cut["cut"], cut["comments"], cut["customers"], cut["withheld"]) == ({}, 12, 12, 0)
    slow = of(table, "response_speed")
    assert cut["phrases"][0] == slow, "the costliest first"
    assert (slow["polarity"], slow["customers"], slow["customers_before"], slow["trend"]) == (
        "negative",
        6,
        0,
        "too_few",
    )
    assert (slow["mean"], slow["dimension_mean"]) == (2.0, 1.0)
    impact = slow["impact"]
    assert (impact["difference"], impact["n_with"], impact["n_without"], impact["on_mean"]) == (-3.0, 6, 6, -1.5)
    assert -3.8 < impact["low"] < -3 < impact["high"] < 0
    assert slow["examples"] == ["我是***女士，等太久了，电话***"]
    assert sorted(slow["responses"]) == [f"int_north-slow-{n}" for n in range(6)]
    for response in slow["responses"]:
        assert (await service.api.get(f"/api/v1/responses/{response}/explain")).status_code == 200


LEFT = "说会回访，等了三天没等到"
"""Its words are read as praise, 没等; as a whole it blames."""


async def test_no_text_is_quoted_for_a_phrase_of_which_it_says_the_opposite(service: Service) -> None:
    remark = {"attitude": LEFT}
    told: list[tuple[str | None, dict[str, str]]] = [(LEFT, {})] * 5
    told += [(None, remark), ("师傅很耐心，非常满意", remark), ("没等，师傅马上就来了", {})]
    await wrote(service, *(worded_visit(f"{n}", service.now, BAD, text, more) for n, (text, more) in enumerate(told)))
    await comment_reader(service).look()
    table = await phrases(service, period="2026-11")
    (praised,) = (
        one for one in table["cuts"][0]["phrases"] if one["phrase"] == "没等" and one["polarity"] == "positive"
    )
    assert praised["customers"] == 8, "what is counted is what the words say"
    assert praised["examples"] == ["没等，师傅马上就来了"]


async def test_the_same_praise_by_as_many_earns_what_the_blame_costs(service: Service) -> None:
    await a_month(service)
    kind = of(await phrases(service, period="2026-11"), "attitude")
    assert (kind["polarity"], kind["mean"], kind["impact"]["on_mean"]) == ("positive", 5.0, 1.5)


async def test_what_was_denied_is_another_phrase_than_what_was_said(service: Service) -> None:
    await a_month(service, slow=0)
    await wrote(service, *(worded_visit(f"not-{n}", service.now, BAD, "师傅不耐心") for n in range(5)))
    await comment_reader(service).look()
    table = await phrases(service, period="2026-11")
    said = {(one["dimension"], one["polarity"], one["customers"]) for one in table["cuts"][0]["phrases"]}
    assert said == {("attitude", "positive", 6), ("attitude", "negative", 5)}


async def test_fewer_than_five_customers_are_told_to_nobody_nor_by_what_is_left(service: Service) -> None:
    await a_month(service, slow=4)
    table = await phrases(service, period="2026-11")
    assert [one["dimension"] for one in table["cuts"][0]["phrases"]] == ["attitude"]
    assert table["cuts"][0]["withheld"] == 1
    await a_month(service, slow=5, kind=0, team="south")
    whole, teams = await phrases(service, period="2026-11"), await phrases(service, period="2026-11", by="team")
    assert of(whole, "response_speed")["customers"] == 9
    assert [(one["cut"], one["withheld"]) for one in teams["cuts"]] == [({"team": "north"}, 1), ({"team": "south"}, 1)]
    assert [one["dimension"] for one in teams["cuts"][0]["phrases"]] == ["attitude"], "nine less five were four"


async def test_a_mean_tells_of_no_fewer_than_five_who_rated_alone_or_beside_others(service: Service) -> None:
    await a_month(service, slow=6)
    await a_month(service, slow=2, kind=0, team="south")
    unrated = [worded_visit(f"south-{n}", service.now, {"attitude": 3}, "等太久了", team="south") for n in range(4)]
    await wrote(service, *unrated)
    await comment_reader(service).look()
    whole = of(await phrases(service, period="2026-11"), "response_speed")
    assert (whole["customers"], whole["dimension_mean"]) == (12, 1.0)
    teams = await phrases(service, period="2026-11", by="team")
    north, south = (of(teams, "response_speed", cut) for cut in range(2))
    assert (north["customers"], north["mean"], north["dimension_mean"]) == (6, 2.0, None), "eight less six are two"
    assert (south["customers"], south["mean"] is None, south["dimension_mean"]) == (6, False, None)


async def test_words_are_masked_where_nobody_waits(service: Service) -> None:
    threads = []

    def loaded() -> Masker:
        threads.append(threading.current_thread())
        return Masker()

    await a_month(service)
    receiver = service.house.web.receiver
    words = CommentVocabulary(rules=VocabularyRules(masker=loaded))
    receiver.adopt(replace(receiver.policy, comments=words))
    await phrases(service, period="2026-11")
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_several_comments_of_one_customer_are_one_customer(service: Service) -> None:
    await a_month(service, slow=5)
    await wrote(service, worded_visit("north-slow-0", service.now, BAD, "等太久了")[:0])
    table = await phrases(service, period="2026-11")
    assert of(table, "response_speed")["customers"] == 5


async def test_a_larger_share_than_before_is_more_and_a_hair_is_not_clear(service: Service) -> None:
    await a_month(service, slow=5, kind=60)
    await service.passes(timedelta(days=31))
    await a_month(service, slow=30, kind=30, team="later")
    assert of(await phrases(service, period="2026-12"), "response_speed")["trend"] == "more"
    assert of(await phrases(service, period="2026-12"), "attitude")["trend"] == "fewer"


async def test_a_key_that_is_none_and_a_period_that_is_none_are_refused_by_field(service: Service) -> None:
    for wanted, field in (({"by": "shoe"}, "by"), ({"period": "2026-99"}, "period")):
        answer = await service.api.get("/api/v1/text/phrases", params=wanted)
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_the_command_line_has_the_same() -> None:
    assert {"text phrases", "text proposals", "text map", "text ignore", "text unmap"} <= CONTROL_COMMANDS.keys()


@pytest.mark.parametrize("path", ["phrases", "proposals"])
async def test_without_a_key_nothing_is_told(service: Service, path: str) -> None:
    async with service.house.client(key=None) as stranger:
        assert (await stranger.get(f"/api/v1/text/{path}")).status_code == 401


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of a PostgreSQL database, nothing for a file."""
    if request.param == "sqlite":
        return ""
    found: str = request.getfixturevalue("migrated_postgres")
    return found


@pytest.mark.proof
@pytest.mark.parametrize("by", ["", "team"])
async def test_of_many_tickets_a_process_of_its_own_counts_the_same(database: str, tmp_path: Path, by: str) -> None:
    async with open_service(tmp_path, database) as desk:
        await a_month(desk)
        await a_month(desk, 7, 5, team="south")
        receiver, reader = desk.house.web.receiver, desk.house.web.reader
        period = named_period("2026-11", receiver.policy.timezone)
        here = await phrase_table(receiver, reader, period, by)
        before = _computed_by_others()
        apart = await phrase_table(receiver, Reader(desk.house.store, much=1), period, by)
        assert here == apart
        assert here.cuts[0].phrases, "something was counted"
        assert _computed_by_others() > before


def _computed_by_others() -> float:
    """Return the seconds of CPU of the processes that this one has started and that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


async def test_phrases_are_counted_anew_as_soon_as_anything_has_changed(service: Service) -> None:
    await a_month(service)
    first = await phrases(service, period="2026-11")
    assert await phrases(service, period="2026-11") == first
    receiver = service.house.web.receiver

    def excluded(context: DecisionContext) -> Decision[None]:
        interview = context.snapshot.interview("int_north-slow-0")
        assert interview is not None
        return Decision(Changes((replace(interview, exclusion=ExclusionReason.TEST),)), None)

    await receiver.do(Needs(interviews=frozenset({"int_north-slow-0"})), excluded)
    assert of(await phrases(service, period="2026-11"), "response_speed")["impact"]["n_with"] == 5
    await wrote(service, worded_visit("more", service.now, BAD, "等太久了"))
    await comment_reader(service).look()
    assert of(await phrases(service, period="2026-11"), "response_speed")["customers"] == 7
