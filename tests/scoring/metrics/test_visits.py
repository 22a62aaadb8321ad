"""Metrics of visits: repeats, rework, first-time solving, shares of the whole; and what people enter."""

from fractions import Fraction
from typing import Any

import pytest

from scoring.metrics.cases import VISIT_FIELDS, case_figure, case_parts
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, FactNeeds, MetricSource
from scoring.metrics.facts import EnteredFact, Facts, RatingCount, VisitCount, VisitFact
from scoring.metrics.figure import SampleSize
from scoring.metrics.summary import metrics_for, summarize
from scoring.scale import FIVE, Scale
from scoring.values import fields

KEYS = {"team": "north", "category": "漏水", "rework": ""}


def visit(**said: Any) -> VisitFact:  # noqa: ANN401 (fields of VisitFact)
    keys = {**KEYS, **said.pop("keys", {})}
    return VisitFact(keys, None, None, said.pop("done", None), None, **said)


def share(metric: str, visits: list[VisitFact], **wholes: int) -> tuple[Any, Any, dict[str, int]]:
    figure = case_figure(metric, {}, visits, wholes)
    return figure.numerator, figure.denominator, dict(figure.excluded)


def test_repeats_are_told_of_things_that_are_known() -> None:
    visits = [visit(is_thing_known=True)] * 4 + [visit(is_thing_known=True, repaired_again="desk/2")] * 2 + [visit()]
    visits.append(visit(repaired_again="desk/1"))  # opened again: the ticket itself is the thing
    assert share("repeat_repair_rate", visits) == (3, 7, {"not_reported": 1})
    assert share("repairs_held", visits) == (4, 7, {"not_reported": 1})
    assert case_figure("repeat_repairs", {}, visits).value == 3
    assert case_parts("repeat_repair_rate", visit()) is None
    assert case_parts("repairs_held", visit(repaired_again="desk/2")) == (0, 1)


def test_the_first_time_is_told_by_the_help_desk_or_by_nobody_coming_again() -> None:
    visits = [visit(solved_first_time=True)] * 4 + [visit(solved_first_time=False), visit()]
    assert share("first_time_reported", visits) == (4, 5, {"not_reported": 1})
    visits = [visit(is_problem_known=True)] * 5 + [visit(is_problem_known=True, asked_again="desk/1"), visit()]
    assert share("first_time_no_return", visits) == (5, 6, {"not_reported": 1})


def test_customers_count_once_by_their_first_visit() -> None:
    visits = [visit(comes_again=True)] * 2 + [visit(comes_again=False)] * 3 + [visit()] * 4
    assert share("returning_customers", visits) == (2, 5, {})


def test_what_was_sent_again_is_a_share_of_the_whole_period() -> None:
    visits = [visit(is_resent=True)] * 3 + [visit()] * 2
    assert share("resends_of_problems", visits, problems=60, orders=400) == (3, 60, {})
    assert share("resends_of_orders", visits, problems=60, orders=400) == (3, 400, {})
    assert case_figure("resends_of_orders", {}, visits).state is SampleSize.EMPTY  # nobody entered the orders


def test_a_mean_time_has_its_sum_and_its_number() -> None:
    visits = [visit(done=Fraction(60 * n)) for n in range(1, 6)] + [visit()]
    figure: Any = case_figure("time_to_done_mean", {}, visits)
    assert (figure.value, figure.numerator, figure.denominator) == (180, 900, 5)
    assert figure.excluded == {"not_reported": 1}
    assert case_figure("time_to_done_mean", {}, visits[:3]).value is None
    assert case_parts("time_to_done_mean", visits[1]) == 120


def figures(facts: Facts, by: tuple[str, ...], *metrics: str, is_followed: bool = True) -> list[Any]:
    wanted = [CATALOGUE[metric] for metric in metrics]
    return list(summarize(facts, by, wanted, is_over=True, is_followed=is_followed).figures)


def test_counts_tell_their_share_of_the_cut_and_the_whole_has_none() -> None:
    facts = Facts(visits=(*[visit()] * 3, visit(keys={"category": "噪音"})))
    assert [(one.cut["category"], one.share) for one in figures(facts, ("category",), "repairs")] == [
        ("噪音", 25),
        ("漏水", 75),
    ]
    assert [one.share for one in figures(facts, (), "repairs")] == [None]
    assert [one.share for one in figures(facts, ("category",), "reworks")] == [None, None]  # there are none


@pytest.mark.parametrize("metric", ["repeat_repairs", "repeat_repair_rate", "repairs_held", "first_time_no_return"])
def test_what_comes_after_is_provisional_until_it_cannot_come_any_more(metric: str) -> None:
    facts = Facts(visits=(visit(is_thing_known=True, is_problem_known=True),) * 6)
    told = [figures(facts, (), metric, is_followed=followed)[0].provisional for followed in (False, True)]
    assert told == [True, False]
    assert not figures(facts, (), "rework_rate", is_followed=False)[0].provisional


def test_what_was_entered_is_a_figure_of_its_cut() -> None:
    entered = (
        EnteredFact("return_rate", {}, Fraction(3), Fraction(120)),
        EnteredFact("return_rate", {"team": "north"}, Fraction(2), Fraction(40)),
        EnteredFact("orders", {}, Fraction(400)),
    )
    facts = Facts(entered=entered, visits=(visit(is_resent=True),))
    rate, orders = figures(facts, (), "orders", "return_rate")[::-1]
    assert (rate.value, orders.value, orders.numerator) == (Fraction(5, 2), 400, None)
    (north,) = figures(facts, ("team",), "return_rate")
    assert (north.cut, north.value) == ({"team": "north"}, 5)
    assert figures(facts, ("category",), "resends_of_orders")[0].denominator == 400


def rated(value: int, n: int, dimension: str = "problem_solving", scale: Scale = FIVE) -> RatingCount:
    others = ("agent", "station", "area", "product", "service_type", "source_channel", "tier", "channel", "source")
    keys = {**KEYS, **dict.fromkeys(others, ""), "survey": "s", "question": dimension, "dimension": dimension}
    return RatingCount(keys, scale, value, n)


@pytest.mark.parametrize(
    ("scale", "below", "at"),
    [(FIVE, (3, 3, 4, 4, 3), (3, 4, 3, 4, 3, 4)), (Scale(1, 10), (6, 7, 7, 6, 7), (6, 6, 6, 7, 7, 7, 7, 7))],
)
def test_a_mean_is_low_strictly_below_the_limit_of_its_scale(
    scale: Scale, below: tuple[int, ...], at: tuple[int, ...]
) -> None:
    for values, is_low in ((below, True), (at, False)):
        (mean,) = figures(Facts(ratings=tuple(rated(value, 1, scale=scale) for value in values)), (), "mean")
        assert mean.is_low is is_low, values
    (few,) = figures(Facts(ratings=(rated(1, 4),)), (), "mean")
    assert few.is_low is None


def test_the_proxy_counts_one_dimension_and_is_withheld_as_that_is() -> None:
    whole = Facts(ratings=(rated(5, 6), rated(2, 6), rated(1, 12, "attitude")))
    (proxy,) = figures(whole, (), "first_time_proxy")
    assert (proxy.numerator, proxy.denominator) == (6, 12)
    assert figures(Facts(ratings=(rated(1, 12, "attitude"),)), (), "first_time_proxy") == []
    few = Facts(ratings=(rated(5, 3), rated(1, 12, "attitude")))
    assert figures(few, (), "first_time_proxy")[0].value is None


def test_the_proxy_is_not_cut_by_two_keys_since_its_dimension_is_one_already() -> None:
    two = {metric.id for metric in metrics_for(("team", "agent"))}
    assert "csat" in two
    assert "first_time_proxy" not in two
    assert "first_time_proxy" in {metric.id for metric in metrics_for(("team",))}


def counted(n: int, **said: Any) -> VisitCount:  # noqa: ANN401 (fields of VisitCount)
    return VisitCount({**KEYS, **said.pop("keys", {})}, n, **said)


ALIKE: dict[str, tuple[list[VisitFact], list[VisitCount]]] = {
    "time_to_done": (
        [visit(done=Fraction(n)) for n in (5, 3, 8, 1, 9, 2, 7)] + [visit()] * 2,
        [
            counted(4, done_after=[5_000_000, 3_000_000, 8_000_000]),
            counted(5, done_after=[1_000_000, 9_000_000, 2_000_000, 7_000_000]),
        ],
    ),
    "time_to_done_mean": (
        [visit(done=Fraction(n, 3)) for n in (3, 6, 9, 12, 15)] + [visit()],
        [counted(6, done_after=[1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000])],
    ),
    "rework_rate": (
        [visit(keys={"rework": "internal"})] * 3 + [visit()] * 6,
        [counted(3, keys={"rework": "internal"}), counted(2), counted(4)],
    ),
    "repeat_repair_rate": (
        [visit(is_thing_known=True)] * 5 + [visit(repaired_again="desk/1")] * 2 + [visit()] * 3,
        [counted(5, is_thing_known=True), counted(2, repaired_again=True), counted(3)],
    ),
    "first_time_no_return": (
        [visit(is_problem_known=True)] * 6 + [visit(asked_again="desk/1", is_problem_known=True)] * 2 + [visit()],
        [counted(6, is_problem_known=True), counted(2, asked_again=True, is_problem_known=True), counted(1)],
    ),
    "returning_customers": (
        [visit(comes_again=True)] * 2 + [visit(comes_again=False)] * 4 + [visit()] * 3,
        [counted(2, comes_again=True), counted(4, comes_again=False), counted(3)],
    ),
    "forms_signed": (
        [visit(is_signed=True)] * 7 + [visit(is_signed=False)] + [visit()],
        [counted(7, is_signed=True), counted(1, is_signed=False), counted(1)],
    ),
    "repairs": ([visit()] * 12, [counted(5), counted(7)]),
    "warranty_repairs": ([visit(is_warranty=True)] * 3 + [visit()], [counted(3, is_warranty=True), counted(1)]),
}
"""Closings one by one, and the same as counts."""


@pytest.mark.parametrize("metric", ALIKE)
def test_closings_that_are_counted_give_the_figure_that_they_give_one_by_one(metric: str) -> None:
    one_by_one, together = ALIKE[metric]
    assert case_figure(metric, {}, together) == case_figure(metric, {}, one_by_one)
    assert case_figure(metric, {}, together).n > 0


def test_what_was_sent_again_is_a_share_of_all_that_was_counted() -> None:
    facts = Facts(
        counted=(counted(4, is_resent=True), counted(36), counted(10, keys={"category": "噪音"})),
        entered=(EnteredFact("orders", {}, Fraction(200)),),
    )
    of_problems, of_orders = figures(facts, (), "resends_of_problems", "resends_of_orders")
    assert (of_problems.numerator, of_problems.denominator) == (4, 50)
    assert (of_orders.numerator, of_orders.denominator) == (4, 200)
    told = figures(facts, ("category",), "repairs", "resends")
    assert [(one.cut["category"], one.metric, one.value) for one in told] == [
        ("噪音", "repairs", 10),
        ("噪音", "resends", 0),
        ("漏水", "repairs", 40),
        ("漏水", "resends", 4),
    ]
    assert facts.about({"category": "噪音"}).counted == (counted(10, keys={"category": "噪音"}),)


def test_of_every_metric_of_closings_it_is_known_what_it_looks_at() -> None:
    ours = {metric.id for metric in CATALOGUE.values() if metric.source is MetricSource.VISITS}
    assert set(VISIT_FIELDS) == ours
    keys = {*METRIC_KEYS[MetricSource.VISITS]}
    known = {one.name for one in fields(VisitCount)} | keys
    assert {name for several in VISIT_FIELDS.values() for name in several} <= known
    follow = {metric.id for metric in CATALOGUE.values() if metric.follows}
    looks_after = {metric for metric, several in VISIT_FIELDS.items() if {"repaired_again", "asked_again"} & {*several}}
    assert looks_after == follow


def test_what_has_to_be_read_follows_from_what_is_asked_for() -> None:
    needs = FactNeeds(((("team",), ("csat", "repairs")), (("cause", "category"), ("repairs",)), ((), ("asked",))))
    assert needs.sources == {MetricSource.RATINGS, MetricSource.VISITS, MetricSource.CLOSINGS}
    assert [metric.id for metric in needs.metrics] == ["csat", "asked", "repairs"]
    assert needs.keys(MetricSource.VISITS) == ("team", "category", "cause")
    assert needs.keys(MetricSource.CLOSINGS) == ()
    assert needs.every_key == {"team", "cause", "category"}
