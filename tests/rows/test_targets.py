"""Targets that an owner sets, and what a period shows of them; there are none of ours."""

from datetime import timedelta
from typing import Any

import pytest

from config.errors import ConfigErrors
from config.settings.loading import load_settings
from scoring.values import replace
from tests.support.web.service import Service

HOUR = timedelta(hours=1)


async def wants(service: Service, *targets: str) -> None:
    """Let the owner set these targets."""
    settings = load_settings({"HUIFANG_TEAM__TARGETS": "\n".join(targets)})
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, targets=settings.team.targets))


async def told(service: Service, period: str = "2026-11") -> dict[str, dict[str, Any]]:
    answer = await service.api.get("/api/v1/metrics/targets", params={"period": period})
    assert answer.status_code == 200, answer.text
    return {one["target"]: one for one in answer.json()["items"]}


async def visited(service: Service, number: int, hours: float, **said: Any) -> None:  # noqa: ANN401 (JSON is anything)
    """Report a visit that began, and was replied to, so many hours after it was requested."""
    requested = service.now - 100 * HOUR
    times = {"requested_at": requested, "opened_at": requested}
    times |= {"onsite_at": requested + hours * HOUR, "first_replied_at": requested + hours * HOUR}
    iso = {name: at.isoformat() for name, at in times.items()}
    person = {"contacts": [{"channel": "sandbox", "address": f"phone-c{number}"}]}
    await service.closes(str(number), f"c{number}", person=person, **iso, **said)


@pytest.mark.row("S0-08")
async def test_on_site_targets_by_area_tell_attainment_and_their_figure_each_breach(service: Service) -> None:
    await wants(service, "time_on_site <= 24h area=市区", "time_on_site <= 48h area=郊区")
    for number in range(10):
        await visited(service, number, 20 + 8 * number, area="市区" if number % 2 else "郊区")
    found = await told(service)
    town, suburb = found["time_on_site <= 24h area=市区"], found["time_on_site <= 48h area=郊区"]
    assert (town["numerator"], town["denominator"], town["verdict"]) == (0, 5, "missed")  # 28 36 44 52 … hours
    assert (suburb["numerator"], suburb["denominator"], suburb["value"]) == (2, 5, 40)  # 20 36 | 52 68 84
    for area, hours, late in (("市区", 24, [1, 3, 5, 7, 9]), ("郊区", 48, [4, 6, 8])):
        wanted = {"figure": f"time_on_site:2026-11:area={area}"}
        behind = (await service.api.get("/api/v1/reports/explain", params=wanted)).json()["inputs"]
        assert [one["ticket"] for one in behind if one["seconds"] > hours * 3600] == [f"desk/{n}" for n in late]


@pytest.mark.row("S1-31")
async def test_a_target_is_reached_missed_or_not_shown_by_so_few(service: Service) -> None:
    await wants(service, "csat >= 95", "csat >= 50", "bad_review_rate <= 60", "full_mark_rate >= 100", "nps >= 10")
    for number in range(6):
        await visited(service, number, 1)
        await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
        for words in ("5", "5", "5", "5", "5", "跳过") if number else ("1", "跳过", "1", "跳过", "1", "1", "1", "跳过"):
            await service.says(words, f"phone-c{number}")
    found = await told(service)
    assert {name: one["verdict"] for name, one in found.items()} == {
        "csat >= 95": "not_shown",
        "csat >= 50": "not_shown",
        "bad_review_rate <= 60": "reached",
        "full_mark_rate >= 100": "missed",
        "nps >= 10": "no_data",
    }
    hundred = found["full_mark_rate >= 100"]
    assert (hundred["n"], hundred["limit"], hundred["at_most"]) == (30, 100, False)
    assert (await service.api.get("/api/v1/metrics/targets", params={"period": "2026-Q4"})).json()[
        "period"
    ] == "2026-Q4"


@pytest.mark.row("S1-46", "S1-53")
async def test_first_replies_have_targets_by_channel_and_our_own_issues_one_too(service: Service) -> None:
    await wants(
        service,
        "time_to_first_reply <= 24h",
        "time_to_first_reply <= 24h source_channel=电话",
        "time_to_first_reply <= 24h for 60 source_channel=邮件",
        "time_to_claim <= 24h",
    )
    for number in range(10):
        await visited(
            service, number, 23 if number % 2 else 20 + number, source_channel="电话" if number % 2 else "邮件"
        )
    opened = [(await service.api.post("/api/v1/issues", json={"title": f"漏水{n}"})).json()["id"] for n in range(2)]
    await service.passes(23 * HOUR)
    await service.api.post(f"/api/v1/issues/{opened[0]}/claim", json={"by": "李工"})
    found = await told(service)
    assert found["time_to_first_reply <= 24h"]["numerator"] == 8
    assert found["time_to_first_reply <= 24h source_channel=电话"]["verdict"] == "reached"
    mail = found["time_to_first_reply <= 24h for 60 source_channel=邮件"]
    assert (mail["numerator"], mail["denominator"], mail["verdict"]) == (3, 5, "not_shown")
    claimed = found["time_to_claim <= 24h"]
    assert (claimed["verdict"], claimed["denominator"], claimed["excluded"]) == ("reached", 1, {"not_reported": 1})


@pytest.mark.row("S4-08")
async def test_without_the_owners_figures_there_is_no_target_of_ours(service: Service) -> None:
    assert load_settings({}).team.targets == ()
    assert await told(service) == {}
    await wants(service, "time_to_first_reply <= 2h tier=urgent", "time_to_first_reply <= 8h service_type=维修")
    assert {one["verdict"] for one in (await told(service)).values()} == {"no_data"}


@pytest.mark.row("S4-08")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("csat", "'csat' is no target."),
        ("luck >= 3", "there is no metric 'luck'"),
        ("csat >= good", "'good' is no number"),
        ("csat >= 95 colour=red", "csat has no key 'colour'"),
        ("time_on_site >= 2h", "limits no case"),
        ("time_on_site <= 2", "2"),
        ("csat >= 95 for 90", "only a length of time is kept by a share of cases"),
    ],
)
def test_a_target_that_cannot_be_is_refused_with_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(ConfigErrors, match=problem):
        load_settings({"HUIFANG_TEAM__TARGETS": text})
