"""A figure in words: its value in the metric's unit, or why there is none."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from dialogs.phrases import Phrases
from scoring.honesty.sampled_rules import SampledRule
from scoring.metrics.catalogue import CATALOGUE, MetricUnit
from scoring.metrics.figure import FEWEST_FOR_A_VALUE, Figure, SampleSize, Weighting

__all__ = ["figure_text", "metric_formula", "metric_name", "sampling_text", "value_text"]

_HUNDREDTHS = 2


def metric_name(metric: str, phrases: Phrases, locale: str) -> str:
    """Return what a metric is called."""
    return phrases.say(locale, f"metric.{metric}.name")


def metric_formula(metric: str, phrases: Phrases, locale: str) -> str:
    """Return how a metric is computed, in words."""
    return phrases.say(locale, f"metric.{metric}.formula")


def figure_text(figure: Figure, phrases: Phrases, locale: str) -> str:
    """Return a figure's value as people read it, rounded to hundredths; without one, the reason why."""
    if figure.value is None:
        is_of_few_customers = figure.state is SampleSize.FEW and figure.people >= FEWEST_FOR_A_VALUE
        key = "few_customers" if is_of_few_customers else figure.state
        return phrases.say(locale, f"figure.{key}", n=figure.people)
    told = value_text(figure.value, figure.metric, phrases, locale)
    return phrases.say(locale, "figure.equal_weights", value=told) if figure.weighting is Weighting.EQUAL else told


def sampling_text(unequal: Sequence[SampledRule], phrases: Phrases, locale: str) -> str:
    """Return that rules drew different shares of their closings, and which; empty where they did not."""
    if not unequal:
        return ""

    def say(key: str, **values: object) -> str:
        return phrases.say(locale, f"figure.sampling.{key}", **values)

    def drawn(one: SampledRule) -> str:
        key = {0: "nobody", 1: "everybody"}.get(one.one_in, "one_in")
        return say(key, rule=one.rule or say("no_rule"), number=one.one_in)

    return say("unequal", rules=say("between").join(map(drawn, unequal)))


def value_text(value: Fraction, metric: str, phrases: Phrases, locale: str) -> str:
    """Return a metric's value as people read it, rounded to hundredths."""
    unit = CATALOGUE[metric].unit
    if unit is MetricUnit.SECONDS:
        return phrases.span(locale, timedelta(seconds=round(value)))
    written = phrases.number(locale, float(round(value, _HUNDREDTHS)))
    return phrases.say(locale, "figure.percent", value=written) if unit is MetricUnit.PERCENT else written
