"""Numbers that look like chance: the same of the same path, and spread as they should be."""

from collections import Counter
from math import sqrt
from statistics import fmean, pstdev

import pytest

from bot.jobs.sample.draws import Draws

MANY = 20_000
FIRST = [381612870, 1882379507, 4139353445]


def test_the_same_path_gives_the_same_numbers() -> None:
    first, second = Draws(7, "visit", "a-1"), Draws(7, "visit", "a-1")
    assert [first.number() for _ in range(100)] == [second.number() for _ in range(100)]


def test_the_numbers_are_those_of_every_machine() -> None:
    draws = Draws(7, "visit", "a-1")
    assert [draws.number() for _ in range(3)] == FIRST


@pytest.mark.parametrize("other", [(8, "visit", "a-1"), (7, "visit", "a-2"), (7, "visit-a", "1"), (7, "visita-1")])
def test_another_path_gives_other_numbers(other: tuple[object, ...]) -> None:
    first, second = Draws(7, "visit", "a-1"), Draws(*other)
    assert [first.number() for _ in range(4)] != [second.number() for _ in range(4)]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_share_of_all_draws_is_hit(share: float) -> None:
    draws = Draws("share", share)
    hits = sum(draws.chance(share) for _ in range(MANY))
    assert abs(hits / MANY - share) < 4 * sqrt(share * (1 - share) / MANY)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_never_is_never_and_always_is_always(share: float) -> None:
    draws = Draws("ends")
    assert {draws.chance(share) for _ in range(MANY)} == {bool(share)}


def test_whole_numbers_lie_between_their_ends_and_are_even() -> None:
    draws = Draws("whole")
    counts = Counter(draws.between(3, 7) for _ in range(MANY))
    assert sorted(counts) == [3, 4, 5, 6, 7]
    assert all(abs(count - MANY / 5) < 4 * sqrt(MANY * 0.16) for count in counts.values())


def test_levels_are_spread_about_nothing_by_one() -> None:
    draws = Draws("level")
    levels = [draws.normal() for _ in range(MANY)]
    assert abs(fmean(levels)) < 0.03
    assert abs(pstdev(levels) - 1) < 0.02
    within = sum(abs(level) < 1 for level in levels) / MANY
    assert 0.62 < within < 0.72


def test_what_is_weighted_comes_as_often_as_its_share() -> None:
    draws = Draws("weighted")
    counts = Counter(draws.weighted("abc", (1, 0, 3)) for _ in range(MANY))
    assert set(counts) == {"a", "c"}
    assert abs(counts["a"] / MANY - 0.25) < 0.02


def test_roundings_come_to_the_number_on_average() -> None:
    draws = Draws("rounded")
    rounded = [draws.rounded(2.3) for _ in range(MANY)]
    assert set(rounded) == {2, 3}
    assert abs(fmean(rounded) - 2.3) < 0.02


def test_every_one_is_picked() -> None:
    draws = Draws("pick")
    assert {draws.pick("abcdefgh") for _ in range(200)} == set("abcdefgh")
