"""Whether a change has helped: its customers are asked, and what they say is set beside what was said before."""

from datetime import timedelta
from typing import Any

import pytest

from tests.rows.visited import figures
from tests.support.web.campaigns import started
from tests.support.web.service import Service

DAY = timedelta(days=1)
BEFORE, AFTER = "2026-11", "2026-12"
NO_SURVEYS = '[[rules]]\nname = "by hand"\nask = false\n'


async def compared(service: Service, **asked: str) -> dict[str, Any]:
    answer = await service.api.get("/api/v1/reports/comparison", params={"locale": "en", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def rated(service: Service, number: int, attitude: int, customer: str = "", **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Close a ticket, and enter what its customer says of it on paper."""
    await service.closes(str(number), customer or f"c{number}", **said)
    given = {"attitude": {"value": attitude}, "response_speed": {"value": 4}}
    answer = await service.api.post(
        "/api/v1/responses", json={"ticket": f"desk/{number}", "source": "paper", "by": "王芳", "answers": given}
    )
    assert answer.status_code == 201, answer.text


async def the_change_is_followed(service: Service) -> None:
    """Rate sixteen visits, then let a campaign ask nineteen customers of the change; eight of them had rated before."""
    await service.rules(NO_SURVEYS)
    for number in range(16):
        await rated(service, number, 2 + number % 3, product="AC-300")
    await service.passes(20 * DAY)
    for number in range(100, 119):
        customer = f"c{number - 92}"
        phone = {"contacts": [{"channel": "sandbox", "address": f"phone-{customer}"}]}
        product = "AC-300" if number < 114 else "AC-500"
        await service.closes(str(number), customer, person=phone, tags=["longer_warranty"], product=product)
    await service.closes("other", "somebody")
    await started(
        service, name="延保满意吗", kind="survey", survey="after_service", audience={"tags": ["longer_warranty"]}
    )
    await service.passes(timedelta(minutes=5))
    for number in range(100, 119):
        await service.says("4 5 5 5 5", f"phone-c{number - 92}")
    await service.passes(30 * DAY)


@pytest.mark.row("S2-03")
async def test_customers_of_a_change_are_asked_and_compared_with_before(service: Service) -> None:
    await the_change_is_followed(service)
    asks = await service.asks()
    assert {ask.customer for ask in asks} == {f"c{number}" for number in range(8, 27)}
    told = await compared(service, before=BEFORE, after=AFTER, change="longer_warranty")
    lines = {(one["after"]["cut"]["dimension"], one["after"]["metric"]): one for one in told["items"]}
    mean = lines["attitude", "mean"]
    assert (mean["before"]["value"], mean["before"]["n"]) == (pytest.approx(47 / 16), 16)
    assert (mean["after"]["value"], mean["after"]["n"]) == (5, 19)
    assert mean["difference"]["value"] == pytest.approx(33 / 16)
    assert mean["difference"]["low"] < 33 / 16 < mean["difference"]["high"]
    assert (mean["verdict"], mean["text"]) == ("better", "better than before")
    assert mean["p"] < 0.001
    assert mean["in_both"] == 8
    assert mean["in_both_text"].startswith("8 customers are on both sides, so their answers before and after depend")
    low = lines["attitude", "bad_review_rate"]
    assert (low["before"]["value"], low["after"]["value"], low["verdict"]) == (37.5, 0, "better")
    assert lines["response_speed", "csat"]["verdict"] == "not_clear"
    few = await compared(service, before=BEFORE, after=AFTER, change="longer_warranty", of="product:AC-300", by="")
    assert {(one["verdict"], one["p"], one["superiority"]) for one in few["items"]} == {("too_few", None, None)}
    assert few["items"][0]["text"] == "too few people to say: 16 before and 14 after, of at least 15 on each side"
    assert told["text"].startswith("This says whether something has changed, not why.")


@pytest.mark.proof
async def test_what_is_compared_is_what_reports_show_and_nothing_is_said_of_a_time_that_goes_on(
    service: Service,
) -> None:
    await service.rules(NO_SURVEYS)
    for number in range(16):
        await rated(service, number, 3, team="north" if number < 11 else "south")
    for number in range(16, 18):
        await rated(service, number, 3, team="west")
    await service.passes(20 * DAY)
    for number in range(20, 40):
        await rated(service, number, 5, team="north")
    told = await compared(service, before=BEFORE, after=AFTER, metric="csat,mean", of="team:north", by="question")
    for side, period in (("before", BEFORE), ("after", AFTER)):
        shown = await figures(service, "csat,mean", "team,question", period)
        north = [one for one in shown if one["cut"]["team"] == "north"]
        assert [line[side] for line in told["items"]] == sorted(north, key=lambda one: one["cut"]["question"])
    assert {one["verdict"] for one in told["items"]} == {"not_over"}
    beside = await compared(service, before=BEFORE, after=AFTER, metric="mean", of="team:south", by="question")
    assert {(one["before"]["state"], one["before"]["value"]) for one in beside["items"]} == {("withheld", None)}
    few = await compared(service, before=BEFORE, after=AFTER, metric="mean", of="team:west", by="question")
    assert {one["before"]["state"] for one in few["items"]} == {"few"}
    assert {one["before"]["value"] for one in few["items"]} == {None}


@pytest.mark.row("S1-07")
async def test_a_pilot_is_judged_by_how_much_more_it_has_changed_than_the_rest(service: Service) -> None:
    """A pilot by a share of the tickets is told by what its customers are asked: its survey."""
    await service.rules(NO_SURVEYS)
    for start, pilots_say in ((0, (3, 4)), (100, (5, 5))):
        for number in range(30):
            values, survey = (pilots_say, "callback") if number < 15 else ((3, 4), "after_service")
            place = {"team": "north", "area": "河西"} if number < 15 else {"team": "south", "area": "河东"}
            await service.closes(str(start + number), f"c{start + number}", **place)
            answers = {"overall" if number < 15 else "attitude": {"value": values[number % 2]}}
            said = {"ticket": f"desk/{start + number}", "source": "paper", "by": "王芳", "survey": survey}
            assert (await service.api.post("/api/v1/responses", json={**said, "answers": answers})).status_code == 201
        await service.passes(20 * DAY)
    await service.passes(20 * DAY)
    for pilot in ("team:north", "area:河西", "survey:callback"):
        told = await compared(service, before=BEFORE, after=AFTER, metric="mean", by="", pilot=pilot)
        (found,) = told["pilots"]
        sides = [found[group][side] for group in ("pilot", "rest") for side in ("before", "after")]
        assert [round(one["value"], 2) for one in sides] == [3.47, 5, 3.53, 3.53]
        assert [one["n"] for one in sides] == [15] * 4
        assert (round(found["difference"]["value"], 2), found["verdict"]) == (1.53, "better")
        assert found["difference"]["low"] > 1
        assert found["p"] < 0.001
        assert {found["pilot"]["verdict"], found["rest"]["verdict"]} == {"not_tested"}


@pytest.mark.parametrize(
    ("asked", "field", "why"),
    [
        ({"before": "2026-11", "after": "2026-11-30"}, "after", "begins before the earlier window is over"),
        ({"before": "", "after": "2026-11"}, "before", "is required"),
        ({"before": "2026-10", "after": "2026-13"}, "after", "2026-13"),
        ({"before": "2026-10", "after": "2026-11", "metric": "closings"}, "metric", "what can be compared are"),
        ({"before": "2026-10", "after": "2026-11", "of": "north"}, "of", "write it as team:north"),
        ({"before": "2026-10", "after": "2026-11", "by": "team"}, "by", "write dimension or question"),
        ({"before": "2026-10", "after": "2026-11", "of": "team:a", "pilot": "team:b"}, "pilot", "beside of=team"),
    ],
)
async def test_what_cannot_be_compared_is_refused_with_its_field(
    service: Service, asked: dict[str, str], field: str, why: str
) -> None:
    answer = await service.api.get("/api/v1/reports/comparison", params=asked)
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["field"]) == (422, field)
    assert why in wrong["problem"]


@pytest.mark.proof
async def test_a_customer_with_many_tickets_is_one_person_on_either_side(service: Service) -> None:
    await service.rules(NO_SURVEYS)
    for number in range(15):
        await rated(service, number, 2)
    for number in range(50, 56):
        await rated(service, number, 2, customer="mei")
    await service.passes(20 * DAY)
    for number in range(100, 114):
        await rated(service, number, 5)
    for number in range(150, 156):
        await rated(service, number, 5, customer="mei")
    await service.passes(30 * DAY)
    told = await compared(service, before=BEFORE, after=AFTER, metric="mean", by="", locale="zh-Hans")
    (line,) = told["items"]
    assert (line["people_before"], line["people_after"], line["in_both"]) == (16, 15, 1)
    assert (line["before"]["n"], line["after"]["n"]) == (42, 40)
    assert (line["verdict"], line["text"]) == ("better", "比之前好了")
    assert line["in_both_text"].startswith("有 1 位客户前后都评过")
    assert told["text"].startswith("这里只说有没有变化，不说是什么引起的。")


async def test_where_nobody_answered_there_is_nothing_to_compare(service: Service) -> None:
    told = await compared(service, before="2026-08", after="2026-09", by="")
    assert [one["verdict"] for one in told["items"]] == ["too_few"] * 3
    assert {one["before"]["state"] for one in told["items"]} == {"empty"}
    assert [one["difference"] for one in told["items"]] == [None] * 3
    assert (await compared(service, before="2026-08", after="2026-09"))["items"] == []
