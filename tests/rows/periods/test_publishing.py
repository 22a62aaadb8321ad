"""A published period stays as it is; what changes afterwards waits for the next revision, which says what and why."""

from asyncio import gather
from collections import Counter
from datetime import timedelta
from hashlib import sha256

import pytest

from storage.model.records import Member
from storage.unit_of_work.writer import Writer
from tests.rows.periods.november import DECEMBER, late_ones, november, published, shown, standing
from tests.storage.samples import save
from tests.support.rights import fulfil
from tests.support.web.service import Service

SUMMARY, CONTENT = "/api/v1/reports/summary", "/api/v1/periods/2026-11/figures/content"


async def figures(service: Service, by: str = "") -> object:
    return (await service.api.get(SUMMARY, params={"period": "2026-11", "by": by})).json()


async def exclude(service: Service, number: int) -> str:
    """Let two people exclude a response; return the address of that."""
    listed = (await service.api.get("/api/v1/responses", params={"ticket": f"desk/{number}"})).json()
    path = f"/api/v1/responses/{listed['items'][0]['id']}/exclusion"
    proposed = {"reason": "malicious", "by": "李工", "note": "没有上门"}
    assert (await service.api.post(path, json=proposed)).status_code == 201
    assert (await service.api.post(f"{path}/approve", json={"by": "张工", "note": "查过了"})).status_code == 200
    return path


@pytest.mark.proof
async def test_a_period_that_goes_on_is_provisional_and_not_published(service: Service) -> None:
    await november(service)
    told = await standing(service)
    assert (told["provisional"], told["text"], told["published"]) == (True, "暂定", [])
    refused = await published(service)
    assert refused.status_code == 409
    assert "is not over before 2026-11-30T16:00:00Z: until then its figures are provisional" in refused.json()["detail"]
    await service.passes(DECEMBER - service.now)
    assert (await standing(service))["provisional"] is False
    assert (await published(service)).status_code == 201


async def test_what_is_published_is_the_summary_and_stays_to_the_byte(service: Service) -> None:
    await november(service)
    await service.passes(DECEMBER - service.now)
    cuts = ["", "agent,dimension"]
    now = [await figures(service, by) for by in cuts]
    first = await published(service, cuts=cuts)
    assert first.status_code == 201
    head = first.json()
    assert (head["revision"], head["by"], head["changes"]) == (1, "王经理", [])
    assert (await shown(service))["content"] == now
    raw = (await service.api.get(CONTENT)).content
    assert sha256(raw).hexdigest() == head["digest"]
    assert (await published(service, cuts=cuts)).status_code == 200, "the same again"
    assert (await published(service)).status_code == 200, "also where the cuts are left out"
    otherwise = await published(service, cuts=["team"])
    assert otherwise.status_code == 409
    assert "was published otherwise, by 王经理, and stays as it is" in otherwise.json()["detail"]
    await late_ones(service)
    assert [await figures(service, by) for by in cuts] != now
    assert (await service.api.get(CONTENT)).content == raw
    assert (await published(service, cuts=cuts)).status_code == 200, "a repeated request makes no second revision"


@pytest.mark.proof
async def test_late_answers_and_exclusions_wait_and_say_so_until_the_next_revision(service: Service) -> None:
    await november(service)
    await service.passes(DECEMBER - service.now)
    await published(service)
    assert (await published(service, 2, reason="看看")).json()["detail"].startswith("Nothing has changed")
    await late_ones(service)
    await exclude(service, 0)
    (waits,) = (await standing(service, locale="en"))["published"]
    assert waits["revision"] == 1
    assert [(one["kind"], one["n"], one["reason"]) for one in waits["waiting"]] == [
        ("late", 10, None),
        ("excluded", 5, "malicious"),
        ("outcomes", 2, None),
    ]
    assert waits["text"].startswith(
        "since then: late answers: 10, excluded after publication: 5 (malicious), surveys that have ended otherwise: 2"
    )
    told = (await standing(service))["published"][0]["text"]
    assert "迟到的答案 10 条，公布后剔除 5 条（malicious）" in told
    assert "下次修订时计入" in told
    await service.passes(timedelta(minutes=1))
    missing = await published(service, 2)
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "reason")
    second = (await published(service, 2, reason="两位客户答得晚")).json()
    assert [(one["kind"], one["n"]) for one in second["changes"]] == [("late", 10), ("excluded", 5), ("outcomes", 2)]
    assert second["reason"] == "两位客户答得晚"
    assert (await standing(service))["published"][0]["waiting"] == []
    csat = {
        number: next(one for one in (await shown(service, number))["content"][0]["figures"] if one["metric"] == "csat")
        for number in (1, 2)
    }
    assert (csat[1]["numerator"], csat[1]["n"], csat[1]["excluded"]) == (25, 30, {})
    assert (csat[2]["numerator"], csat[2]["n"], csat[2]["excluded"]) == (35, 35, {"malicious": 5})
    listed = (await service.api.get("/api/v1/periods", params={"period": "2026-11"})).json()["items"]
    assert [one["revision"] for one in listed] == [1, 2]
    assert (await published(service, 4, reason="跳号")).status_code == 409


@pytest.mark.proof
async def test_only_admins_and_owners_publish_where_there_is_a_roster(service: Service) -> None:
    await november(service)
    await service.passes(DECEMBER - service.now)
    writer = Writer(service.house.store, lambda: service.now)
    try:
        await save(writer, Member("王经理", "lead"), Member("老板", "owner"))
    finally:
        await writer.stop()
    refused = await published(service)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "by")
    assert (await published(service, by="老板")).status_code == 201


@pytest.mark.row("S1-14")
async def test_a_published_result_tells_digest_who_and_when_and_only_an_appeal_leads_to_another(
    service: Service,
) -> None:
    await november(service)
    path = await exclude(service, 0)
    await service.passes(DECEMBER - service.now)
    first = (await published(service)).json()
    assert (first["by"], first["at"]) == ("王经理", "2026-11-30T16:00:00Z")
    assert first["digest"] == sha256((await service.api.get(CONTENT)).content).hexdigest()
    for name, body in {"appeal": {"by": "李工", "note": "上过门"}, "grant": {"by": "赵工", "note": "属实"}}.items():
        assert (await service.api.post(f"{path}/{name}", json=body)).status_code == 200
    assert first["digest"] == sha256((await service.api.get(CONTENT)).content).hexdigest()
    (waits,) = (await standing(service))["published"]
    assert [(one["kind"], one["n"]) for one in waits["waiting"]] == [("counted_again", 5)]
    second = (await published(service, 2, reason="申诉成立")).json()
    assert (second["text"], second["reason"]) == ("恢复计入 5 条", "申诉成立")
    assert (await shown(service, 1))["digest"] == first["digest"] != second["digest"]
    lines = (await service.api.get("/api/v1/audit")).json()["items"]
    assert [one["by"] for one in lines if one["action"] == "period.published"] == ["王经理", "王经理"]


async def test_an_erasure_changes_nothing_that_was_published_and_is_told(service: Service) -> None:
    await november(service, tier="gold")
    await service.passes(DECEMBER - service.now)
    await published(service, cuts=["", "tier"])
    raw = (await service.api.get(CONTENT)).content
    assert '"c3"' not in raw.decode()
    await service.api.delete("/api/v1/customers/c3")
    await fulfil(service.house)
    assert (await service.api.get(CONTENT)).content == raw
    (waits,) = (await standing(service, locale="en"))["published"]
    assert [(one["kind"], one["n"]) for one in waits["waiting"]] == [("erased", 5)]
    second = (await published(service, 2, reason="客户要求删除", locale="en")).json()
    assert second["text"] == "of erased customers: 5"
    counted = []
    for number in (1, 2):
        figures = (await shown(service, number))["content"][1]["figures"]
        counted.append({one["cut"]["tier"]: one["n"] for one in figures if one["metric"] == "csat"})
    assert counted == [{"gold": 30}, {"": 5, "gold": 25}]


@pytest.mark.proof
async def test_a_correction_waits_for_the_next_revision(service: Service) -> None:
    await november(service)
    await service.passes(DECEMBER - service.now)
    for word in ("5", "5", "5"):
        await service.says(word, "phone-c6")
    await published(service)
    await service.says("返回", "phone-c6")
    await service.says("2", "phone-c6")
    (waits,) = (await standing(service))["published"]
    assert [(one["kind"], one["n"], one["text"]) for one in waits["waiting"]] == [("corrected", 1, "更正 1 条")]


async def test_of_several_who_publish_at_once_one_does(service: Service) -> None:
    await november(service)
    await service.passes(DECEMBER - service.now)
    answers = await gather(*(published(service) for _ in range(4)), published(service, by="别人"))
    found = Counter(one.status_code for one in answers)
    assert found in (Counter({201: 1, 200: 3, 409: 1}), Counter({201: 1, 409: 4}))
    listed = (await service.api.get("/api/v1/periods")).json()["items"]
    assert [one["revision"] for one in listed] == [1]
