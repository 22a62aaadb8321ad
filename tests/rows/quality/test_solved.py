"""The share of problems that were solved, by type, down to what customers said of those that were not."""

import pytest

from tests.rows.visited import behind, cells, figures
from tests.support.web.service import Service


async def complains(service: Service, number: int, category: str) -> str:
    """Let a customer rate low and complain about a problem of a type; gives the issue's id."""
    person = {"contacts": [{"channel": "sandbox", "address": f"phone-{number}"}]}
    await service.closes(f"{number}", f"c{number}", person=person, category=category)
    await service.api.post(f"/api/v1/tickets/desk/{number}/survey", json={})
    await service.says("我要投诉，等了三天没人来", f"phone-{number}")
    listed = (await service.api.get("/api/v1/issues?limit=200")).json()["items"]
    (issue,) = [one["id"] for one in listed if one["tickets"] == [f"desk/{number}"]]
    return str(issue)


@pytest.mark.row("S1-35")
async def test_the_share_solved_is_told_by_type_with_its_interval_and_leads_to_the_comments(service: Service) -> None:
    for number in range(10):
        category = "噪音" if number % 2 else "漏水"
        issue = await complains(service, number, category)
        if category == "噪音" or number == 0:
            done = await service.api.post(
                f"/api/v1/issues/{issue}/resolve", json={"by": "李工", "note": "已经上门修好了。"}
            )
            assert done.is_success
    (every,) = await figures(service, "complaints_resolved")
    assert (every["numerator"], every["denominator"], every["value"]) == (6, 10, 60)
    told = await cells(service, "complaints_resolved", "category", "numerator", "denominator", "interval", "id")
    assert {kind: one[:2] for kind, one in told.items()} == {"噪音": (5, 5), "漏水": (1, 5)}
    low, high = told["漏水"][2]["low"], told["漏水"][2]["high"]
    assert 3 < low < 20 < high < 63  # Wilson, 1 of 5
    unsolved = [one for one in await behind(service, told["漏水"][3]) if not one["numerator"]]
    assert {one["ticket"] for one in unsolved} == {"desk/2", "desk/4", "desk/6", "desk/8"}
    for one in unsolved:
        said = (await service.api.get(f"/api/v1/issues/{one['id']}")).json()
        assert "等了三天没人来" in str(said)
