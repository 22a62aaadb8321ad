"""Figures of visits as help desks report them, by the API alone, cut by what a closing kept."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.support.web.service import Service

MINUTE = timedelta(minutes=1)


async def visited(service: Service, number: int, wait: int, ratings: str = "", **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Report a visit of which the first reply took `wait` minutes; its customer answers at once."""
    phone = f"phone-c{number}"
    opened = service.now - timedelta(hours=20)
    times = {"opened_at": opened, "first_replied_at": opened + wait * MINUTE, "requested_at": opened}
    times |= {"onsite_at": opened + 2 * wait * MINUTE, "solved_at": opened + 4 * wait * MINUTE}
    times |= {"appointment_at": opened + 120 * MINUTE}
    told = {name: at.isoformat() for name, at in times.items()}
    person = {"contacts": [{"channel": "sandbox", "address": phone}]}
    await service.closes(str(number), f"c{number}", person=person, **told, **said)
    await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
    for words in ratings.split():
        await service.says(words, phone)


async def figures(service: Service, metric: str = "", by: str = "", period: str = "2026-11") -> list[dict[str, Any]]:
    wanted = {"period": period, "metric": metric, "by": by, "locale": "en"}
    answer = await service.api.get("/api/v1/reports/summary", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


async def by_cut(service: Service, metric: str, by: str) -> dict[str, Any]:
    return {one["cut"][by]: one["value"] for one in await figures(service, metric, by)}


HAPPY = "5 5 5 5 5 跳过"


@pytest.mark.row("S1-34", "S4-10", "S0-16", "S1-17", "S1-52", "S1-56")
async def test_response_times_are_told_by_problem_type_channel_and_service_as_median_and_p90(service: Service) -> None:
    for number in range(10):
        kind = {"category": "噪音", "source_channel": "电话", "service_type": "维修"}
        other = {"category": "漏水", "source_channel": "微信", "service_type": "安装"}
        await visited(service, number, 10 * (number + 1), **(kind if number % 2 else other))
    assert await by_cut(service, "time_to_first_reply", "category") == {"噪音": 60 * 60, "漏水": 50 * 60}
    assert await by_cut(service, "time_to_first_reply", "source_channel") == {"电话": 60 * 60, "微信": 50 * 60}
    assert await by_cut(service, "time_on_site", "service_type") == {"维修": 120 * 60, "安装": 100 * 60}
    p90 = {one["cut"]["category"]: one for one in await figures(service, "time_to_first_reply_p90", "category")}
    assert p90["噪音"]["value"] > 60 * 60
    assert (p90["噪音"]["n"], p90["噪音"]["unit"]) == (5, "seconds")
    (done,) = await figures(service, "time_to_done")
    assert (done["n"], done["interval"]["method"]) == (10, "ranks")
    ticket = (await service.api.get("/api/v1/tickets/desk/3")).json()["ticket"]
    kept = ("opened_at", "requested_at", "appointment_at", "onsite_at", "solved_at", "closed_at", "source_channel")
    assert all(ticket[name] for name in kept)


@pytest.mark.row("S2-11")
async def test_response_and_its_lack_are_told_by_channel_agent_and_kind_of_ticket(service: Service) -> None:
    for number in range(12):
        agent = {"id": "a1" if number < 6 else "a2", "name": "李工"}
        await visited(service, number, 10, HAPPY if number < 6 or number == 7 else "", agent=agent, category="维修")
    await service.passes(timedelta(days=4))
    told = {one["cut"]["agent"]: one for one in await figures(service, "response_rate", "agent")}
    assert (told["a1"]["numerator"], told["a1"]["denominator"], told["a1"]["value"]) == (6, 6, 100)
    assert (told["a2"]["numerator"], told["a2"]["denominator"]) == (1, 6)
    assert told["a2"]["interval"]["method"] == "Wilson"
    (by_kind,) = await figures(service, "response_rate", "category")
    assert (by_kind["cut"], by_kind["numerator"], by_kind["denominator"]) == ({"category": "维修"}, 7, 12)
    (by_channel,) = await figures(service, "aapor_con1", "channel")
    assert (by_channel["cut"], by_channel["numerator"], by_channel["denominator"]) == ({"channel": "sandbox"}, 7, 12)


@pytest.mark.row("S2-12", "S1-85")
async def test_answers_are_classified_on_three_axes_and_what_is_excluded_is_told_with_its_reason(
    service: Service,
) -> None:
    for number in range(7):
        agent = {"id": "a1", "name": "李工"}
        await visited(service, number, 10, HAPPY, agent=agent, service_type="维修", category="噪音")
    before = {key: await by_cut(service, "csat", key) for key in ("agent", "service_type", "category")}
    assert before == {"agent": {"a1": 100}, "service_type": {"维修": 100}, "category": {"噪音": 100}}
    responses = (await service.api.get("/api/v1/responses")).json()["items"]
    path = f"/api/v1/responses/{responses[0]['id']}/exclusion"
    proposed = {"reason": "malicious", "by": "李工", "note": "同行恶意打分"}
    assert (await service.api.post(path, json=proposed)).status_code == 201
    assert (await service.api.post(f"{path}/approve", json={"by": "王工", "note": "查过了"})).is_success
    (csat,) = await figures(service, "csat")
    assert (csat["n"], csat["excluded"]) == (30, {"malicious": 5})
    explained = (await service.api.get(f"/api/v1/responses/{responses[0]['id']}/explain")).json()
    assert (explained["raw"], explained["counted"], explained["excluded"]) == (5, 0, {"malicious": 5})
    assert len((await service.api.get("/api/v1/responses")).json()["items"]) == 7


@pytest.mark.some(1)
@pytest.mark.row("S1-10", "S1-62", "S3-23", "S1-45")
@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026"])
async def test_a_period_of_any_length_has_an_agents_work_and_all_of_the_complaints(
    service: Service, period: str
) -> None:
    for number in range(6):
        agent = {"id": "a1", "name": "李工"}
        await visited(service, number, 30, "1 我要投诉 5 5 5 5 跳过", agent=agent)
    await service.passes(MINUTE * 30)
    first, *others = (await service.api.get("/api/v1/issues")).json()["items"]
    for issue in others:
        judged = {"by": "李工", "category": "late", "verdict": "valid"}
        await service.api.post(f"/api/v1/issues/{issue['id']}/judge", json=judged)
        await service.api.post(f"/api/v1/issues/{issue['id']}/claim", json={"by": "李工"})
        resolved = {"by": "李工", "note": "已经上门修好了。"}
        after = (await service.api.post(f"/api/v1/issues/{issue['id']}/resolve", json=resolved)).json()
        assert after["timeline"][: len(issue["timeline"])] == issue["timeline"]  # only added to
    assert first["status"] == "open"
    told = {one["metric"]: one for one in await figures(service, by="agent", period=period)}
    work = {name: told[name]["value"] for name in ("closings", "asked", "answered", "done_on_time", "complaints")}
    assert work == {"closings": 6, "asked": 6, "answered": 6, "done_on_time": 100, "complaints": 6}
    assert (told["csat"]["value"], told["csat"]["n"], told["csat"]["interval"]["method"]) == (80, 30, "Wilson")
    assert (told["score_rate"]["value"], told["time_to_done"]["value"]) == (84, 2 * 60 * 60)
    solved = told["complaints_resolved"]
    assert (solved["numerator"], solved["denominator"], solved["interval"]["method"]) == (5, 6, "Wilson")
    page = {one["metric"]: one for one in await figures(service, period=period)}
    assert page["time_to_claim"]["n"] == page["time_to_resolve"]["n"] == 5
    assert page["time_to_resolve"]["value"] == 30 * 60
    by_category = await by_cut_of_complaints(service, period)
    assert by_category == {"": 1, "late": 5}


async def by_cut_of_complaints(service: Service, period: str) -> dict[str, float]:
    found = await figures(service, "complaints", "complaint_category", period)
    return {one["cut"]["complaint_category"]: one["value"] for one in found}


@pytest.mark.row("S1-07")
async def test_a_pilot_is_compared_with_the_rest(service: Service) -> None:
    await service.rules('[[rules]]\nname = "pilot"\nteams = ["north"]\n\n[[rules]]\nname = "rest"\nask = false\n')
    for number in range(12):
        team = "north" if number % 2 else "south"
        person = {"contacts": [{"channel": "sandbox", "address": f"phone-c{number}"}]}
        await service.closes(str(number), f"c{number}", person=person, team=team, area=f"{team} of town")
    await service.passes(timedelta(minutes=31))
    for number in range(1, 12, 2):
        for words in ("5", "5", "5", "5", "1", "跳过", "跳过"):
            await service.says(words, f"phone-c{number}")
    for key, pilot, rest in (("team", "north", "south"), ("area", "north of town", "south of town")):
        assert await by_cut(service, "closings", key) == {pilot: 6, rest: 6}
        assert await by_cut(service, "asked", key) == {pilot: 6, rest: 0}
        assert await by_cut(service, "csat", key) == {pilot: 80}
        rates = {one["cut"][key]: one for one in await figures(service, "aapor_rr1", key)}
        assert (rates[pilot]["value"], rates[rest]["value"]) == (100, None)
        assert rates[rest]["excluded"] == {"excluded": 6}


@pytest.mark.row("S2-02")
@pytest.mark.parametrize("period", ["2026-Q4", "2026-H2"])
async def test_the_pack_of_a_quarter_or_half_year_shows_what_is_weak_in_common(service: Service, period: str) -> None:
    for number in range(6):
        await visited(service, number, 10, "5 5 2 跳过 5 4 跳过", team="north" if number % 2 else "south")
    told = {one["cut"]["dimension"]: one for one in await figures(service, "mean", "dimension", period)}
    weakest = min(told, key=lambda dimension: float(told[dimension]["value"]))
    assert (weakest, told[weakest]["value"], told[weakest]["n"]) == ("attitude", 2, 6)
    wanted = {"period": period, "by": "dimension", "format": "csv"}
    pack = (await service.api.get("/api/v1/reports/summary", params=wanted)).text.splitlines()
    assert any(",mean," in line and ",attitude," in line and ",2.0," in line for line in pack)


@pytest.mark.row("S4-14")
async def test_a_tickets_closings_and_an_issues_lines_are_only_added_to(service: Service) -> None:
    person = {"contacts": [{"channel": "sandbox", "address": "phone-mei"}]}
    await service.closes("1", "mei", person=person, agent={"id": "a1", "name": "李工"})
    before = (await service.api.get("/api/v1/customers/mei")).json()["closings"]
    await service.closes("1", "mei", person=person, status="reopened")
    await service.closes("1", "mei", person=person, agent={"id": "a2", "name": "陈工"})
    after = (await service.api.get("/api/v1/customers/mei")).json()["closings"]
    assert after[:1] == before
    assert [(one["number"], one["agent_name"]) for one in after] == [(1, "李工"), (2, "陈工")]
    opened = (await service.api.post("/api/v1/issues", json={"title": "漏水", "ticket": "desk/1"})).json()
    seen = [opened["timeline"]]
    for step, body in (("claim", {}), ("progress", {"text": "周三到。"}), ("resolve", {"note": "换好了。"})):
        path = f"/api/v1/issues/{opened['id']}/{step}"
        seen.append((await service.api.post(path, json={"by": "李工", **body})).json()["timeline"])
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(seen))
    assert [line["event"] for line in seen[-1]] == ["opened", "claimed", "progress", "resolved"]
