"""Bands instead of ranks: shares are drawn towards the common one, by as much as people are alike."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.honesty.bands import Band, standings
from scoring.honesty.intervals import wilson

SHARES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=12,
)


def test_one_alone_is_compared_with_nobody() -> None:
    assert standings({"li": (50, 60)}) == {}
    assert standings({}) == {}


def test_where_all_are_alike_everybody_is_drawn_to_the_common_share() -> None:
    found = standings({"a": (27, 30), "b": (45, 50), "c": (36, 40)})
    assert {one.shrunken for one in found.values()} == {Fraction(9, 10)}
    assert {one.band for one in found.values()} == {Band.WITHIN}


def test_those_who_differ_keep_their_own_shares_nearly() -> None:
    found = standings({"good": (990, 1000), "bad": (500, 1000)})
    assert (found["good"].band, found["bad"].band) == (Band.ABOVE, Band.BELOW)
    assert found["good"].pseudo == 10
    assert Fraction(98, 100) < found["good"].shrunken < Fraction(99, 100)


@given(SHARES)
def test_a_value_lies_between_its_own_share_and_the_common_one(shares: dict[str, tuple[int, int]]) -> None:
    for name, one in standings(shares).items():
        k, n = shares[name]
        own = Fraction(k, n)
        assert min(own, one.common) <= one.shrunken <= max(own, one.common)
        assert one.low - 1e-9 <= one.shrunken <= one.high + 1e-9
        assert one.pseudo >= 10 or one.pseudo == sum(n for _, n in shares.values())


@given(SHARES)
def test_nobody_with_fewer_answers_wins_by_the_same_share(shares: dict[str, tuple[int, int]]) -> None:
    doubled = {**shares, "few": (4, 5), "many": (80, 100)}
    found = standings(doubled)
    distance = {name: abs(found[name].shrunken - found[name].common) for name in ("few", "many")}
    assert distance["few"] <= distance["many"]


@given(SHARES)
def test_one_success_more_raises_the_common_share_and_a_value_is_drawn_towards_that(
    shares: dict[str, tuple[int, int]],
) -> None:
    name = min(shares)
    k, n = shares[name]
    if k < n:
        before, after = standings(shares)[name], standings({**shares, name: (k + 1, n)})[name]
        assert after.common > before.common
        assert (k + 1 + after.pseudo * after.common) / (n + after.pseudo) == after.shrunken
        assert list(wilson((k + 1) + after.pseudo * after.common, n + after.pseudo)) == [after.low, after.high]
