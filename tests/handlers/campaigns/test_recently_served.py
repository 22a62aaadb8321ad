"""Customers are called back at regular times (定期回訪), and only those who were served lately are asked."""

from datetime import timedelta

from tests.support.web.campaigns import letters, started
from tests.support.web.service import Service

DAY = timedelta(days=1)


async def test_every_month_those_served_in_it_are_called_back_and_nobody_from_before(service: Service) -> None:
    await service.closes("1", "c-old")
    await service.passes(20 * DAY)
    await service.closes("2", "c-new")
    campaign = await started(
        service,
        name="每月回访",
        kind="survey",
        survey="callback",
        audience={"closed_within": "25d"},
        schedule={"cron": "0 10 L * *", "timezone": "Asia/Shanghai"},
    )
    await service.passes(20 * DAY)
    assert [letter.customer for letter in await letters(service, campaign)] == ["c-new"]
