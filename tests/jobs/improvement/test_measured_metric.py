"""A measure as it is prepared: its periods where nobody names them, its baseline, and what cannot be measured."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from bot.jobs.improvement.measured_metric import PlanWanted, prepared_measure
from bot.jobs.period_summary import FigureRequestError
from dialogs.improvement.model import Measure, Measured
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.values import replace
from tests.http.improvement.test_findings import answers
from tests.support.web.fixtures import folder, service
from tests.support.web.service import Service

__all__ = ["folder", "service"]

DAY = timedelta(days=1)
WANTED = PlanWanted(
    text=" 报修后 4 小时内回电 ",
    metric="csat",
    target=Fraction(80),
    owner="李工",
    due=date(2026, 12, 10),
    by="王经理",
    cut={},
    pilot={},
)


async def prepared(service: Service, wanted: PlanWanted) -> Measure:
    web = service.house.web
    return await prepared_measure(web.reader, web.receiver.policy, wanted, service.now)


async def refused(service: Service, wanted: PlanWanted) -> tuple[str, str]:
    with pytest.raises(FigureRequestError) as wrong:
        await prepared(service, wanted)
    return wrong.value.field, wrong.value.problem


async def test_without_names_the_thirty_days_before_today_and_after_the_date_are_taken(service: Service) -> None:
    measure = await prepared(service, WANTED)
    zone = service.house.web.receiver.policy.timezone
    days = [
        moment.astimezone(zone).isoformat(timespec="minutes")
        for moment in (
            measure.baseline.since,
            measure.baseline.until,
            measure.due_at,
            measure.window.since,
            measure.window.until,
        )
    ]
    assert days == [
        "2026-10-23T00:00+08:00",
        "2026-11-22T00:00+08:00",
        "2026-12-11T00:00+08:00",
        "2026-12-11T00:00+08:00",
        "2027-01-10T00:00+08:00",
    ]
    assert (measure.text, measure.planned_at) == ("报修后 4 小时内回电", service.now)


async def test_nothing_counted_yet_is_no_value_and_not_zero(service: Service) -> None:
    assert (await prepared(service, WANTED)).before == Measured(None, 0)
    await answers(service, "b", [1, 5, 5], 2 * DAY)
    assert (await prepared(service, WANTED)).before == Measured(None, 3), "of fewer than five only the count"


async def test_the_baseline_is_of_the_cut_and_of_the_pilot(service: Service) -> None:
    await answers(service, "n", [5] * 6 + [1] * 4, 2 * DAY, team="north")
    await answers(service, "s", [5] * 12, 2 * DAY, team="south")
    groups = (
        replace(WANTED, cut={"team": "north"}),
        replace(WANTED, pilot={"team": "north"}),
        replace(WANTED, cut={"dimension": "attitude"}, pilot={"team": "north"}),
    )
    for wanted in groups:
        before = (await prepared(service, wanted)).before
        assert (before.value, before.n) == ("60", 10)
        low, high = (float(Fraction(end or 0)) for end in (before.low, before.high))
        assert 20 < low < 60 < high < 90
    whole = await prepared(service, replace(WANTED, target=Fraction(90)))
    assert (whole.before.n, Fraction(whole.before.value or 0)) == (22, Fraction(100 * 18, 22))


DIRECTIONS = {
    ("csat", 61): True,
    ("csat", 60): False,
    ("csat", 59): False,
    ("bad_review_rate", 39): True,
    ("bad_review_rate", 40): False,
    ("bad_review_rate", 41): False,
    ("mean", 4): True,
    ("mean", 3): False,
    ("full_mark_rate", 61): True,
    ("full_mark_rate", 60): False,
    ("score_rate", 70): True,
    ("score_rate", 69): True,
    ("score_rate", 40): False,
    ("score_rate", 12): False,
    ("index", 99): True,
    ("index", 1): False,
}


async def test_a_target_is_better_than_the_baseline_in_the_direction_of_its_metric(service: Service) -> None:
    await answers(service, "n", [5] * 6 + [1] * 4, 2 * DAY)
    for (metric, target), is_better in DIRECTIONS.items():
        wanted = replace(WANTED, metric=metric, target=Fraction(target))
        if is_better:
            assert (await prepared(service, wanted)).target == str(target)
        else:
            field, problem = await refused(service, wanted)
            assert field == "target"
            assert problem.startswith("is not better than the baseline, ")


REFUSED = (
    ("metric", "has 'luck', which is not in the catalogue", replace(WANTED, metric="luck")),
    ("metric", "is ''; name one of the catalogue", replace(WANTED, metric="")),
    ("metric", "is 'csat,nps'; name one of the catalogue", replace(WANTED, metric="csat,nps")),
    ("cut", "has 'weather', which is none of ", replace(WANTED, cut={"weather": "rain"})),
    (
        "cut",
        "has 3 keys; give at most 2",
        replace(WANTED, cut={"team": "a", "agent": "b"}, pilot={"tier": "c"}),
    ),
    (
        "cut",
        "is question, and time_to_first_reply can only be cut by ",
        replace(WANTED, metric="time_to_first_reply", cut={"question": "attitude"}),
    ),
    (
        "pilot",
        "is for metrics of ratings; time_to_first_reply is none",
        replace(WANTED, metric="time_to_first_reply", pilot={"team": "north"}),
    ),
    *(
        (
            "pilot",
            f"is for metrics of ratings; {metric} is none; take one such as csat",
            replace(WANTED, metric=metric, pilot={"team": "north"}),
        )
        for metric in ("weighted_score", "importance")
    ),
    *(
        (
            "metric",
            f"is {metric}, a count, by which periods of different length cannot be compared; take {instead}",
            replace(WANTED, metric=metric),
        )
        for metric, instead in (
            ("complaints", "complaint_rate"),
            ("reworks", "rework_rate"),
            ("repairs", "a rate or a length of time"),
            ("closings", "a rate or a length of time"),
        )
    ),
    (
        "metric",
        "is time_to_done_mean, which has no interval that tells a change from chance; take time_to_done",
        replace(WANTED, metric="time_to_done_mean"),
    ),
    ("due", "is more than ten years ahead", replace(WANTED, due=date(2036, 11, 23))),
    ("due", "is more than ten years ahead", replace(WANTED, due=date.max)),
    ("due", "has passed", replace(WANTED, due=date.min)),
    ("baseline", "there is no '2026-13' in the calendar", replace(WANTED, baseline="2026-13")),
    (
        "verify",
        "is '2026-12-10..soon'; write its days as",
        replace(WANTED, verify="2026-12-10..soon"),
    ),
)


async def test_a_date_may_be_today_and_ten_years_ahead(service: Service) -> None:
    for due in (date(2026, 11, 22), date(2036, 11, 21)):
        assert (await prepared(service, replace(WANTED, due=due))).due_at > service.now


def test_what_is_named_instead_of_a_count_is_no_count_and_has_an_interval() -> None:
    counts = {metric.id for metric in CATALOGUE.values() if metric.unit is MetricUnit.COUNT}
    told = [str(refusal[1]).rpartition("take ")[2] for refusal in REFUSED if refusal[0] == "metric"]
    named = {one for one in told if one in CATALOGUE}
    assert named == {"complaint_rate", "rework_rate", "time_to_done"}
    assert not named & counts


async def test_what_cannot_be_measured_is_refused_with_its_field(service: Service) -> None:
    for field, problem, wanted in REFUSED:
        told = await refused(service, wanted)
        assert told[0] == field
        assert told[1].startswith(problem), told[1]
