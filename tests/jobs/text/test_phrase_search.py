"""New phrases are proposed at night, mapped or ignored by people, and read by from then on."""

import asyncio
from datetime import timedelta
from typing import Any

from bot.jobs.text.mapped_phrases import MappedPhrases
from tests.support.database.worded import comment_reader, miner, worded_visit, wrote
from tests.support.web.service import Service

RATED = {"response_speed": 2, "attitude": 4}
NIGHT = timedelta(days=1)


async def proposed(service: Service, state: str = "proposed") -> dict[str, int]:
    answer = await service.api.get("/api/v1/text/proposals", params={"state": state})
    assert answer.status_code == 200, answer.text
    return {one["phrase"]: one["customers"] for one in answer.json()["items"]}


async def decides(service: Service, what: str, **said: str) -> Any:  # noqa: ANN401 (JSON is anything)
    return await service.api.post(f"/api/v1/text/{what}", json={"by": "王经理", **said})


async def nights(service: Service, *comments: str) -> None:
    """Let each comment be written by a customer of its own, and the night pass."""
    await wrote(service, *(worded_visit(f"v{n}", service.now, RATED, text) for n, text in enumerate(comments)))
    await service.passes(NIGHT)
    await miner(service).look()


def walks(number: int) -> list[str]:
    """Return comments of which so many say the same thing that no lexicon has, in different company."""
    beside = ("空调", "昨天", "真的", "楼下", "邻居", "我家", "今年", "隔壁", "上月", "客厅")
    return [f"{beside[n % 10]}蓝桥漫步{beside[(n * 3 + 1) % 10]}" for n in range(number)]


async def test_what_five_customers_say_is_proposed_and_what_four_say_is_not(service: Service) -> None:
    await nights(service, *walks(9), *(f"绿野仙踪{n}，我叫赵六六" for n in "甲乙丙丁"))
    assert await proposed(service) == {"蓝桥漫步": 9}


async def test_a_night_is_searched_once_and_what_nobody_says_any_more_is_not_proposed(service: Service) -> None:
    await nights(service, *walks(9))
    await miner(service).look()
    assert await proposed(service) == {"蓝桥漫步": 9}
    await service.passes(timedelta(days=100))
    await asyncio.gather(miner(service).look(), miner(service).look())
    assert await proposed(service) == {}


async def test_a_mapped_phrase_is_read_by_from_then_on_in_every_process(service: Service) -> None:
    await nights(service, *walks(9))
    await comment_reader(service).look()
    answer = await decides(service, "map", phrase="藍橋漫步", dimension="convenience", polarity="negative")
    assert answer.status_code == 200, answer.text
    stored = answer.json()
    assert (stored["state"], stored["dimension"], stored["polarity"], stored["by"]) == (
        "mapped", "convenience", "negative", "王经理",
    )  # fmt: skip
    assert (await proposed(service), await proposed(service, "mapped")) == ({}, {"蓝桥漫步": 9})
    await MappedPhrases(service.house.web.receiver, service.house.web.reader).look()
    await comment_reader(service).look()
    table = (await service.api.get("/api/v1/text/phrases", params={"period": "2026-11"})).json()
    (phrase,) = (one for one in table["cuts"][0]["phrases"] if one["phrase"] == "蓝桥漫步")
    assert (phrase["dimension"], phrase["customers"]) == ("convenience", 9)
    audited = (await service.api.get("/api/v1/audit")).json()["items"]
    assert [(one["action"], one["subject"], one["by"]) for one in audited] == [("phrase.mapped", "蓝桥漫步", "王经理")]
    await service.passes(NIGHT)
    await miner(service).look()
    assert await proposed(service) == {}


async def test_a_phrase_that_was_dropped_since_it_was_taken_back_can_be_decided_again(service: Service) -> None:
    await nights(service, *walks(9))
    mapping = {"phrase": "红桥漫步", "dimension": "fee", "polarity": "negative"}
    for _ in range(2):
        for what, said in (("map", mapping), ("unmap", {"phrase": "红桥漫步"}), ("ignore", {"phrase": "红桥漫步"})):
            answer = await decides(service, what, **said)
            assert answer.status_code == 200, answer.text
        assert (await decides(service, "unmap", phrase="红桥漫步")).json()["version"] == 4
        await service.passes(NIGHT)
        await miner(service).look()
        assert await proposed(service) == {"蓝桥漫步": 9}
    audited = (await service.api.get("/api/v1/audit")).json()["items"]
    assert len(audited) == 8


async def test_an_ignored_phrase_is_not_proposed_again_and_what_is_taken_back_is(service: Service) -> None:
    await nights(service, *walks(9))
    assert (await decides(service, "ignore", phrase="蓝桥漫步")).status_code == 200
    await service.passes(NIGHT)
    await miner(service).look()
    assert (await proposed(service), await proposed(service, "ignored")) == ({}, {"蓝桥漫步": 9})
    told = (await decides(service, "unmap", phrase="蓝桥漫步")).json()
    assert (told["state"], told["version"]) == ("proposed", 3)
    assert await proposed(service) == {"蓝桥漫步": 9}


async def test_what_contradicts_is_refused_and_names_the_field(service: Service) -> None:
    comment_reader(service)
    refused = [
        ({"phrase": "太慢了", "dimension": "attitude", "polarity": "positive"}, "phrase"),
        ({"phrase": "蓝桥漫步", "dimension": "shoes", "polarity": "negative"}, "dimension"),
        ({"phrase": "蓝桥漫步", "dimension": "fee", "polarity": "awful"}, "polarity"),
        ({"phrase": "！", "dimension": "fee", "polarity": "negative"}, "phrase"),
    ]
    for said, field in refused:
        answer = await decides(service, "map", **said)
        assert answer.status_code == 422, (said, answer.text)
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    same = {"phrase": "蓝桥漫步", "dimension": "fee", "polarity": "negative"}
    assert [(await decides(service, "map", **same)).status_code for _ in range(2)] == [200, 200]
    again = await decides(service, "map", **same | {"polarity": "positive"})
    assert again.status_code == 422
    assert again.json()["errors"] == [
        {"field": "phrase", "problem": "'蓝桥漫步' is mapped already to fee, negative, by 王经理; take that back first"}
    ]
    assert (await decides(service, "ignore", phrase="绿野仙踪")).status_code == 404
