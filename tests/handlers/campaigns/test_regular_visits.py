"""Important areas and customers are visited at regular times: a survey by tag that comes again."""

from datetime import timedelta

import pytest

from tests.support.web.campaigns import letters, started, told
from tests.support.web.service import Service

DAY = timedelta(days=1)


@pytest.mark.row("S1-60")
async def test_a_visit_survey_comes_again_every_quarter_to_those_with_the_tag_and_to_nobody_else(
    service: Service,
) -> None:
    await service.closes("1", "mei", tags=["重点区域"])
    await service.closes("2", "li")
    schedule = {"repeats": "quarterly 1 10:00", "timezone": "Asia/Shanghai"}
    said = {"name": "定期走访", "kind": "survey", "audience": {"tags": ["重点区域"]}, "schedule": schedule}
    campaign = await started(service, **said)
    await service.passes(140 * DAY)
    visits = [letter.customer for letter in await letters(service, campaign)]
    assert visits == ["mei", "mei"]
    runs = (await told(service, campaign))["runs"]
    assert [(run["occurrence"], run["status"]) for run in runs] == [
        ("2027-01-01T02:00:00Z", "done"),
        ("2027-04-01T02:00:00Z", "done"),
    ]
