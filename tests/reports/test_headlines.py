"""With which figures a picture of a report begins, and what it says of them."""

from fractions import Fraction
from typing import Any

import pytest

from dialogs.reports.document import Headline, Tone
from dialogs.reports.headlines import headlines_of
from scoring.honesty.comparison import Change, ChangeVerdict
from scoring.metrics.figure import Figure, SampleSize
from scoring.values import replace
from tests.reports.test_figure_parts import figure, words


def headlines(*figures: Figure, has_bars: bool = False, locale: str = "en") -> tuple[Headline, ...]:
    return headlines_of(figures, words(locale), has_bars=has_bars)


def about(metric: str, **fields: Any) -> Figure:  # noqa: ANN401 (fields of Figure)
    return replace(figure(), metric=metric, **fields)


def before(verdict: ChangeVerdict, value: int | None = 60) -> Change:
    return Change(None if value is None else Fraction(value), 100, verdict)


def test_satisfaction_comes_first_and_the_rest_in_the_reports_order() -> None:
    named = [one.name for one in headlines(about("closings"), about("asked"), about("complaints"), about("csat"))]
    assert named == ["Satisfied (CSAT)", "Complaints", "Tickets closed", "Surveys sent"]


def test_there_are_six_at_most_and_each_once() -> None:
    many = ("csat", "csat", "mean", "nps", "closings", "asked", "answered", "complaints", "response_rate")
    found = headlines(*map(about, many))
    assert len(found) == 6
    assert len({one.name for one in found}) == 6


def test_what_has_no_value_is_left_out() -> None:
    assert headlines(about("csat", value=None), about("mean"))[0].name == "Mean"


def test_figures_of_a_cut_are_told_where_nothing_else_does() -> None:
    north, south = (about("csat", cut={"team": name}) for name in ("north", "south"))
    assert [one.name for one in headlines(north, south)] == ["Satisfied (CSAT), north", "Satisfied (CSAT), south"]
    assert headlines(north, south, has_bars=True) == ()
    assert [one.name for one in headlines(north, about("csat"), has_bars=True)] == ["Satisfied (CSAT)"]


@pytest.mark.parametrize(
    ("metric", "verdict", "tone"),
    [
        ("csat", ChangeVerdict.HIGHER, Tone.BETTER),
        ("csat", ChangeVerdict.LOWER, Tone.WORSE),
        ("csat", ChangeVerdict.NOT_CLEAR, Tone.NONE),
        ("csat", ChangeVerdict.TOO_FEW, Tone.NONE),
        ("time_to_done", ChangeVerdict.LOWER, Tone.BETTER),
        ("time_to_done", ChangeVerdict.HIGHER, Tone.WORSE),
        ("complaints", ChangeVerdict.NOT_TESTED, Tone.NONE),
    ],
)
def test_only_a_change_that_is_more_than_chance_is_good_or_bad_news(
    metric: str, verdict: ChangeVerdict, tone: Tone
) -> None:
    (told,) = headlines(about(metric, change=before(verdict)))
    assert told.tone is tone


@pytest.mark.parametrize(
    ("locale", "verdict", "told"),
    [
        ("zh-Hans", ChangeVerdict.HIGHER, "↑ 上期 60%"),
        ("zh-Hant", ChangeVerdict.NOT_CLEAR, "≈ 上期 60%"),
        ("en", ChangeVerdict.LOWER, "↓ before: 60%"),
        ("en", ChangeVerdict.NOT_TESTED, "before: 60%"),
    ],
)
def test_the_period_before_stands_with_its_mark(locale: str, verdict: ChangeVerdict, told: str) -> None:
    (one,) = headlines(about("csat", change=before(verdict)), locale=locale)
    assert one.change == told


def test_without_a_value_before_nothing_is_said_of_a_change() -> None:
    (one,) = headlines(about("csat", change=before(ChangeVerdict.TOO_FEW, None)))
    assert (one.change, one.tone) == ("", Tone.NONE)


def test_a_small_sample_says_so() -> None:
    (one,) = headlines(about("csat", state=SampleSize.SMALL, n=12))
    assert (one.n, one.note) == ("n=12", "small sample")
