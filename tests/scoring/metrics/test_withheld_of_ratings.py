"""What is withheld of ratings where one more cut is asked for: it comes last, and is itself withheld first."""

from collections.abc import Iterator
from itertools import product
from random import Random  # noqa: TID251 (companies, always the same by their seed)

import pytest

from scoring.metrics.catalogue import METRIC_KEYS, MetricSource
from scoring.metrics.facts import RatingCount
from scoring.metrics.summary import withheld_of_ratings
from scoring.scale import Scale

KEYS = dict.fromkeys(METRIC_KEYS[MetricSource.RATINGS], "")
CUTS = [(), ("team",), ("product",), ("team", "question"), ("product", "question"), ("question",)]


def count(n: int, **keys: str) -> RatingCount:
    question = {"question": "attitude", "dimension": "attitude", "survey": "after_service"}
    return RatingCount({**KEYS, **question, **keys}, Scale(1, 5), 4, n)


def company(seed: int) -> Iterator[RatingCount]:
    draw = Random(seed)  # noqa: S311 (no secrets)
    for team, sold, tagged in product("abc", "xy", ("yes", "no")):
        yield count(draw.choice((0, 1, 3, 6, 12)), team=team, product=sold, tagged=tagged)


def test_of_a_further_cut_few_people_are_withheld_and_so_are_the_others_beside_them() -> None:
    hidden = withheld_of_ratings([count(20, tagged="no"), count(3, tagged="yes")], ("tagged",))
    assert hidden(("tagged",)) == {("yes",), ("no",)}
    assert hidden(()) == set()


def test_a_further_cut_may_be_within_a_known_one() -> None:
    ratings = [count(20, team="a", tagged="no"), count(3, team="a", tagged="yes"), count(9, team="b", tagged="yes")]
    hidden = withheld_of_ratings(ratings, ("team", "tagged"))
    assert hidden(("team", "tagged")) == {("a", "no"), ("a", "yes")}
    assert hidden(("team",)) == set()


def test_a_further_cut_with_one_value_everywhere_divides_nothing() -> None:
    hidden = withheld_of_ratings([count(20, team="a", tagged="no"), count(9, team="b", tagged="no")], ("tagged",))
    assert (hidden(("tagged",)), hidden(("team",))) == (set(), set())


@pytest.mark.parametrize("seed", range(30))
def test_on_account_of_a_further_cut_nothing_else_is_withheld(seed: int) -> None:
    ratings = list(company(seed))
    for further in (("tagged",), ("team", "tagged")):
        plain, more = withheld_of_ratings(ratings), withheld_of_ratings(ratings, further)
        assert [more(cut) for cut in CUTS] == [plain(cut) for cut in CUTS]


@pytest.mark.parametrize("seed", range(30))
def test_no_total_less_the_cells_of_a_further_cut_comes_from_fewer_than_five(seed: int) -> None:
    ratings = list(company(seed))
    hidden = withheld_of_ratings(ratings, ("tagged",))
    sizes = {tag: sum(one.n for one in ratings if one.keys["tagged"] == tag) for tag in ("yes", "no")}
    shown = {tag: n for tag, n in sizes.items() if (tag,) not in hidden(("tagged",))}
    assert all(n == 0 or n >= 5 for n in shown.values())
    if not hidden(()):
        rest = sum(sizes.values()) - sum(shown.values())
        assert rest == 0 or rest >= 5
