"""Laws of what is told of changes: nothing is told of nothing, every rating is told once, and the way back is one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from scoring.metrics.catalogue import METRIC_KEYS, MetricSource
from scoring.metrics.fact_changes import ChangeKind, FactTally, fact_changes, facts_digest, tally_facts
from scoring.metrics.facts import Facts, RatingCount
from scoring.scale import FIVE

NO_KEYS = dict.fromkeys(METRIC_KEYS[MetricSource.RATINGS], "")
RATING = st.builds(
    lambda team, tier, question, value, excluded, n: RatingCount(
        NO_KEYS | {"team": team, "tier": tier, "survey": "s", "question": question},
        FIVE,
        value,
        n,
        excluded,
    ),
    st.sampled_from(["north", "south"]),
    st.sampled_from(["", "gold"]),
    st.sampled_from(["care", "speed"]),
    st.integers(1, 5),
    st.sampled_from(["", "", "", "unfinished", "malicious", "test"]),
    st.integers(1, 4),
)
RATINGS = st.lists(RATING, max_size=12)
BY = st.sampled_from([(), ("team",), ("tier",), ("team", "tier")])
COMES = (ChangeKind.LATE, ChangeKind.UNFINISHED)


def tally(ratings: list[RatingCount], by: tuple[str, ...]) -> FactTally:
    return tally_facts(Facts(tuple(ratings)), by)


def given_in_all(found: FactTally) -> int:
    return sum(n for _, n in found.ratings)


@given(RATINGS, BY)
def test_nothing_is_told_of_what_is_the_same(ratings: list[RatingCount], by: tuple[str, ...]) -> None:
    assert fact_changes(tally(ratings, by), tally(ratings[::-1], by)) == ()


@given(RATINGS, RATINGS, BY)
def test_something_is_told_of_whatever_differs(
    before: list[RatingCount], now: list[RatingCount], by: tuple[str, ...]
) -> None:
    one, other = tally(before, by), tally(now, by)
    found = fact_changes(one, other)
    assert bool(found) == (Counter(dict(one.ratings)) != Counter(dict(other.ratings)))
    assert all(change.n > 0 for change in found)


@given(RATINGS, RATINGS, BY)
def test_what_has_come_without_what_is_gone_is_the_difference_of_all(
    before: list[RatingCount], now: list[RatingCount], by: tuple[str, ...]
) -> None:
    one, other = tally(before, by), tally(now, by)
    counts = Counter[ChangeKind]()
    for change in fact_changes(one, other):
        counts[change.kind] += change.n
    grown = given_in_all(other) - given_in_all(one)
    most = sum(counts[kind] for kind in COMES)
    assert -counts[ChangeKind.TAKEN_BACK] <= grown <= most


@given(RATINGS, st.integers(1, 9))
def test_answers_that_only_come_are_told_to_the_last_one(ratings: list[RatingCount], n: int) -> None:
    late = RatingCount(NO_KEYS | {"team": "west", "survey": "s", "question": "care"}, FIVE, 5, n)
    (change,) = fact_changes(tally(ratings, ("team",)), tally([*ratings, late], ("team",)))
    assert (change.kind, change.n, change.reason) == (ChangeKind.LATE, n, "")


@given(RATINGS, RATINGS)
def test_digests_are_equal_where_the_counts_are(before: list[RatingCount], now: list[RatingCount]) -> None:
    keys = ("team", "tier", "survey", "question")
    counts = [Counter(dict(tally(each, keys).ratings)) for each in (before, now)]
    digests = [facts_digest(Facts(tuple(each))) for each in (before, now)]
    assert (digests[0] == digests[1]) == (counts[0] == counts[1])


@given(RATINGS)
def test_a_tally_names_nothing_but_its_keys(ratings: list[RatingCount]) -> None:
    found = tally(ratings, ("team",))
    assert all(len(cell) == len(found.keys) + 3 for cell, _ in found.ratings)
    assert given_in_all(found) == sum(one.n for one in ratings)
