"""Who is worth a call: important customers who were served, and those who complain often."""

from datetime import UTC, datetime, timedelta

import pytest

from scoring.values import replace
from scoring.worth_call import CallCandidate, CallReason, CallRule, worth_a_call

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULE = CallRule(("vip",), 3, 90 * DAY)
NOBODY = CallCandidate(
    customer="mei",
    name="梅",
    tier="",
    has_phone=True,
    is_opted_out=False,
    complaints=0,
    complained_at=None,
    closed_at=None,
    called_at=None,
)
SERVED = replace(NOBODY, tier="VIP", closed_at=NOON)
ANGRY = replace(NOBODY, customer="li", complaints=3, complained_at=NOON)


def reasons(one: CallCandidate, rule: CallRule = RULE) -> list[CallReason]:
    return [reason for found in worth_a_call([one], rule) for reason in found.reasons]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (NOBODY, []),
        (SERVED, [CallReason.TIER]),
        (replace(SERVED, tier="gold"), []),
        (replace(SERVED, closed_at=None), []),
        (ANGRY, [CallReason.COMPLAINTS]),
        (replace(ANGRY, complaints=2), []),
        (replace(ANGRY, tier="vip", closed_at=NOON), [CallReason.COMPLAINTS, CallReason.TIER]),
        (replace(SERVED, is_opted_out=True), [CallReason.TIER]),
        (replace(SERVED, has_phone=False), [CallReason.TIER]),
    ],
)
def test_important_customers_and_those_who_complain_often_are_worth_a_call(
    one: CallCandidate, expected: list[CallReason]
) -> None:
    assert reasons(one) == expected


def test_whoever_was_called_since_is_not_called_again() -> None:
    assert reasons(replace(SERVED, called_at=NOON + DAY)) == []
    assert reasons(replace(SERVED, called_at=NOON - DAY)) == [CallReason.TIER]
    both = replace(ANGRY, tier="vip", closed_at=NOON + 2 * DAY, called_at=NOON + DAY)
    assert reasons(both) == [CallReason.TIER]


def test_without_a_number_of_complaints_or_tiers_nobody_is_called_for_them() -> None:
    assert reasons(ANGRY, replace(RULE, complaints=0)) == []
    assert reasons(SERVED, replace(RULE, tiers=())) == []


def test_most_complaints_come_first_then_the_latest() -> None:
    four = replace(ANGRY, customer="zhou", complaints=4)
    late = replace(SERVED, customer="wu", closed_at=NOON + DAY)
    found = worth_a_call([SERVED, late, ANGRY, four], RULE)
    assert [one.candidate.customer for one in found] == ["zhou", "li", "wu", "mei"]
    assert [one.since for one in found] == [NOON, NOON, NOON + DAY, NOON]
