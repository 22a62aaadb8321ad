"""What is asked of a period has a key by which it is kept, and says on which time it rests."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bot.jobs.figures.asked_figures import (
    AskedFigures,
    FigureCut,
    GivenFigures,
    asked_of,
    cut_of,
    read_figures,
    write_figures,
)
from bot.jobs.period_summary import known_figures, read_cut
from dialogs.time.periods import named_period
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.honesty.intervals import Interval
from scoring.honesty.sampled_rules import SampledRule
from scoring.metrics.catalogue import CATALOGUE, SUBJECT_KEYS, MetricSource
from scoring.metrics.figure import Figure, SampleSize, Weighting
from scoring.metrics.review import PROBLEM_CHAPTERS, SUBJECT_CHAPTERS, SUMMARY_CHAPTERS, ReviewPart
from scoring.metrics.summary import Comparable, Summary
from scoring.values import replace
from tests.jobs.figures.random_desk import BEGAN, ENDED
from tests.storage.rollups.turmoil import SHANGHAI

MONTH = timedelta(days=30)
CHAPTERS = (*SUMMARY_CHAPTERS.values(), *PROBLEM_CHAPTERS.values(), *SUBJECT_CHAPTERS.values())
FIGURE = Figure(
    "csat",
    {"team": "北\"组'", "dimension": ""},
    Fraction(200, 3),
    9,
    9,
    SampleSize.SMALL,
    Fraction(6),
    Fraction(9),
    Interval(35.42098765432101, None, "Wilson"),
    {"duplicate": 1, "test": 2},
    provisional=True,
    change=Change(Fraction(1, 7), 3, ChangeVerdict.HIGHER, Fraction(3, 4), 0.1 + 0.2, "Mann-Whitney"),
    share=Fraction(1, 3),
    is_low=False,
    sources={"web": 4, "telegram": 5},
    weighting=Weighting.GIVEN,
)


def asked(*metrics: str) -> AskedFigures:
    return asked_of(named_period("2026-10", SHANGHAI), read_cut("", ",".join(metrics)), ENDED + 2 * MONTH)


def test_the_same_moments_in_another_zone_have_the_same_key() -> None:
    here = asked("csat")
    there = replace(here, since=here.since.astimezone(UTC), until=here.until.astimezone(UTC))
    assert here.key == there.key
    assert here.ends == there.ends == (BEGAN, ENDED)


@pytest.mark.parametrize(
    ("now", "is_over", "is_followed"),
    [
        (ENDED - timedelta(seconds=1), False, False),
        (ENDED, True, False),
        (ENDED + MONTH - timedelta(seconds=1), True, False),
        (ENDED + MONTH, True, True),
    ],
)
def test_a_period_that_is_over_is_asked_for_otherwise(now: datetime, *, is_over: bool, is_followed: bool) -> None:
    october = named_period("2026-10", SHANGHAI)
    found = asked_of(october, read_cut("team", "csat,repeat_repair_rate"), now)
    assert (found.is_over, found.is_followed) == (is_over, is_followed)
    assert (found.by, found.metrics, found.levels) == (("team",), ("csat", "repeat_repair_rate"), False)
    stays = asked_of(october, read_cut("team", "csat"), now)
    assert (stays.is_over, stays.is_followed) == (is_over, True), "what came after is told by none of it"


def test_what_comes_after_a_closing_rests_on_the_month_around_the_period() -> None:
    assert asked("csat", "closings", "resends").rests_on == (BEGAN, ENDED)
    assert asked("csat", "repeat_repair_rate").rests_on == (BEGAN - MONTH, ENDED + MONTH)
    assert not asked("csat").follows
    assert asked("repairs_held").follows


def test_it_says_what_its_metrics_count() -> None:
    assert asked("csat", "mean").sources == {MetricSource.RATINGS}
    assert asked("csat", "closings", "resends").sources == {
        MetricSource.RATINGS,
        MetricSource.CLOSINGS,
        MetricSource.VISITS,
    }
    assert AskedFigures(BEGAN, ENDED, levels=True).sources == set()


def test_the_parts_of_chapters_are_cut_whole() -> None:
    for several in CHAPTERS:
        for part in several:
            assert cut_of(part) == FigureCut(part.by, tuple(CATALOGUE[metric] for metric in part.metrics))


@pytest.mark.parametrize("key", SUBJECT_KEYS)
def test_a_subject_is_cut_by_its_key_besides(key: str) -> None:
    for several in SUBJECT_CHAPTERS.values():
        for part in several:
            cut = cut_of(replace(part, by=(key, *part.by)))
            assert cut.by == (key, *part.by)
            assert {metric.id for metric in cut.metrics} <= set(part.metrics)
            assert asked_of(named_period("2026-10", SHANGHAI), cut, ENDED).by == cut.by


def test_a_metric_that_cannot_be_cut_so_is_left_out_of_a_part() -> None:
    assert cut_of(ReviewPart(("dimension",), ("csat", "closings"))).metrics == (CATALOGUE["csat"],)


def test_every_field_is_read_as_it_was_written() -> None:
    summary = Summary(("team", "dimension"), (FIGURE, replace(FIGURE, value=None)), (SampledRule("all", 9, 3),))
    answers = ((Fraction(0), 3), (Fraction(1), 6))
    given = GivenFigures(Comparable(summary, (answers, None)), {"a1": "李工"}, {"after_service": {"care": (3, {5: 3})}})
    assert repr(read_figures(write_figures(given))) == repr(given)
    assert known_figures(given).histograms == (answers, None)


def test_levels_are_no_figures() -> None:
    given = GivenFigures(levels={"after_service": {"care": (3, None)}})
    assert read_figures(write_figures(given)) == given
    with pytest.raises(ValueError, match="no metric"):
        known_figures(given)
