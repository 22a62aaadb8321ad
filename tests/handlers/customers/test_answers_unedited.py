"""Nobody edits what a customer said; people see what is kept of them and have it deleted; counts stay."""

from datetime import timedelta

import pytest

from tests.support.rights import fulfil
from tests.support.stage.company import Company
from tests.support.web.service import Service

READS = {"get"}


@pytest.mark.row("S4-05")
async def test_what_people_ask_about_themselves_is_registered_and_what_was_counted_stays(service: Service) -> None:
    chat = {"channel": "sandbox", "address": "phone-mei"}
    await service.closes("1", "mei", person={"name": "王女士", "contacts": [chat]})
    await service.passes(timedelta(hours=1))
    for words in ("4", "5", "5", "4", "5", "跳过"):
        await service.says(words, "phone-mei")
    before = (await service.api.get("/api/v1/responses")).json()["items"]
    assert [one["score"] for one in before] == [4.6]
    await service.api.delete("/api/v1/customers/mei")
    (open_,) = (await service.api.get("/api/v1/requests?open=true")).json()["items"]
    assert open_["due_at"] > open_["asked_at"]
    await fulfil(service.house)
    (done,) = (await service.api.get("/api/v1/requests")).json()["items"]
    assert done["done_at"] is not None
    after = (await service.api.get("/api/v1/responses")).json()["items"]
    assert [(one["id"], one["score"]) for one in after] == [(one["id"], one["score"]) for one in before]


@pytest.mark.row("S4-05")
async def test_no_door_changes_or_deletes_a_response(service: Service) -> None:
    paths = (await service.api.get("/openapi.json")).json()["paths"]
    doors = {path: set(verbs) for path, verbs in paths.items() if "response" in path or path.endswith("/anonymous")}
    entering = doors.pop("/api/v1/responses")  # what is entered is a response of its own, beside those of customers
    assert entering == READS | {"post"}
    reading = {path: verbs for path, verbs in doors.items() if "/exclusion" not in path}
    assert reading
    assert all(verbs == READS for verbs in reading.values())
    excluding = doors.keys() - reading.keys()  # by two people, who leave every answer as it is
    assert all(doors[path] <= {"post", "get"} for path in excluding)


async def test_not_even_by_guessing(service: Service) -> None:
    for verb in ("DELETE", "PUT", "PATCH"):
        assert (await service.api.request(verb, "/api/v1/responses", json={})).status_code == 405


@pytest.mark.row("S4-05")
async def test_what_somebody_enters_leaves_what_the_customer_has_said(service: Service) -> None:
    chat = {"channel": "sandbox", "address": "phone-mei"}
    await service.closes("1", "mei", person={"name": "王女士", "contacts": [chat]})
    await service.passes(timedelta(hours=1))
    for words in ("4", "5", "5", "4", "5", "跳过"):
        await service.says(words, "phone-mei")
    (said,) = (await service.api.get("/api/v1/responses")).json()["items"]
    body = {"ticket": said["ticket"], "source": "phone", "by": "李工", "answers": {"attitude": {"value": 1}}}
    for reason in ("", "客户改口"):
        answer = await service.api.post("/api/v1/responses", json={**body, "id": said["id"], "reason": reason})
        assert answer.status_code == 422  # nothing names a response that is there
        entered = await service.api.post("/api/v1/responses", json={**body, "reason": reason})
        assert entered.json()["id"] != said["id"]
    assert said in (await service.api.get("/api/v1/responses")).json()["items"]


@pytest.mark.row("S4-05")
def test_the_team_learns_what_was_said_and_a_masked_name_only() -> None:
    company = Company("09:00")
    company.closes()
    company.waits(minutes=31)
    company.says("1")
    company.says("修了两次")
    company.waits(hours=73)
    told = "\n".join(company.team())
    assert "修了两次" in told
    assert "王女士" not in told
