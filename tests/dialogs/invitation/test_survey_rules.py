"""Rules decide in their order, the same for the same ticket, and nobody's dice have a say."""

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.invitation.model import InvitationReason
from dialogs.invitation.rule_overlaps import MOST_COMBINATIONS, coverers, overlaps, unclear
from dialogs.invitation.survey_rules import FIELDS, AskLimit, RuleBook, RuleFacts, RulingReason, SurveyRule, fits
from scoring.values import replace
from tests.support.examples import tries

NORTH = SurveyRule("north", teams=("north",), survey="ten_point", delay=timedelta(hours=2))
VIPS = SurveyRule("vips", tiers=("vip",), tags=("vip",))
EVERYBODY = SurveyRule("everybody")


def facts(ticket: str = "1", *, asked_before: bool = False, **said: Any) -> RuleFacts:  # noqa: ANN401 (fields of Facts)
    return replace(RuleFacts("desk", ticket, 1, asked_before=asked_before), **said)


def many(rule: SurveyRule, count: int = 2000) -> list[RulingReason]:
    book = RuleBook((rule,))
    return [book.ruling(facts(str(number))).why for number in range(count)]


def test_the_first_rule_that_fits_decides_and_says_so() -> None:
    ruling = RuleBook((VIPS, NORTH, EVERYBODY)).ruling(facts(team="north"))
    assert (ruling.rule, ruling.survey, ruling.delay) == ("north", "ten_point", timedelta(hours=2))
    assert (ruling.why, ruling.reason) == (RulingReason.ASKS, None)
    assert [(step.rule, step.fits) for step in ruling.steps] == [("vips", False), ("north", True)]


def test_a_check_tells_what_was_wanted_and_what_was_found() -> None:
    (step,) = RuleBook((VIPS,)).ruling(replace(facts(tier="vip"), tags=("loud", "late"))).steps
    assert [(check.field, check.wanted, check.found, check.fits) for check in step.checks] == [
        ("tiers", ("vip",), ("vip",), True),
        ("tags", ("vip",), ("loud", "late"), False),
    ]


def test_where_no_rule_fits_the_settings_decide() -> None:
    ruling = RuleBook((NORTH,)).ruling(facts(team="south"))
    assert (ruling.rule, ruling.why, ruling.survey, ruling.delay, ruling.reason) == (
        "",
        RulingReason.NO_RULE,
        "",
        None,
        None,
    )


def test_one_of_several_values_is_enough_and_every_field_has_to_fit() -> None:
    rule = SurveyRule("both", teams=("north", "south"), tags=("a", "b"))
    assert fits(rule, replace(facts(team="south"), tags=("x", "b")))
    assert not fits(rule, replace(facts(team="west"), tags=("a",)))
    assert not fits(rule, replace(facts(team="north"), tags=("x",)))


@pytest.mark.parametrize(
    ("glob", "customer", "does"),
    [
        ("test-*", "test-17", True),
        ("test-*", "Test-17", False),
        ("*@example.com", "mei@example.com", True),
        ("c-1", "c-10", False),
        ("c[1]?", "c[1]?", True),
        ("c[1]?", "c11", False),
        ("*", "", True),
    ],
)
def test_customers_are_told_by_their_ids_with_a_star_for_any_letters(glob: str, customer: str, does: bool) -> None:  # noqa: FBT001 (a table)
    assert fits(SurveyRule("test", customers=(glob,)), facts(customer=customer)) is does


def test_a_rule_that_does_not_ask_excludes() -> None:
    ruling = RuleBook((SurveyRule("internal", tags=("internal",), ask=False),)).ruling(
        replace(facts(), tags=("internal",))
    )
    assert (ruling.why, ruling.reason) == (RulingReason.EXCLUDES, InvitationReason.EXCLUDED)


def test_a_ticket_asked_about_before_is_excluded_where_it_is_asked_about_once() -> None:
    once = RuleBook((SurveyRule("once", once=AskLimit.TICKET),))
    assert once.ruling(facts()).why is RulingReason.ASKS
    again = once.ruling(facts(asked_before=True))
    assert (again.why, again.reason) == (RulingReason.ASKED_BEFORE, InvitationReason.EXCLUDED)
    assert RuleBook((EVERYBODY,)).ruling(facts(asked_before=True)).why is RulingReason.ASKS


@tries(10)
@given(name=st.text(min_size=1, max_size=12), sample=st.integers(2, 20))
def test_one_in_so_many_is_asked_and_the_same_ones_again(name: str, sample: int) -> None:
    rule = SurveyRule(name, sample=sample)
    decided = many(rule)
    share = decided.count(RulingReason.ASKS) / len(decided)
    deviation = (1 / sample * (1 - 1 / sample) / len(decided)) ** 0.5
    assert abs(share - 1 / sample) < 5 * deviation
    assert set(decided) == {RulingReason.ASKS, RulingReason.SAMPLED_OUT}
    assert decided == many(rule)


@tries(10)
@given(name=st.text(min_size=1, max_size=12), share=st.floats(0, 1))
def test_a_pilot_takes_its_share_and_keeps_whom_it_has_when_it_grows(name: str, share: float) -> None:
    small, large = (many(SurveyRule(name, pilot=size)) for size in (share, share + (1 - share) / 2))
    deviation = (share * (1 - share) / len(small)) ** 0.5
    assert abs(small.count(RulingReason.ASKS) / len(small) - share) <= 5 * deviation + 0.002
    assert all(later is RulingReason.ASKS for now, later in zip(small, large, strict=True) if now is RulingReason.ASKS)


def test_a_pilot_of_all_is_everybody_and_of_nothing_is_nobody() -> None:
    assert set(many(SurveyRule("all", pilot=1.0))) == {RulingReason.ASKS}
    assert set(many(SurveyRule("none", pilot=0.0))) == {RulingReason.OUTSIDE_PILOT}


def test_closings_of_one_ticket_are_drawn_anew_unless_the_ticket_is_asked_about_once() -> None:
    def drawn(once: AskLimit) -> set[RulingReason]:
        book = RuleBook((SurveyRule("half", sample=2, once=once),))
        return {book.ruling(replace(facts(), closing=closing)).why for closing in range(1, 30)}

    assert drawn(AskLimit.CLOSING) == {RulingReason.ASKS, RulingReason.SAMPLED_OUT}
    assert len(drawn(AskLimit.TICKET)) == 1


# -- rules that get into each other's way ------------------------------------------------------------------------


def test_rules_together_may_leave_nothing_to_a_later_one() -> None:
    earlier = [
        SurveyRule("n", teams=("north",)),
        SurveyRule("s1", teams=("south",), products=("a",)),
        SurveyRule("s2", teams=("south",), products=("b",)),
    ]
    both = SurveyRule("both", teams=("north", "south"), products=("a", "b"))
    assert coverers(both, earlier) == ["n", "s1", "s2"]
    assert coverers(replace(both, products=("a", "c")), earlier) == []
    assert coverers(replace(both, products=()), earlier) == []


def test_a_rule_about_many_combinations_is_only_held_against_single_rules() -> None:
    values = tuple(map(str, range(150)))
    wide = SurveyRule("wide", teams=values, products=values)
    assert len(values) ** 2 > MOST_COMBINATIONS
    assert coverers(wide, [SurveyRule("all", teams=(*values, "x"))]) == ["all"]
    assert coverers(wide, [SurveyRule("some", teams=values[:-1])]) == []


def test_it_is_unclear_which_of_two_rules_decides_when_neither_is_narrower() -> None:
    assert unclear(NORTH, VIPS)
    assert not unclear(NORTH, EVERYBODY)
    assert not unclear(EVERYBODY, NORTH)
    assert not unclear(NORTH, SurveyRule("south", teams=("south",), products=("a",)))


def test_two_rules_that_both_ask_nobody_do_not_get_into_each_others_way() -> None:
    assert not unclear(replace(NORTH, ask=False), replace(VIPS, ask=False))
    assert unclear(replace(NORTH, ask=False), VIPS)


_WORDS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
_GLOBS = st.lists(st.text("ab*", min_size=1, max_size=4), max_size=2, unique=True).map(tuple)
_RULES = st.builds(SurveyRule, name=st.just("r"), teams=_WORDS, tags=_WORDS, customers=_GLOBS)
_FACTS = st.builds(
    RuleFacts,
    source=st.just("desk"),
    ticket=st.just("1"),
    closing=st.just(1),
    team=st.sampled_from(["a", "b", "c", "d"]),
    tags=st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3, unique=True).map(tuple),
    customer=st.text("ab", max_size=5),
)


@tries(200)
@given(rule=_RULES, earlier=st.lists(_RULES, max_size=3), closing=_FACTS)
def test_a_rule_called_covered_never_decides(rule: SurveyRule, earlier: list[SurveyRule], closing: RuleFacts) -> None:
    if coverers(rule, earlier) and fits(rule, closing):
        assert any(fits(other, closing) for other in earlier)


@tries(200)
@given(one=_RULES, other=_RULES, closing=_FACTS)
def test_rules_that_fit_one_ticket_overlap(one: SurveyRule, other: SurveyRule, closing: RuleFacts) -> None:
    assert overlaps(one, other) == overlaps(other, one)
    if fits(one, closing) and fits(other, closing):
        assert overlaps(one, other)


@tries(200)
@given(one=st.text("ab*", min_size=1, max_size=4), other=st.text("ab*", min_size=1, max_size=4))
def test_patterns_overlap_exactly_when_some_id_fits_both(one: str, other: str) -> None:
    ids = [one.replace("*", filled) for filled in ("", "a", "b", "ab", "ba", "aab", "bba", "abab")]
    rules = SurveyRule("one", customers=(one,)), SurveyRule("other", customers=(other,))
    if any(fnmatchcase(each, other) for each in ids):
        assert overlaps(*rules)
    if not overlaps(*rules):
        assert not any(fnmatchcase(each, other) for each in ids)


def test_every_field_can_be_looked_at() -> None:
    said = RuleFacts("source", "1", 1, "customer", "team", "category", "product", "agent", "channel", "tier", ("tag",))
    for field in FIELDS:
        assert said.of(field)[0] in field or field == "categories"
