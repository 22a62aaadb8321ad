"""What came twice counts once: installations, repairs of one home, one user's tickets, the web before text messages."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from scoring.deduplication import DuplicateRule, DuplicateRules, SharedKey
from scoring.values import replace
from tests.support.database.duplicates import settle_duplicates_of
from tests.support.web.house import House
from tests.support.web.tickets import ticket

RESPONSES = "/api/v1/responses"
HOME = {"phone": "+86 138-0013-8000", "postal_address": "长安街1号，３单元 502"}
SAME_HOME = {"phone": "１３８００１３８０００（王女士）", "postal_address": " 长安街 1 号 3单元502 "}


async def closed(api: httpx.AsyncClient, number: str, customer: Mapping[str, str], **changed: Any) -> None:  # noqa: ANN401 (anything may be sent)
    body = ticket(customer=dict(customer), category="", **changed)
    assert (await api.put(f"/api/v1/tickets/desk/{number}", json=body)).status_code == 201


async def enter(api: httpx.AsyncClient, number: str, source: str, value: int, **about: str) -> str:
    question = {"callback": "overall"}.get(about.get("survey", ""), "attitude")
    said = {"ticket": f"desk/{number}", "source": source, "by": "王芳", "answers": {question: {"value": value}}}
    answer = await api.post(RESPONSES, json={**said, **about})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def explained(api: httpx.AsyncClient, response: str) -> dict[str, Any]:
    told: dict[str, Any] = (await api.get(f"{RESPONSES}/{response}/explain")).json()
    return told


async def counted(api: httpx.AsyncClient, *responses: str) -> dict[str, int]:
    """Return how many ratings count of each response; every one has one, that is counted or excluded."""
    told = {response: await explained(api, response) for response in responses}
    assert all(one["raw"] == one["counted"] + sum(one["excluded"].values()) == 1 for one in told.values())
    return {response: one["counted"] for response, one in told.items()}


async def excluded(api: httpx.AsyncClient) -> dict[str, int]:
    answer = await api.get("/api/v1/reports/summary", params={"period": "2026-11", "metric": "bad_review_rate"})
    (figure,) = answer.json()["figures"]
    told: dict[str, int] = figure["excluded"]
    return {**told, "counted": figure["n"]}


@pytest.mark.row("S1-77")
async def test_of_an_installation_the_offline_record_is_dropped_and_kept_with_its_reason(
    house: House, api: httpx.AsyncClient
) -> None:
    await closed(api, "1", {"id": "mei"}, service_type="安装")
    await closed(api, "2", {"id": "li"}, service_type="安装")
    paper, web = await enter(api, "1", "paper", 5), await enter(api, "1", "web", 4, survey="callback")
    alone = await enter(api, "2", "paper", 3)
    assert await settle_duplicates_of(house) == 1
    assert await counted(api, paper, web, alone) == {paper: 0, web: 1, alone: 1}
    told = await explained(api, paper)
    assert told["excluded"] == {"duplicate_offline": 1}
    assert [(one["rule"], one["counted"]) for one in told["flags"]] == [("installation_offline", web), (None, None)]
    (kept,) = [one for one in (await api.get(RESPONSES)).json()["items"] if one["id"] == paper]
    assert (kept["answers"][0]["value"], kept["flags"]) == (5, ["duplicate", "incomplete"])


@pytest.mark.row("S1-78")
async def test_bad_reviews_of_one_phone_and_address_count_once_in_a_period(
    house: House, api: httpx.AsyncClient
) -> None:
    await closed(api, "1", {"id": "mei", **HOME}, service_type="repair")
    await closed(api, "2", {"id": "wang", **SAME_HOME}, service_type="维修")
    await closed(api, "3", {"id": "li", **HOME, "postal_address": "长安街2号"}, service_type="repair")
    await closed(api, "4", {"id": "zhao", **HOME}, service_type="repair")
    first, second = await enter(api, "1", "phone", 2), await enter(api, "2", "phone", 1)
    away, good = await enter(api, "3", "phone", 1), await enter(api, "4", "phone", 5)
    assert await settle_duplicates_of(house) == 1
    assert await counted(api, first, second, away, good) == {first: 0, second: 1, away: 1, good: 1}
    (flag,) = (one for one in (await explained(api, first))["flags"] if one["flag"] == "duplicate")
    assert (flag["rule"], flag["counted"]) == ("repair_same_home", second)
    assert await excluded(api) == {"duplicate_person": 1, "counted": 3}


@pytest.mark.row("S1-81")
async def test_several_tickets_of_one_user_count_once_in_a_period(house: House, api: httpx.AsyncClient) -> None:
    for number in "123":
        await closed(api, number, {"id": "mei"}, service_type="保养")
    await closed(api, "4", {"id": "mei"}, service_type="保养", closed_at="2026-10-30T02:00:00Z")
    bad = [await enter(api, number, "phone", value) for number, value in (("1", 2), ("2", 1), ("3", 2), ("4", 1))]
    assert await settle_duplicates_of(house) == 2
    assert await counted(api, *bad) == {bad[0]: 0, bad[1]: 1, bad[2]: 0, bad[3]: 1}
    assert await excluded(api) == {"duplicate_person": 2, "counted": 1}


@pytest.mark.row("S1-82")
async def test_the_web_goes_before_a_text_message_by_a_list_that_is_data(house: House, api: httpx.AsyncClient) -> None:
    await closed(api, "1", {"id": "mei"})
    sms, web = await enter(api, "1", "sms", 1), await enter(api, "1", "web", 2)
    await settle_duplicates_of(house)
    assert await counted(api, sms, web) == {sms: 0, web: 1}
    assert (await explained(api, sms))["flags"][0]["counted"] == web
    receiver = house.web.receiver
    own = DuplicateRules(version=2, rules=(DuplicateRule("sms_first", (SharedKey.TICKET,), prefer=(("sms",),)),))
    receiver.adopt(replace(receiver.policy, duplicates=own))
    await settle_duplicates_of(house)
    assert await counted(api, sms, web) == {sms: 1, web: 0}


GIVEN = {
    "installation, on paper": ("1", "paper", 5, {}),
    "installation, on the web": ("1", "web", 2, {"survey": "callback"}),
    "repair, at home": ("2", "phone", 2, {}),
    "repair, at the same home": ("3", "onsite", 1, {}),
    "repair, by text message": ("4", "sms", 1, {}),
    "repair, the same on the web": ("4", "web", 2, {}),
    "repair, content": ("5", "web", 5, {}),
}
COUNTED = {"installation, on the web", "repair, at the same home", "repair, the same on the web", "repair, content"}


@pytest.mark.some(2)
@pytest.mark.parametrize(
    ("step", "settles"), [(1, "at once"), (2, "in the end"), (3, "at once"), (5, "in the end"), (6, "at once")]
)
async def test_the_rules_of_a_maker_of_appliances_leave_the_same_whatever_comes_first(
    step: int, settles: str, house: House, api: httpx.AsyncClient
) -> None:
    await closed(api, "1", {"id": "mei"}, service_type="安装")
    await closed(api, "2", {"id": "wang", **HOME}, service_type="repair")
    await closed(api, "3", {"id": "wang-2", **SAME_HOME}, service_type="repair")
    await closed(api, "4", {"id": "li"}, service_type="repair")
    await closed(api, "5", {"id": "li"}, service_type="repair")
    names, ids = list(GIVEN), dict[str, str]()
    for place in range(len(names)):
        name = names[place * step % len(names)]
        number, source, value, more = GIVEN[name]
        ids[name] = await enter(api, number, source, value, given_at="2026-11-22T02:40:00Z", **more)
        if settles == "at once":
            await settle_duplicates_of(house)
    await settle_duplicates_of(house)
    assert await settle_duplicates_of(house) == 0
    ratings = await counted(api, *ids.values())
    assert {name for name, id_ in ids.items() if ratings[id_]} == COUNTED
    assert await excluded(api) == {
        "duplicate": 1,
        "duplicate_offline": 1,
        "duplicate_person": 1,
        "counted": 4,
    }


async def test_the_next_in_line_counts_where_what_counted_is_corrected_or_excluded(
    house: House, api: httpx.AsyncClient
) -> None:
    for number in "123":
        await closed(api, number, {"id": "mei"}, service_type="保养")
    worst, middle, best = [await enter(api, number, "phone", value) for number, value in (("1", 1), ("2", 2), ("3", 2))]
    await settle_duplicates_of(house)
    assert await counted(api, worst, middle, best) == {worst: 1, middle: 0, best: 0}
    body = {
        "ticket": "desk/1",
        "source": "phone",
        "by": "王芳",
        "answers": {"attitude": {"value": 5}},
        "reason": "看错",
    }
    assert (await api.post(RESPONSES, json=body)).status_code == 200
    await settle_duplicates_of(house)
    once = await counted(api, worst, middle, best)
    assert (once[worst], once[middle] + once[best]) == (1, 1)
    kept, other = (middle, best) if once[middle] else (best, middle)
    said = {"reason": "malicious", "by": "李工", "note": "骂人"}
    assert (await api.post(f"{RESPONSES}/{kept}/exclusion", json=said)).status_code == 201
    agreed = {"by": "王工", "note": "是的"}
    assert (await api.post(f"{RESPONSES}/{kept}/exclusion/approve", json=agreed)).status_code == 200
    await settle_duplicates_of(house)
    assert await counted(api, worst, kept, other) == {worst: 1, kept: 0, other: 1}
    assert (await explained(api, kept))["excluded"] == {"malicious": 1}
    for name, by in (("appeal", "李工"), ("grant", "赵工")):
        step = await api.post(f"{RESPONSES}/{kept}/exclusion/{name}", json={"by": by, "note": "不是"})
        assert step.status_code == 200, step.text
    await settle_duplicates_of(house)
    again = await counted(api, worst, kept, other)
    assert again == once
