"""An appeal has a reason, evidence and a term, is reviewed by a third person, and its outcome is told and counted."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from scoring.values import replace
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.writer import Writer
from tests.rows.periods.november import ONES, answers, visited
from tests.storage.samples import save
from tests.support.rights import fulfil
from tests.support.web.service import Service

PHOTO, CALL = "https://example.com/photo", "https://example.com/call"
LI, WANG = {"by": "李工", "note": "没有上门"}, {"by": "王工", "note": "查过了"}
ZHANG = {"by": "张工", "note": "上过门，有照片", "evidence": [PHOTO, CALL]}
ZHAO = {"by": "赵工", "note": "照片为证"}
PEOPLE = tuple(Member(name, "lead", str(number)) for number, name in enumerate(("李工", "王工", "张工", "赵工"), 901))


async def excluded(service: Service) -> str:
    """Let a customer's answers be excluded by two people; return the address of that."""
    await visited(service, 0)
    await answers(service, 0, ONES)
    listed = (await service.api.get("/api/v1/responses", params={"ticket": "desk/0"})).json()
    path = f"/api/v1/responses/{listed['items'][0]['id']}/exclusion"
    await taken(service, path, {"reason": "malicious", **LI})
    await taken(service, f"{path}/approve", WANG)
    return path


async def taken(service: Service, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await service.api.post(path, json=body)
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def roster(service: Service, *people: Member) -> None:
    writer = Writer(service.house.store, lambda: service.now)
    try:
        await save(writer, *people)
    finally:
        await writer.stop()


async def told_to(service: Service, name: str) -> list[OutboxMessage]:
    """Return the messages that name somebody."""
    return [one for one in await service.messages() if one.prompt.mentions and one.prompt.mentions.name == name]


async def csat(service: Service) -> tuple[int, dict[str, int]]:
    wanted = {"period": "2026-11", "metric": "csat"}
    (figure,) = (await service.api.get("/api/v1/reports/summary", params=wanted)).json()["figures"]
    return figure["n"], figure["excluded"]


@pytest.mark.row("S1-15")
@pytest.mark.parametrize(
    ("step", "state", "counted", "lines"),
    [
        ("grant", "restored", (5, {}), "exclusion_restored"),
        ("dismiss", "upheld", (0, {"malicious": 5}), "exclusion_upheld"),
    ],
)
async def test_an_appeal_with_reason_and_evidence_is_decided_by_another_person_and_recomputed_visibly(
    service: Service, step: str, state: str, counted: tuple[int, dict[str, int]], lines: str
) -> None:
    path = await excluded(service)
    appealed = await taken(service, f"{path}/appeal", ZHANG)
    assert (appealed["state"], appealed["appealed_by"], appealed["appeal"]) == ("appealed", "张工", "上过门，有照片")
    assert appealed["evidence"] == [PHOTO, CALL]
    assert await csat(service) == (0, {"malicious": 5}), "it stays excluded until that is reviewed"
    for name in ("李工", "王工", "张工"):
        refused = await service.api.post(f"{path}/{step}", json={"by": name, "note": "我看可以"})
        assert refused.status_code == 409
        assert "a third person has to review" in refused.json()["detail"]
    reviewed = await taken(service, f"{path}/{step}", ZHAO)
    assert (reviewed["state"], reviewed["reviewed_by"], reviewed["review"]) == (state, "赵工", "照片为证")
    assert (reviewed["reviewed_at"], reviewed["evidence"]) == (appealed["appealed_at"], [PHOTO, CALL])
    assert await csat(service) == counted
    log = (await service.api.get("/api/v1/audit")).json()["items"]
    made = [(one["action"], one["by"]) for one in log if one["action"].startswith("exclusion")]
    assert {("exclusion_appealed", "张工"), (lines, "赵工")} <= {*made}


@pytest.mark.row("S1-90")
@pytest.mark.parametrize(
    ("step", "expected"),
    [("grant", "申诉成立，这份答卷重新计入"), ("dismiss", "维持原来的决定，这份答卷不计入")],
)
async def test_a_dispute_has_a_deadline_and_whoever_appealed_is_told_the_outcome_once(
    service: Service, step: str, expected: str
) -> None:
    await roster(service, *PEOPLE)
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, channels=("telegram", *receiver.policy.channels)))
    path = await excluded(service)
    (waiting,) = (await service.api.get("/api/v1/responses/exclusions")).json()["items"]
    assert waiting["appeal_until"] == "2026-11-25T16:00:00Z", "the end of the third working day"
    await taken(service, f"{path}/appeal", ZHANG)
    assert await told_to(service, "张工") == []
    for _ in range(2):
        await taken(service, f"{path}/{step}", ZHAO)
    (message,) = await told_to(service, "张工")
    assert (message.channel, message.chat) == ("telegram", "903")
    told = f"张工，您就 desk/0 提的申诉有结果了：{expected}。复核人：赵工，理由写在这份答卷里。"
    assert message.prompt.text == told


@pytest.mark.row("S1-90")
async def test_an_appeal_after_the_deadline_is_refused_with_the_deadline(service: Service) -> None:
    path = await excluded(service)
    await service.passes(timedelta(days=4))
    refused = await service.api.post(f"{path}/appeal", json=ZHANG)
    assert refused.status_code == 409
    assert refused.json()["detail"] == "an appeal was possible within 3 working days, until 2026-11-25T16:00:00Z"
    (kept,) = (await service.api.get("/api/v1/responses/exclusions")).json()["items"]
    assert (kept["state"], kept["evidence"], kept["appeal"]) == ("excluded", [], None)


async def test_whoever_has_no_chat_of_their_own_is_named_in_the_teams_chats(service: Service) -> None:
    path = await excluded(service)
    await taken(service, f"{path}/appeal", ZHANG)
    await taken(service, f"{path}/grant", ZHAO)
    places = [(one.channel, one.chat) for one in await told_to(service, "张工")]
    assert places == [(one.channel, one.chat) for one in service.house.web.receiver.policy.team] != []


@pytest.mark.parametrize(
    ("step", "evidence", "field", "problem"),
    [
        ("appeal", ["photo.jpg"], "evidence.0", "http"),
        ("appeal", ["ftp://example.com/photo"], "evidence.0", "http"),
        ("appeal", [PHOTO] * 21, "evidence", "20"),
        ("grant", [PHOTO], "evidence", "belongs to an appeal only"),
        ("approve", [PHOTO], "evidence", "belongs to an appeal only"),
    ],
    ids=["no address", "another protocol", "too many", "of a review", "of a decision"],
)
async def test_what_is_no_evidence_is_refused(
    service: Service, step: str, evidence: list[str], field: str, problem: str
) -> None:
    path = await excluded(service)
    answer: httpx.Response = await service.api.post(f"{path}/{step}", json={**ZHAO, "evidence": evidence})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert problem in error["problem"]


async def test_an_erasure_takes_the_evidence_with_the_words(service: Service) -> None:
    path = await excluded(service)
    await taken(service, f"{path}/appeal", ZHANG)
    await taken(service, f"{path}/grant", ZHAO)
    await service.api.delete("/api/v1/customers/c0")
    await fulfil(service.house)
    (kept,) = (await service.api.get("/api/v1/responses/exclusions")).json()["items"]
    assert (kept["appeal"], kept["review"], kept["evidence"], kept["state"]) == (None, None, [], "restored")
