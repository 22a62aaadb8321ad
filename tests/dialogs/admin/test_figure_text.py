"""A figure in words, in every language; without a value, the reason why there is none."""

from fractions import Fraction

import pytest

from dialogs.admin.figure_text import figure_text, metric_formula, metric_name
from scoring.metrics.catalogue import CATALOGUE, METRIC_KEYS, MetricSource, MetricUnit
from scoring.metrics.figure import Figure, SampleSize
from tests.dialogs.samples import LOCALES, PHRASES


def figure(metric: str, value: Fraction | None, state: SampleSize = SampleSize.FULL, people: int = 40) -> Figure:
    return Figure(metric, {}, value, people, people, state)


@pytest.mark.parametrize(
    ("metric", "value", "zh", "en"),
    [
        ("csat", Fraction(7400, 107), "69.16%", "69.16%"),
        ("csat", Fraction(100), "100%", "100%"),
        ("mean", Fraction(25, 6), "4.17", "4.17"),
        ("nps", Fraction(-100, 3), "-33.33", "-33.33"),
        ("closings", Fraction(12345), "12,345", "12,345"),
        ("time_to_claim", Fraction(5400), "1小时30分钟", "1 hour, 30 minutes"),
    ],
)
def test_a_value_is_told_in_its_unit_to_two_digits(metric: str, value: Fraction, zh: str, en: str) -> None:
    told = figure(metric, value)
    assert [figure_text(told, PHRASES, locale) for locale in ("zh-Hans", "en")] == [zh, en]


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        (SampleSize.EMPTY, "还没有数据", "no data yet"),
        (SampleSize.FEW, "目前只有 3 条，满 5 条才计算", "only 3 so far; computed from 5 on"),
        (SampleSize.MIXED, "分制不一样，请按问卷分开看", "the scales differ: cut by survey"),
    ],
)
def test_where_there_is_no_value_the_reason_is_told(state: SampleSize, zh: str, en: str) -> None:
    told = figure("csat", None, state, 3)
    assert [figure_text(told, PHRASES, locale) for locale in ("zh-Hans", "en")] == [zh, en]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_reason_is_told_as_a_number(locale: str) -> None:
    for state in (SampleSize.EMPTY, SampleSize.WITHHELD, SampleSize.MIXED):
        assert not any(sign.isdigit() for sign in figure_text(figure("csat", None, state), PHRASES, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_metric_has_a_name_of_its_own_and_a_formula(locale: str) -> None:
    names = [metric_name(metric, PHRASES, locale) for metric in CATALOGUE]
    assert len(set(names)) == len(names)
    assert all(len(metric_formula(metric, PHRASES, locale)) > 5 for metric in CATALOGUE)


def test_every_share_says_in_its_formula_what_is_divided_by_what() -> None:
    for metric in CATALOGUE.values():
        if metric.unit is MetricUnit.PERCENT:
            assert "÷" in metric_formula(metric.id, PHRASES, "en"), metric.id


def test_every_metric_of_ratings_and_closings_can_be_cut_by_whoever_served() -> None:
    assert set(METRIC_KEYS) == set(MetricSource)
    assert all({"team", "agent"} <= set(keys) for keys in METRIC_KEYS.values())
