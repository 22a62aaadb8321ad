"""What a chat proposes a measure to be verified by: the narrowest cut of the finding in which enough have answered."""

from datetime import timedelta

from bot.jobs.improvement.plan_offer import plan_offer
from dialogs.improvement.model import Finding, FindingKind
from dialogs.improvement.plan_draft import PlanOffer
from tests.support.database.worded import worded_visit, wrote
from tests.support.web.service import Service

LOW = {"response_speed": 1, "attitude": 4}
HIGH = {"response_speed": 5, "attitude": 4}


async def offered(service: Service, origin: str, department: str = "nobody's") -> PlanOffer:
    """Return what is offered for a finding of this origin, two days later."""
    finding = Finding("fin_1", FindingKind.RECURRENCE, "慢", department, service.now, "huifang", origin=origin)
    reader, policy = service.house.web.reader, service.house.web.receiver.policy
    return await plan_offer(reader, policy, finding, service.now)


async def test_the_dimension_of_a_warning_is_measured_as_it_is_today(service: Service) -> None:
    visits = [worded_visit(f"{n}", service.now, LOW if n < 4 else HIGH, "慢") for n in range(10)]
    await wrote(service, *visits)
    await service.passes(timedelta(days=2))
    bad, good = (await offered(service, "recurrence:dimension:response_speed::2026-11-01")).options
    assert (bad.metric, bad.cut) == ("bad_review_rate", (("dimension", "response_speed"),))
    assert (bad.before.value, bad.before.n, bad.targets) == ("40", 10, ("20", "30"))
    assert (good.metric, good.before.value, good.targets) == ("csat", "60", ("80", "70"))


async def test_where_nobody_has_answered_about_it_everything_is_measured_or_nothing_is_known(service: Service) -> None:
    bare = await offered(service, "")
    assert [(one.before.value, one.cut, one.targets) for one in bare.options] == [
        (None, (), ("5", "10")),
        (None, (), ("90", "85")),
    ]
    await wrote(service, *(worded_visit(f"{n}", service.now, HIGH, "好") for n in range(6)))
    await service.passes(timedelta(days=2))
    best = await offered(service, "chart:week:nobody:attitude:2026-11-01")
    assert best.options == (), "what is at its best already has no better target"
    assert best.baseline.until - best.baseline.since == timedelta(days=30)
