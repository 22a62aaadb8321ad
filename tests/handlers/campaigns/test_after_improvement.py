"""After an improvement those who had suffered from the problem are asked whether it is better now."""

from datetime import timedelta

import pytest

from tests.support.web.campaigns import letters, started
from tests.support.web.service import Service

DAY = timedelta(days=1)


@pytest.mark.row("S4-30")
async def test_a_follow_up_survey_after_an_improvement_goes_to_those_with_that_root_cause(service: Service) -> None:
    for ticket, cause in (("1", "配件缺货"), ("2", "态度")):
        await service.closes(ticket, f"c-{ticket}")
        opened = await service.api.post("/api/v1/issues", json={"title": "等了两周", "ticket": f"desk/{ticket}"})
        resolution = {"by": "李工", "root_cause": cause, "notify": False}
        done = await service.api.post(f"/api/v1/issues/{opened.json()['id']}/resolve", json=resolution)
        assert done.is_success, done.text
    await service.passes(10 * DAY)
    campaign = await started(
        service,
        name="改进后回访",
        kind="survey",
        text="{name}您好，配件仓库已经补齐，想请您再看看：",
        audience={"root_causes": ["配件缺货"], "issues": ["closed"]},
    )
    await service.passes(timedelta(hours=1))  # before its reminder, which takes the words of the message above
    (letter,) = await letters(service, campaign)
    assert letter.customer == "c-1"
    assert letter.text.startswith("您好，配件仓库已经补齐，想请您再看看：\n\n")
