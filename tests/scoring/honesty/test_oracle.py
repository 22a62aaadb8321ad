"""Our statistics are those of scipy and statsmodels, to 1e-12: `oracle.py` says which, `oracle.json` what they gave."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest

from scoring.honesty.charts import ChartState, SharePoint, least_unlikely, with_point
from scoring.honesty.comparison import Change, ChangeVerdict, compare, exact_tails, holm
from scoring.honesty.intervals import quantile_interval, wilson
from tests.scoring.honesty.oracle import ORACLE, computed
from tests.scoring.honesty.test_intervals import coverage, mean_coverage

CASES: dict[str, list[dict[str, Any]]] = json.loads(ORACLE.read_text("utf-8"))


def near(value: Any) -> Any:  # noqa: ANN401 (pytest's)
    return pytest.approx(value, abs=1e-12, rel=0)


def histogram(counts: Sequence[Sequence[int]]) -> dict[Fraction, int]:
    return {Fraction(value): n for value, n in counts}


def test_wilson() -> None:
    for case in CASES["wilson"]:
        assert list(wilson(Fraction(case["k"]), Fraction(case["n"]))) == near([case["low"], case["high"]])


def test_mann_and_whitneys_test_with_ties() -> None:
    assert len(CASES["mann_whitney"]) > 50
    for case in CASES["mann_whitney"]:
        before, after = histogram(case["before"]), histogram(case["after"])
        told = compare(before, after, None)
        assert told.effect is not None
        assert float(told.effect) == near(case["u"] / sum(before.values()) / sum(after.values()))
        assert told.p == near(case["p"])


def test_mann_and_whitneys_exact_test() -> None:
    for case in CASES["mann_whitney_exact"]:
        told = compare(histogram(case["before"]), histogram(case["after"]), None)
        assert (told.p, told.method) == (near(case["p"]), "Mann-Whitney, exact")


def test_the_permutation_distribution_with_ties() -> None:
    for case in CASES["permutation"]:
        before, after = histogram(case["before"]), histogram(case["after"])
        found = exact_tails({value: value for value in {*before, *after}}, before, after)
        assert list(map(float, found)) == near([case["greater"], case["less"]])


def test_holms_correction() -> None:
    for case in CASES["holm"]:
        raw = [Change(None, 20, ChangeVerdict.NOT_CLEAR, Fraction(2, 3), p) for p in case["raw"]]
        assert [change.p for change in holm(raw)] == near(case["holm"])


def test_the_ranks_between_which_a_quantile_lies() -> None:
    for case in CASES["median_ranks"]:
        values = [Fraction(rank) for rank in range(1, case["n"] + 1)]
        assert quantile_interval(values, Fraction(case["share"])) == (case["low"] or None, case["high"])


def test_the_limits_of_the_p_chart() -> None:
    for case in CASES["least_unlikely"]:
        assert least_unlikely(case["n"], Fraction(case["share"])) == case["limit"], case


def test_the_weighted_mean_and_its_limit() -> None:
    for case in CASES["ewma"]:
        bad, n = Fraction(case["baseline"]["bad"]), Fraction(case["baseline"]["n"])
        state, found = ChartState(bad, n, 100, (bad + 1) / (n + 2)), []
        for low, size in case["points"]:
            state, judged = with_point(state, SharePoint("", "", size, low), 100)
            found.append((float(judged.ewma or 0), judged.ewma_limit))
        assert [mean for mean, _ in found] == near(case["ewma"])
        assert [limit for _, limit in found] == near(case["limit"])


def test_how_often_intervals_hold_what_they_are_about() -> None:
    for case in CASES["coverage"]:
        assert float(coverage(case["n"], Fraction(9, 10))) == near(case["at_90"])
        if case["n"] <= 50:
            assert mean_coverage(case["n"]) == near(case["mean"])


@pytest.mark.proof
def test_the_values_are_those_that_scipy_and_statsmodels_compute_now() -> None:
    told = json.loads(json.dumps(computed()))
    assert told.keys() == CASES.keys()
    for about, cases in CASES.items():
        assert len(told[about]) == len(cases)
        for now, then in zip(told[about], cases, strict=True):
            for name, value in then.items():
                assert now[name] == (near(value) if _is_number(value) else value), (about, name)


def _is_number(value: object) -> bool:
    return isinstance(value, float) or (isinstance(value, list) and all(isinstance(one, float) for one in value))
