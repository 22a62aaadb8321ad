"""Whether a change has helped is asked of those whom it touched: the customers of tickets tagged with it."""

from datetime import timedelta

from tests.support.web.campaigns import letters, started, told
from tests.support.web.service import Service

DAY = timedelta(days=1)


async def test_a_change_is_validated_with_the_customers_of_tickets_tagged_with_it(service: Service) -> None:
    for number in range(3):
        await service.closes(f"t{number}", f"mei-{number}", tags=["上门升级"] if number else ["维修"])
    await service.passes(10 * DAY)  # beyond the quarantine of their own closings
    audience = {"tags": ["上门升级"], "closed_within": "30d"}
    campaign = await started(service, name="验证上门升级", kind="survey", survey="ten_point", audience=audience)
    await service.passes(DAY)
    assert [letter.customer for letter in await letters(service, campaign)] == ["mei-1", "mei-2"]
    progress = (await told(service, campaign))["progress"]
    assert (progress["audience"], progress["sent"], progress["skipped"]) == (2, 2, {})
    asks = [one for one in await service.asks() if one.occasion]
    assert {(one.survey, one.ticket, one.occasion.split("@")[0]) for one in asks} == {
        ("ten_point", "t1", campaign),
        ("ten_point", "t2", campaign),
    }


async def test_nobody_is_asked_who_was_asked_lately(service: Service) -> None:
    await service.closes("1", "mei", tags=["上门升级"])
    await service.passes(DAY)
    campaign = await started(service, name="验证上门升级", kind="survey", audience={"tags": ["上门升级"]})
    await service.passes(DAY)
    progress = (await told(service, campaign))["progress"]
    assert (progress["sent"], progress["skipped"]) == (0, {"quarantine": 1})
