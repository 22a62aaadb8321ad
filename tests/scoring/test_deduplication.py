"""What counts once: each rule of the shipped file on small sets, and the laws that hold for all of them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.duplicate_rules import read_counting
from scoring.deduplication import (
    DuplicateRule,
    DuplicateRules,
    KeptReview,
    Review,
    SharedKey,
    find_duplicates,
    rated_badness,
)
from scoring.scale import FIVE, Scale
from scoring.validity import ExclusionReason
from scoring.values import replace

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
SHIPPED = read_counting()
CLOSING, TICKET, SURVEY, CUSTOMER, CONTACT = SharedKey


def review(id_: str, source: str = "web", stars: int = 5, **more: Any) -> Review:  # noqa: ANN401 (fields of a Review)
    """Return a response of one customer to one ticket, with some of what it tells changed."""
    keys = {CLOSING: "desk/1/1", TICKET: "desk/1", SURVEY: "after_service", CUSTOMER: "mei", CONTACT: ""}
    keys |= more.pop("keys", {})
    kept = {"period": "2026-11", "given_at": NOON + timedelta(minutes=int(more.pop("minute", 0))), **more}
    return Review(id_, source, badness=Fraction(stars - 1, 4), keys=keys, **kept)


def other(number: int, **more: str) -> dict[SharedKey, str]:
    """Return the keys of another ticket."""
    about = {CLOSING: f"desk/{number}/1", TICKET: f"desk/{number}"}
    return about | {SharedKey(name): value for name, value in more.items()}


def told(*reviews: Review, rules: DuplicateRules = SHIPPED) -> dict[str, tuple[str, str]]:
    return {one: (found.rule.name, found.of) for one, found in find_duplicates(reviews, rules).items()}


INSTALL: dict[str, Any] = {"services": frozenset({"安装"})}
REPAIR: dict[str, Any] = {"services": frozenset({"repair", "x"})}


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        pytest.param([review("a")], {}, id="one"),
        pytest.param(
            [review("a", "paper", **INSTALL), review("b", "wechat", minute=9, **INSTALL)],
            {"a": ("installation_offline", "b")},
            id="an installation's offline record is dropped, whichever came first",
        ),
        pytest.param(
            [review("a", "phone", keys={SURVEY: "s"}, **INSTALL), review("b", "paper", **INSTALL)],
            {},
            id="two offline records of an installation stand",
        ),
        pytest.param(
            [review("a", "paper"), review("b", "web", minute=1)],
            {"a": ("answered_twice", "b")},
            id="the web before paper",
        ),
        pytest.param(
            [review("a", "phone", minute=2), review("b", "phone", minute=1)],
            {"a": ("answered_twice", "b")},
            id="of one source the first",
        ),
        pytest.param([review("a"), review("b", keys={SURVEY: "nps"})], {}, id="another survey is another answer"),
        pytest.param(
            [review("a", "sms", 1), review("b", "web", 2, keys={SURVEY: "nps"})],
            {"a": ("bad_on_other_ways", "b")},
            id="a bad review by text message goes behind one of the web",
        ),
        pytest.param(
            [review("a", "sms", 1), review("b", "web", 5, keys={SURVEY: "nps"})], {}, id="a good one doubles no bad one"
        ),
        pytest.param(
            [
                review("a", stars=2, keys={CONTACT: "home"}, **REPAIR),
                review("b", stars=1, keys=other(2, contact="home", customer="wang"), **REPAIR),
                review("c", stars=5, keys=other(3, contact="home", customer="wang"), **REPAIR),
                review("d", stars=1, keys=other(4, contact="away", customer="li"), **REPAIR),
            ],
            {"a": ("repair_same_home", "b")},
            id="repairs of one home: the worst counts, under whatever customer",
        ),
        pytest.param(
            [
                review("a", stars=1, keys={CONTACT: "home"}),
                review("b", stars=1, keys=other(2, contact="home", customer="li")),
            ],
            {},
            id="of other services two customers of a home are two",
        ),
        pytest.param(
            [review("a", stars=2), review("b", stars=1, keys=other(2)), review("c", stars=4, keys=other(3))],
            {"a": ("one_bad_review", "b")},
            id="one bad review for a customer",
        ),
        pytest.param(
            [review("a", stars=1), review("b", stars=1, keys=other(2), period="2026-12")], {}, id="each period its own"
        ),
        pytest.param(
            [
                review("a", "sms", 2),
                review("b", "web", 2, minute=1),
                review("c", "web", 1, keys=other(2)),
            ],
            {"a": ("answered_twice", "c"), "b": ("one_bad_review", "c")},
            id="what is dropped points at what counts in the end",
        ),
    ],
)
def test_what_the_shipped_rules_leave(reviews: list[Review], expected: dict[str, tuple[str, str]]) -> None:
    assert told(*reviews) == expected
    assert told(*reversed(reviews)) == expected


def test_a_rule_may_keep_the_earliest_instead_of_the_worst() -> None:
    rule = DuplicateRule("first", (CUSTOMER,), ExclusionReason.DUPLICATE_PERSON, bad_only=True)
    both = review("a", stars=1, minute=5), review("b", stars=2, keys=other(2))
    assert told(*both, rules=DuplicateRules(rules=(rule,))) == {"a": ("first", "b")}
    worst = replace(rule, then=KeptReview.WORST)
    assert told(*both, rules=DuplicateRules(rules=(worst,))) == {"b": ("first", "a")}


@pytest.mark.parametrize(
    ("values", "scale", "badness"),
    [
        ((1,), FIVE, 0),
        ((5, 5), FIVE, 1),
        ((2, 3), FIVE, Fraction(3, 8)),
        ((1, 10), Scale(1, 10), Fraction(1, 2)),
        ((), FIVE, None),
    ],
)
def test_badness_is_the_mean_as_a_share_of_the_scale(
    values: tuple[int, ...], scale: Scale, badness: Fraction | None
) -> None:
    assert rated_badness(values, scale) == badness


reviews = st.lists(
    st.builds(
        lambda number, source, stars, ticket, customer, contact, survey, minute, service, period: Review(
            f"r{number}",
            source,
            period,
            {CLOSING: ticket and f"{ticket}/1", TICKET: ticket, SURVEY: survey, CUSTOMER: customer, CONTACT: contact},
            Fraction(stars - 1, 4),
            NOON + timedelta(minutes=minute),
            frozenset({service}),
        ),
        st.integers(0, 99),
        st.sampled_from(["web", "sms", "telegram", "wechat", "phone", "paper", "onsite", "platform"]),
        st.integers(1, 5),
        st.sampled_from(["", "t1", "t2", "t3"]),
        st.sampled_from(["mei", "li", "wang"]),
        st.sampled_from(["", "home", "away"]),
        st.sampled_from(["a", "b"]),
        st.integers(0, 3),
        st.sampled_from(["安装", "repair", ""]),
        st.sampled_from(["2026-11", "2026-12"]),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(reviews, st.randoms(use_true_random=False))
def test_the_order_in_which_they_came_changes_nothing(given: list[Review], random: Any) -> None:  # noqa: ANN401 (Hypothesis's)
    shuffled = list(given)
    random.shuffle(shuffled)
    assert find_duplicates(shuffled, SHIPPED) == find_duplicates(given, SHIPPED)


@given(reviews)
def test_raw_is_counted_and_excluded_and_what_is_pointed_at_counts(given: list[Review]) -> None:
    found = find_duplicates(given, SHIPPED)
    counted = {one.id for one in given} - found.keys()
    assert len(counted) + len(found) == len(given)
    assert {each.of for each in found.values()} <= counted


@given(reviews)
def test_what_counts_stands_when_it_is_looked_at_again(given: list[Review]) -> None:
    found = find_duplicates(given, SHIPPED)
    assert find_duplicates([one for one in given if one.id not in found], SHIPPED) == {}


@given(reviews, st.integers(1, 5))
def test_an_unrelated_response_brings_nothing_back(given: list[Review], stars: int) -> None:
    stranger = review("stranger", stars=stars, keys=other(99, customer="nobody", survey="none"))
    assert find_duplicates([*given, stranger], SHIPPED) == find_duplicates(given, SHIPPED)


@given(reviews)
def test_good_reviews_are_dropped_only_where_the_same_was_said_about_the_same_ticket(given: list[Review]) -> None:
    by_id = {one.id: one for one in given}
    for id_, found in find_duplicates(given, SHIPPED).items():
        if by_id[id_].badness > Fraction(1, 4):
            assert by_id[id_].keys[TICKET]
            assert found.rule.name in {"installation_offline", "answered_twice"}
