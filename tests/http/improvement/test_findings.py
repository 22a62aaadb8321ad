"""A finding's whole life by API: measure, done, verified by the next answers, and told to those who raised it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

import httpx
import pytest

from storage.model.records import Member, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.database.answered import closed_visit, store_records
from tests.support.rights import fulfil
from tests.support.web.service import Service

DAY = timedelta(days=1)
PLAN = {
    "measure": "报修后 4 小时内回电",
    "metric": "csat",
    "cut": {"dimension": "attitude"},
    "target": 60,
    "owner": "李工",
    "due": "2026-11-30",
    "by": "王经理",
    "baseline": "2026-11-01..2026-11-22",
    "verify": "2026-12-01..2026-12-15",
}
"""Today is 2026-11-22, in Shanghai."""


async def answers(service: Service, prefix: str, values: Sequence[int], back: timedelta, team: str = "north") -> None:
    at = service.now - back
    visits = (
        closed_visit(f"{prefix}{number}", at, {"attitude": value}, team=team) for number, value in enumerate(values)
    )
    await store_records(service.house.store, at, *chain.from_iterable(visits))


async def complains(service: Service, customer: str, words: str, **person: str) -> str:
    """Let a customer answer 1 with a remark; return the response."""
    contacts = [{"channel": "sandbox", "address": f"phone-{customer}"}]
    await service.closes(f"t-{customer}", customer, person={"contacts": contacts, **person})
    await service.passes(timedelta(hours=1))
    for said in ("1", words):
        await service.says(said, f"phone-{customer}")
        await service.passes(timedelta(seconds=5))
    listed = (await service.api.get("/api/v1/responses", params={"ticket": f"desk/t-{customer}"})).json()["items"]
    return str(listed[0]["id"])


async def step(service: Service, finding: str, name: str, **body: object) -> httpx.Response:
    return await service.api.post(f"/api/v1/findings/{finding}/{name}", json={"by": "王经理", **body})


async def opened(service: Service, **more: object) -> dict[str, Any]:
    body = {"text": "等了两天才有人来", "department": "北区", "by": "王经理", **more}
    answer = await service.api.post("/api/v1/findings", json=body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def done(service: Service, **more: object) -> str:
    """Return a finding whose measure is done, with twenty low answers before it."""
    await answers(service, "b", [1] * 15 + [5] * 5, 2 * DAY)
    finding = str((await opened(service, **more))["id"])
    planned = await step(service, finding, "measure", **PLAN)
    assert planned.status_code == 200, planned.text
    assert (await step(service, finding, "done", by="李工")).json()["status"] == "done"
    return finding


async def notices(service: Service) -> dict[str, str]:
    return {one.customer or "": one.prompt.text for one in await service.messages(Purpose.CAMPAIGN)}


@pytest.mark.row("S2-18")
async def test_a_measure_that_helped_is_verified_and_told_to_whoever_raised_it_in_their_language(
    service: Service,
) -> None:
    mei = await complains(service, "mei", "等了两天才有人来。")
    bob = await complains(service, "bob", "I waited for two days", locale="en")
    lan = await complains(service, "lan", "太慢")
    await service.says("退订", "phone-lan")
    finding = await done(service, responses=[mei, bob, lan], kind="phrase")
    told = (await service.api.get(f"/api/v1/findings/{finding}")).json()
    assert [(one["customer"], one["said"]) for one in told["voices"]] == [
        ("bob", "I waited for two days"),
        ("lan", "太慢"),
        ("mei", "等了两天才有人来。"),
    ]
    before = told["measure"]["before"]
    assert (before["n"], before["value"]) == (20, 25)
    assert before["low"] < before["value"] < before["high"]
    early = await step(service, finding, "verify")
    assert (early.status_code, early.json()["detail"]) == (
        409,
        "its window, which was fixed beforehand, ends at 2026-12-14T16:00:00Z",
    )
    assert (await step(service, finding, "tell")).status_code == 409, "nothing is told that was not verified"
    await service.passes(26 * DAY)
    await answers(service, "a", [5] * 18 + [1] * 2, 5 * DAY)
    verified = (await step(service, finding, "verify")).json()
    (result,) = verified["results"]
    assert (verified["status"], result["verdict"], result["after"]["n"]) == ("reached", "reached", 20)
    assert result["effect"] == pytest.approx(90 - 25)
    assert 0 < result["low"] < result["effect"] < result["high"]
    assert result["p"] < 0.001
    words = {"zh-Hans": "报修后 4 小时内回电。", "en": "we call back within 4 hours"}
    assert (await step(service, finding, "tell", words=words)).json()["status"] == "told"
    assert (await step(service, finding, "tell", words=words)).status_code == 200, "again is the same"
    await service.passes(DAY)
    assert await notices(service) == {
        "mei": "您说过：“等了两天才有人来”。我们改了：报修后 4 小时内回电。谢谢您。",
        "bob": "You said: “I waited for two days”. We changed this: we call back within 4 hours. Thank you.",
    }
    sent = await service.messages(Purpose.CAMPAIGN)
    assert sorted(one.chat for one in sent) == ["phone-bob", "phone-mei"], "in the chat they used"
    (campaign,) = (await service.api.get("/api/v1/campaigns")).json()["items"]
    assert campaign["progress"]["skipped"] == {"opted_out": 1}


@pytest.mark.parametrize(
    ("after", "verdict", "status"),
    [
        ([5] * 14, "too_few", "undecided"),
        ([1] * 15 + [5] * 5, "not_reached", "open"),
        ([5] * 11 + [1] * 9, "not_reached", "open"),
    ],
    ids=["fourteen answers", "no change", "better, and below the target"],
)
async def test_what_is_not_shown_is_not_reached(service: Service, after: list[int], verdict: str, status: str) -> None:
    finding = await done(service)
    await service.passes(26 * DAY)
    await answers(service, "a", after, 5 * DAY)
    told = (await step(service, finding, "verify")).json()
    (result,) = told["results"]
    assert (result["verdict"], result["after"]["n"], told["status"]) == (verdict, len(after), status)
    assert (told["measure"] is None) == (status == "open"), "reopened, it waits for another measure"
    assert (await step(service, finding, "tell")).status_code == 409


async def test_too_few_answers_are_waited_for(service: Service) -> None:
    finding = await done(service)
    await service.passes(26 * DAY)
    await answers(service, "a", [5] * 14, 5 * DAY)
    await step(service, finding, "verify")
    late = {"until": "2026-12-31T00:00:00+08:00"}
    assert (await step(service, finding, "wait", **late)).json()["status"] == "done"
    await service.passes(20 * DAY)
    await answers(service, "l", [5], 14 * DAY)
    told = (await step(service, finding, "verify")).json()
    assert [one["verdict"] for one in told["results"]] == ["too_few", "reached"]


async def test_a_pilot_is_compared_with_the_rest(service: Service) -> None:
    await answers(service, "n", [1, 2] * 10, 2 * DAY, team="north")
    await answers(service, "s", [1, 2] * 10, 2 * DAY, team="south")
    finding = str((await opened(service))["id"])
    plan = PLAN | {"metric": "mean", "target": 3, "pilot": {"team": "north"}, "cut": {}}
    assert (await step(service, finding, "measure", **plan)).status_code == 200
    await step(service, finding, "done")
    await service.passes(26 * DAY)
    await answers(service, "nn", [4, 5] * 10, 5 * DAY, team="north")
    await answers(service, "ss", [2, 3] * 10, 5 * DAY, team="south")
    (result,) = (await step(service, finding, "verify")).json()["results"]
    assert (result["verdict"], result["effect"], result["after"]["n"]) == ("reached", 2.0, 20)
    assert result["low"] < 2.0 < result["high"]


WRONG: tuple[tuple[str, object, str], ...] = (
    ("metric", None, "is required"),
    ("due", None, "is required"),
    ("target", None, "is required"),
    ("metric", "happiness", "has 'happiness', which is not in the catalogue (/api/v1/metrics)"),
    ("cut", {"weather": "rain"}, "has 'weather', which is none of "),
    ("due", "2026-11-01", "has passed"),
    ("due", "9999-12-31", "is more than ten years ahead"),
    ("due", "0001-01-01", "has passed"),
    ("baseline", "2026-11", "is not over; it is what the measure is compared with"),
    ("verify", "2026-11-10..2026-12-10", "begins before the baseline has ended: the same answers would count on "),
    ("verify", "2026-11-25..2026-12-25", "begins before the measure is due; look at the time after it"),
    ("target", 20, "is not better than the baseline, 25"),
)


async def test_a_measure_that_proves_nothing_is_refused_with_its_field(service: Service) -> None:
    await answers(service, "b", [1] * 15 + [5] * 5, 2 * DAY)
    finding = str((await opened(service))["id"])
    for field, value, problem in WRONG:
        plan = {name: given for name, given in (PLAN | {field: value}).items() if given is not None}
        refused = await step(service, finding, "measure", **plan)
        assert refused.status_code == 422, field
        (wrong,) = refused.json()["errors"]
        assert wrong["field"] == field
        assert wrong["problem"].startswith(problem), wrong
    told = (await service.api.get(f"/api/v1/findings/{finding}")).json()
    assert (told["status"], told["measure"]) == ("open", None)


async def test_a_pilot_takes_a_metric_of_ratings(service: Service) -> None:
    finding = str((await opened(service))["id"])
    for metric in ("weighted_score", "importance"):
        plan = PLAN | {"metric": metric, "target": 99, "cut": {}, "pilot": {"team": "north"}}
        refused = await step(service, finding, "measure", **plan)
        problem = f"is for metrics of ratings; {metric} is none; take one such as csat"
        assert (refused.status_code, refused.json()["errors"]) == (422, [{"field": "pilot", "problem": problem}])


async def test_a_window_that_has_begun_when_it_is_done_begins_tomorrow(service: Service) -> None:
    finding = str((await opened(service))["id"])
    await step(service, finding, "measure", **PLAN)
    await service.passes(15 * DAY)
    told = (await step(service, finding, "done", by="李工")).json()
    assert told["measure"]["verify"] == {"from": "2026-12-07T16:00:00Z", "to": "2026-12-21T16:00:00Z"}


async def test_what_raised_it_has_to_exist_and_anonymous_words_are_not_taken(service: Service) -> None:
    for field in ("responses", "issues", "customers"):
        body = {"text": "慢", "department": "北区", "by": "王经理", field: ["none"]}
        refused = await service.api.post("/api/v1/findings", json=body)
        assert refused.json()["errors"] == [{"field": field, "problem": "there is no 'none'"}]
    assert (await step(service, "fin_none", "done")).status_code == 404


async def test_with_a_roster_leads_plan_and_the_owner_reports(service: Service) -> None:
    finding = str((await opened(service))["id"])
    team = (Member("王经理", "lead", "1"), Member("李工", "agent", "2"), Member("赵工", "agent", "3"))
    await service.house.web.receiver.do(Needs(), lambda _context: Decision(Changes(team), None))
    refused = await step(service, finding, "measure", **PLAN | {"by": "李工"})
    assert refused.json()["errors"][0]["field"] == "by"
    assert (await step(service, finding, "measure", **PLAN)).status_code == 200
    assert (await step(service, finding, "done", by="赵工")).status_code == 422
    assert (await step(service, finding, "done", by="李工")).status_code == 200
    assert (await step(service, finding, "dismiss", by="李工", note="算了")).status_code == 422
    told = (await step(service, finding, "dismiss", note="换了做法")).json()
    assert (told["status"], told["note"], told["closed_by"]) == ("dismissed", "换了做法", "王经理")
    by_stranger = {"text": "慢", "department": "北区", "by": "路人"}
    assert (await service.api.post("/api/v1/findings", json=by_stranger)).status_code == 422


async def test_findings_are_listed_by_state_and_department(service: Service) -> None:
    one, two = [str((await opened(service, department=name))["id"]) for name in ("北区", "南区")]
    await step(service, two, "measure", **PLAN)

    async def listed(**which: str) -> list[str]:
        items = (await service.api.get("/api/v1/findings", params=which)).json()["items"]
        return [item["id"] for item in items]

    assert set(await listed()) == {one, two}
    assert await listed(status="planned") == [two]
    assert await listed(department="北区") == [one]
    assert await listed(kind="audit") == []


async def test_whoever_is_forgotten_is_no_longer_quoted_nor_told(service: Service) -> None:
    response = await complains(service, "mei", "等了两天")
    finding = await done(service, responses=[response])
    copy = (await service.api.get("/api/v1/customers/mei")).json()
    assert [one["said"] for one in copy["voices"]] == ["等了两天"]
    assert (await service.api.delete("/api/v1/customers/mei")).status_code == 202
    await fulfil(service.house)
    (voice,) = (await service.api.get(f"/api/v1/findings/{finding}")).json()["voices"]
    assert (voice["said"], voice["customer"].startswith("gone_")) == ("", True)


async def test_a_repeated_key_opens_one_finding_and_two_without_are_two(service: Service) -> None:
    body = {"text": "慢", "department": "北区", "by": "王芳"}
    for _ in range(2):
        answer = await service.api.post("/api/v1/findings", json=body, headers={"Idempotency-Key": "a"})
        assert answer.status_code == 201
    assert len((await service.api.get("/api/v1/findings")).json()["items"]) == 1
    await service.api.post("/api/v1/findings", json=body)
    listed = (await service.api.get("/api/v1/findings", params={"limit": 1})).json()
    assert (len(listed["items"]), listed["next"] is None) == (1, False)
    refused = await service.api.get("/api/v1/findings", params={"cursor": "nonsense"})
    assert refused.json()["errors"] == [{"field": "cursor", "problem": "is none that a list of ours gave"}]
