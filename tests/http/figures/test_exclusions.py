"""People exclude a response: proposed by one, decided by a second, an appeal in time reviewed by a third."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.channels.sandbox.channel import BUTTON, parse_action
from dialogs.messages import Tap, Verb
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.http.figures.test_response_explain import asked, explained, says
from tests.support.rights import fulfil
from tests.support.web.service import Service

LI, WANG, ZHANG = ({"by": name, "note": f"{name}的理由"} for name in ("李工", "王工", "张工"))
ZHAO = {"by": "赵工", "note": "赵工的理由"}
BAD = {"reason": "malicious", **LI}
SPELLINGS = ("Ann\u200b", "ann", "\u3000Ann ", "Ａｎｎ", "A\u200cn n", "Ann\u3164")


async def answered(service: Service) -> str:
    await asked(service)
    await says(service, "1", "跳过", "1", "跳过", "1", "1", "2", "跳过")
    (told,) = await explained(service)
    response: str = told["id"]
    return response


async def step(service: Service, response: str, name: str, body: dict[str, Any]) -> httpx.Response:
    path = f"/api/v1/responses/{response}/exclusion{f'/{name}' if name else ''}"
    return await service.api.post(path, json=body)


async def counts(service: Service) -> tuple[int, int, dict[str, int]]:
    (told,) = await explained(service)
    return told["raw"], told["counted"], told["excluded"]


async def refusal(service: Service, response: str, name: str, body: dict[str, Any]) -> str:
    answer = await step(service, response, name, body)
    assert answer.status_code == 409, answer.text
    detail: str = answer.json()["detail"]
    return detail


@pytest.mark.row("S1-80", "S1-85", "S2-12")
async def test_two_people_exclude_and_a_third_restores(service: Service) -> None:
    response = await answered(service)
    assert (await step(service, response, "", BAD)).status_code == 201
    assert (await step(service, response, "", BAD)).status_code == 200, "the same again changes nothing"
    assert await counts(service) == (5, 5, {}), "a proposal excludes nothing"
    assert "a second person has to approve" in await refusal(service, response, "approve", LI)
    assert "a second person has to approve" in await refusal(service, response, "approve", {**LI, "by": " 李 工"})
    approved = (await step(service, response, "approve", WANG)).json()
    assert (approved["state"], approved["decided_by"], approved["decision"]) == ("excluded", "王工", "王工的理由")
    assert approved["appeal_until"] == "2026-11-25T16:00:00Z", "the end of Wednesday, in Shanghai"
    assert await counts(service) == (5, 0, {"malicious": 5})
    assert (await step(service, response, "appeal", ZHANG)).json()["state"] == "appealed"
    assert await counts(service) == (5, 0, {"malicious": 5}), "an appeal alone restores nothing"
    for body in (LI, WANG, ZHANG):
        assert "a third person has to review" in await refusal(service, response, "grant", body)
    restored = (await step(service, response, "grant", ZHAO)).json()
    assert (restored["state"], restored["reviewed_by"]) == ("restored", "赵工")
    assert await counts(service) == (5, 5, {})
    (told,) = await explained(service)
    assert told["exclusions"] == [restored]


async def test_no_spelling_of_a_name_is_another_person(service: Service) -> None:
    response = await answered(service)
    ann, bob, cleo = ({"by": name, "note": "why"} for name in ("Ann", "Bob", "Cleo"))
    assert (await step(service, response, "", BAD | ann)).status_code == 201
    assert (await step(service, response, "", BAD | ann | {"by": "ａｎｎ\u200d"})).status_code == 200
    for by in SPELLINGS:
        assert "a second person" in await refusal(service, response, "approve", {"by": by, "note": "yes"})
    told = (await step(service, response, "approve", bob | {"by": " Bob\u200b"})).json()
    assert (told["state"], told["decided_by"]) == ("excluded", "Bob")
    assert (await step(service, response, "approve", bob | {"by": "bob"})).status_code == 200, "the same again"
    assert (await step(service, response, "appeal", cleo)).is_success
    for by in (*SPELLINGS, "B\u200bob", "cleo\u2060"):
        assert "a third person" in await refusal(service, response, "grant", {"by": by, "note": "yes"})
    unseen = await step(service, response, "grant", {"by": "\u200b\u3164", "note": "yes"})
    assert [one["field"] for one in unseen.json()["errors"]] == ["by"]


async def enlist(service: Service, *members: Member) -> None:
    decision = Decision(Changes(members), None)
    await service.house.web.receiver.do(Needs(), lambda _: decision)


async def test_with_a_roster_each_step_is_by_somebody_of_it(service: Service) -> None:
    response = await answered(service)
    roster = (Member("Lea", "lead"), Member("Max", "owner"), Member("Pia", "agent"), Member("Vic", "viewer"))
    await enlist(service, *roster)
    for by in ("Zed", "Vic", "vic\u200b"):
        refused = await step(service, response, "", BAD | {"by": by})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "by")
    told = (await step(service, response, "", BAD | {"by": "lea"})).json()
    assert told["proposed_by"] == "Lea", "as the roster spells it"
    assert "a second person" in await refusal(service, response, "approve", {"by": "ＬＥＡ", "note": "yes"})
    for name, by in (("approve", "Zed"), ("approve", "Pia"), ("reject", "Zed")):
        assert (await step(service, response, name, {"by": by, "note": "yes"})).status_code == 422
    assert (await step(service, response, "approve", {"by": "max", "note": "yes"})).json()["decided_by"] == "Max"
    assert (await step(service, response, "appeal", {"by": "Zed", "note": "no"})).status_code == 422
    assert (await step(service, response, "appeal", {"by": "pia", "note": "no"})).json()["appealed_by"] == "Pia"
    assert "a third person" in await refusal(service, response, "grant", {"by": "lea\u200c", "note": "yes"})


async def test_who_proposed_before_there_was_a_roster_may_be_anybody_on_it(service: Service) -> None:
    response = await answered(service)
    await step(service, response, "", BAD | {"by": "Zed"})
    await enlist(service, Member("Lea", "lead"))
    lea = {"by": "Lea", "note": "yes"}
    assert "Zed, who has proposed it, is not on the roster" in await refusal(service, response, "approve", lea)
    assert (await step(service, response, "reject", lea)).json()["state"] == "rejected"


@pytest.mark.row("S1-80", "S2-12")
async def test_an_appeal_is_refused_after_three_working_days(service: Service) -> None:
    response = await answered(service)
    await step(service, response, "", BAD)
    await step(service, response, "approve", WANG)
    await service.passes(timedelta(days=4))
    late = await refusal(service, response, "appeal", ZHANG)
    assert late == "an appeal was possible within 3 working days, until 2026-11-25T16:00:00Z"
    assert await counts(service) == (5, 0, {"malicious": 5})


async def test_a_dismissed_appeal_leaves_it_excluded_for_good(service: Service) -> None:
    response = await answered(service)
    for name, body in (("", BAD), ("approve", WANG), ("appeal", ZHANG), ("dismiss", ZHAO)):
        assert (await step(service, response, name, body)).is_success
    assert await counts(service) == (5, 0, {"malicious": 5})
    assert "it is upheld" in await refusal(service, response, "appeal", ZHANG)
    assert "it does not count already: malicious" in await refusal(service, response, "", BAD)


@pytest.mark.row("S1-80")
async def test_what_was_rejected_counts_and_can_be_proposed_again(service: Service) -> None:
    response = await answered(service)
    await step(service, response, "", BAD)
    assert "李工 has proposed it already" in await refusal(service, response, "", {**BAD, **WANG})
    assert (await step(service, response, "reject", WANG)).json()["state"] == "rejected"
    assert await counts(service) == (5, 5, {})
    assert "it is rejected" in await refusal(service, response, "approve", WANG)
    again = {**BAD, "reason": "off_topic"}
    assert (await step(service, response, "", again)).status_code == 201
    listed = (await service.api.get("/api/v1/responses/exclusions", params={"state": "proposed"})).json()["items"]
    assert [(one["response"], one["reason"]) for one in listed] == [(response, "off_topic")]
    assert len((await service.api.get("/api/v1/responses/exclusions")).json()["items"]) == 2


async def test_a_correction_of_what_is_excluded_stays_excluded(service: Service) -> None:
    response = await answered(service)
    await step(service, response, "", BAD)
    await step(service, response, "approve", WANG)
    tap = BUTTON.encode(Tap(Verb.RATE, response, "response_speed", 5)).replace('"', '\\"')
    raw = f'{{"id":"corrected","chat":"phone","person":"phone","tap":"{tap}"}}'.encode()
    await service.house.web.receiver.receive(parse_action(raw, service.now), "sandbox:phone", raw)
    (told,) = await explained(service)
    corrected = {one["item"]: (one["value"], one["status"]) for one in told["ratings"]}
    assert corrected["response_speed"] == (5, "excluded")
    assert {status for _, status in corrected.values()} == {"excluded"}


async def test_a_proposal_needs_a_person_and_a_reason(service: Service) -> None:
    response = await answered(service)
    wrong = [
        ({**BAD, "reason": "reopened"}, "reason"),
        ({**BAD, "note": " "}, "note"),
        ({"reason": "test", "by": "李工"}, "note"),
        ({**BAD, "by": ""}, "by"),
    ]
    for body, field in wrong:
        answer = await step(service, response, "", body)
        assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
    assert (await service.api.get("/api/v1/responses/exclusions")).json()["items"] == []


async def test_only_what_has_ended_can_be_excluded(service: Service) -> None:
    await asked(service)
    await says(service, "1")
    (told,) = await explained(service)
    assert "has ended with answers" in await refusal(service, told["id"], "", BAD)
    assert (await step(service, "int_none", "", BAD)).status_code == 404
    assert (await step(service, told["id"], "approve", WANG)).status_code == 404


async def test_an_erasure_leaves_the_decision_and_none_of_its_words(service: Service) -> None:
    response = await answered(service)
    await step(service, response, "", BAD)
    await step(service, response, "approve", WANG)
    copy = (await service.api.get("/api/v1/customers/mei")).json()
    assert [one["note"] for one in copy["exclusions"]] == ["李工的理由"]
    await service.api.delete("/api/v1/customers/mei")
    await fulfil(service.house)
    (told,) = (await service.api.get("/api/v1/responses/exclusions")).json()["items"]
    assert (told["state"], told["decided_by"], told["note"], told["decision"]) == ("excluded", "王工", "", None)
    assert await counts(service) == (5, 0, {"malicious": 5})
